//! How long a token or a credential lives: Vault's rules, in one place for both.

use crate::Time;
use crate::field::format_duration;
use std::time::Duration;

/// What decides about a life. `None` and zero mean that nobody asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lifetime {
    /// The wish of who asks now.
    pub asked: Option<Duration>,
    /// The wish of the role.
    pub role: Option<Duration>,
    /// The longest life that the role allows, renewals included.
    pub role_max: Option<Duration>,
    /// A life that starts anew with each renewal.
    pub period: Option<Duration>,
    /// The longest life, which no period outlives.
    pub explicit_max: Option<Duration>,
    /// The mount's default.
    pub mount_default: Duration,
    /// The mount's maximum.
    pub mount_max: Duration,
}

/// A life that was granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// From now on.
    pub ttl: Duration,
    /// What the client should know of it.
    pub warnings: Vec<String>,
}

impl Lifetime {
    /// Decides, for something that was made at `issued`; `None` if its longest life is over already.
    pub fn grant(&self, issued: Time, now: Time) -> Option<Grant> {
        let mut warnings = Vec::new();
        let some = |wish: Option<Duration>| wish.filter(|wish| !wish.is_zero());
        let explicit = some(self.explicit_max);
        let (wish, longest) = match some(self.period) {
            Some(period) if period > self.mount_max => {
                warnings.push(format!(
                    "period of {:?} exceeded the effective max_ttl of {:?}; period value is capped accordingly",
                    format_duration(period),
                    format_duration(self.mount_max)
                ));
                (self.mount_max, explicit)
            }
            Some(period) => (period, explicit),
            None => {
                let wish = some(self.asked).or(some(self.role)).unwrap_or(self.mount_default);
                let longest = [some(self.role_max), explicit]
                    .into_iter()
                    .flatten()
                    .fold(self.mount_max, Duration::min);
                (wish, Some(longest))
            }
        };
        let left = match longest {
            Some(longest) => longest.checked_sub(since(issued, now))?,
            None => Duration::MAX,
        };
        if wish > left {
            warnings.push(format!(
                "TTL of {:?} exceeded the effective max_ttl of {:?}; TTL value is capped accordingly",
                format_duration(wish),
                format_duration(left)
            ));
        }
        Some(Grant {
            ttl: wish.min(left),
            warnings,
        })
    }
}

/// How long ago something was, in whole seconds; zero for the future.
fn since(then: Time, now: Time) -> Duration {
    Duration::from_secs(u64::try_from(now.as_second() - then.as_second()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn check(lifetime: Lifetime, age: Duration, ttl: Option<Duration>, warned: bool) {
        let now = Time::from_second(1_764_000_000).unwrap();
        let lifetime = Lifetime {
            mount_default: 2 * HOUR,
            mount_max: 10 * HOUR,
            ..lifetime
        };
        let grant = lifetime.grant(now - age, now);
        assert_eq!(grant.as_ref().map(|g| g.ttl), ttl, "{lifetime:?}");
        assert_eq!(
            grant.is_some_and(|g| !g.warnings.is_empty()),
            warned,
            "{lifetime:?}"
        );
    }

    #[test]
    fn the_nearest_wish_counts_and_the_shortest_limit() {
        let none = Lifetime::default();
        check(none, Duration::ZERO, Some(2 * HOUR), false);
        check(
            Lifetime {
                role: Some(HOUR),
                ..none
            },
            Duration::ZERO,
            Some(HOUR),
            false,
        );
        check(
            Lifetime {
                role: Some(HOUR),
                asked: Some(3 * HOUR),
                ..none
            },
            Duration::ZERO,
            Some(3 * HOUR),
            false,
        );
        check(
            Lifetime {
                asked: Some(20 * HOUR),
                ..none
            },
            Duration::ZERO,
            Some(10 * HOUR),
            true,
        );
        check(
            Lifetime {
                role_max: Some(HOUR),
                ..none
            },
            Duration::ZERO,
            Some(HOUR),
            true,
        );
        check(
            Lifetime {
                explicit_max: Some(HOUR),
                ..none
            },
            HOUR / 2,
            Some(HOUR / 2),
            true,
        );
        check(none, 11 * HOUR, None, false);
    }

    #[test]
    fn a_period_outlives_every_limit_but_the_explicit_one() {
        let periodic = Lifetime {
            period: Some(HOUR),
            ..Lifetime::default()
        };
        check(periodic, 100 * HOUR, Some(HOUR), false);
        check(
            Lifetime {
                explicit_max: Some(2 * HOUR),
                ..periodic
            },
            HOUR * 3 / 2,
            Some(HOUR / 2),
            true,
        );
        check(
            Lifetime {
                period: Some(20 * HOUR),
                ..periodic
            },
            Duration::ZERO,
            Some(10 * HOUR),
            true,
        );
    }
}
