//! Passwords for credentials.

use logical::secret::SecretText;
use logical::{Error, Random, Result};

const LENGTH: usize = 20;
const CHARACTERS: &[u8; 63] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";

/// Makes a password by a policy's name; without one by Vault's built-in rules: twenty characters, of which one at least
/// is a small letter, one a capital, one a digit and one a dash. 119 bits before that rule, hardly fewer after it.
pub(crate) fn generate(policy: Option<&str>, random: &dyn Random) -> Result<SecretText> {
    if let Some(name) = policy {
        return Err(Error::invalid(format!("password policy {name:?} does not exist")));
    }
    loop {
        let password = draw(random);
        // Drawing again keeps every password that fits the rule equally likely.
        if fits(password.expose()) {
            return Ok(password);
        }
    }
}

fn draw(random: &dyn Random) -> SecretText {
    let mut text = String::with_capacity(LENGTH);
    let mut byte = [0_u8];
    while text.len() < LENGTH {
        random.fill(&mut byte);
        // 252 is the largest multiple of 63 that a byte can hold.
        let drawn = byte
            .iter()
            .find(|b| **b < 252)
            .and_then(|b| CHARACTERS.get(usize::from(b % 63)));
        text.extend(drawn.map(|b| char::from(*b)));
    }
    SecretText::new(text)
}

fn fits(password: &str) -> bool {
    let has = |kind: fn(char) -> bool| password.chars().any(kind);
    has(|c| c.is_ascii_lowercase())
        && has(|c| c.is_ascii_uppercase())
        && has(|c| c.is_ascii_digit())
        && has(|c| c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;
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

    #[test]
    fn a_password_has_all_four_kinds_of_characters() {
        let random = Seeded(AtomicU64::new(7));
        for _ in 0..1000 {
            let password = generate(None, &random).unwrap();
            assert!(fits(password.expose()) && password.expose().len() == LENGTH);
        }
    }
}
