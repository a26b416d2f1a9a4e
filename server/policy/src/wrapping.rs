//! For how long an answer must be wrapped.

use std::time::Duration;

/// The shortest and the longest time that a wrapped answer may wait; zero is no limit. With either limit an answer that
/// is not wrapped is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wrapping {
    pub(crate) min: Duration,
    pub(crate) max: Duration,
}

impl Wrapping {
    /// What two rules for one path come to: the shorter of the limits, which is how Vault merges them, even where no
    /// time is left then.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            min: shorter(self.min, other.min),
            max: shorter(self.max, other.max),
        }
    }

    /// Whether an answer may wait so long; `None` is an answer that is not wrapped.
    pub(crate) fn allows(self, ttl: Option<Duration>) -> bool {
        if self.min.is_zero() && self.max.is_zero() {
            return true;
        }
        ttl.is_some_and(|ttl| !ttl.is_zero() && ttl >= self.min && (self.max.is_zero() || ttl <= self.max))
    }
}

fn shorter(one: Duration, other: Duration) -> Duration {
    match (one.is_zero(), other.is_zero()) {
        (true, _) => other,
        (_, true) => one,
        _ => one.min(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(limits: &[(u64, u64)], asked: Option<u64>, expected: bool) {
        let merged = limits.iter().fold(Wrapping::default(), |all, (min, max)| {
            all.and(Wrapping {
                min: Duration::from_secs(*min),
                max: Duration::from_secs(*max),
            })
        });
        assert_eq!(
            merged.allows(asked.map(Duration::from_secs)),
            expected,
            "{limits:?}, {asked:?}"
        );
    }

    #[test]
    fn with_a_limit_an_answer_must_be_wrapped() {
        check(&[], None, true);
        check(&[(0, 0)], Some(9), true);
        check(&[(0, 9)], None, false);
        check(&[(5, 0)], Some(0), false);
        check(&[(5, 9)], Some(4), false);
        check(&[(5, 9)], Some(5), true);
        check(&[(5, 9)], Some(9), true);
        check(&[(5, 9)], Some(10), false);
    }

    #[test]
    fn the_shorter_limits_count() {
        check(&[(0, 0), (60, 120)], Some(90), true);
        check(&[(10, 0), (60, 0)], Some(20), true);
        check(&[(0, 30), (0, 90)], Some(40), false);
        check(&[(60, 0), (0, 30)], Some(60), false);
    }
}
