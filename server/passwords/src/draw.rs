//! Drawing passwords.

use logical::Random;
use logical::secret::SecretText;

use crate::PasswordPolicy;

/// Passwords that are drawn freely before the rules are fulfilled by placing. Usual policies need two or three.
const DRAWS_MAX: usize = 32;
/// Bytes of the longest character.
const CHARACTER_MAX: usize = 4;

impl PasswordPolicy {
    /// Makes a password.
    ///
    /// Drawing again until one follows the rules keeps every such password equally likely. Rules that chance hardly
    /// ever fulfils are fulfilled by placing: as many characters of each set as it wants, at places that are drawn.
    pub fn generate(&self, random: &dyn Random) -> SecretText {
        let free = vec![self.all.as_slice(); self.length];
        for _ in 0..DRAWS_MAX {
            let password = spelled(&free, random);
            if self.follows(password.expose()) {
                return password;
            }
        }
        spelled(&self.placed(random), random)
    }

    fn follows(&self, password: &str) -> bool {
        self.rules.iter().all(|rule| {
            let of_the_set = password.chars().filter(|c| rule.characters.contains(c));
            of_the_set.count() >= rule.at_least
        })
    }

    /// From which set each character comes. Not one character of the password is drawn yet.
    fn placed(&self, random: &dyn Random) -> Vec<&[char]> {
        let wanted = self
            .rules
            .iter()
            .flat_map(|rule| std::iter::repeat_n(rule.characters.as_slice(), rule.at_least));
        let free = std::iter::repeat(self.all.as_slice());
        let mut places: Vec<&[char]> = wanted.chain(free).take(self.length).collect();
        for last in (1..places.len()).rev() {
            places.swap(last, below(last + 1, random));
        }
        places
    }
}

fn spelled(places: &[&[char]], random: &dyn Random) -> SecretText {
    // Room for all of it: a text that grows leaves a copy behind.
    let mut text = String::with_capacity(places.len() * CHARACTER_MAX);
    text.extend(
        places
            .iter()
            .filter_map(|set| set.get(below(set.len(), random)).copied()),
    );
    SecretText::new(text)
}

/// A number below a bound, each equally likely.
fn below(bound: usize, random: &dyn Random) -> usize {
    let bound = u32::try_from(bound).unwrap_or(u32::MAX).max(1);
    let fair = u32::MAX - u32::MAX % bound;
    loop {
        let mut bytes = [0; 4];
        random.fill(&mut bytes);
        let drawn = u32::from_be_bytes(bytes);
        if drawn < fair {
            return usize::try_from(drawn % bound).unwrap_or(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::sync::atomic::{AtomicU64, Ordering};

    /// A small generator with a fixed seed: good enough to draw many passwords.
    struct Seeded(AtomicU64);

    impl Random for Seeded {
        fn fill(&self, bytes: &mut [u8]) {
            for byte in bytes {
                let next = self
                    .0
                    .load(Ordering::Relaxed)
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                self.0.store(next, Ordering::Relaxed);
                *byte = next.to_be_bytes()[0];
            }
        }
    }

    fn seeded() -> Seeded {
        Seeded(AtomicU64::new(7))
    }

    #[test]
    fn a_password_follows_the_built_in_rules() {
        let (policy, random) = (PasswordPolicy::default(), seeded());
        for _ in 0..1000 {
            let password = policy.generate(&random);
            assert!(policy.follows(password.expose()));
            assert_eq!(password.expose().chars().count(), 20);
        }
    }

    #[test]
    fn rules_that_chance_never_fulfils_are_followed() {
        let text = r#"length = 100
            rule "charset" { charset = "abcdefghijklmnopqrstuvwxyz" min-chars = 10 }
            rule "charset" { charset = "19ä" min-chars = 90 }"#;
        let (policy, random) = (PasswordPolicy::parse(text).unwrap(), seeded());
        let mut first = BTreeSet::new();
        for _ in 0..50 {
            let password = policy.generate(&random);
            assert!(policy.follows(password.expose()));
            assert_eq!(password.expose().chars().count(), 100);
            first.insert(password.expose().chars().next().unwrap().is_alphabetic());
        }
        assert_eq!(first.len(), 2, "the sets do not keep their places");
    }

    #[test]
    fn each_number_below_a_bound_is_drawn_about_as_often() {
        let random = seeded();
        let mut drawn = [0_u32; 10];
        for _ in 0..10_000 {
            drawn[below(10, &random)] += 1;
        }
        assert!(drawn.iter().all(|times| (800..1200).contains(times)), "{drawn:?}");
    }
}
