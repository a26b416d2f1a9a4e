//! Waiting for another process, which has no clock that could be moved: looking again and again, under a deadline.

use std::time::{Duration, Instant};

/// Waits until something holds and returns how long that took, or `None` if it did not in time.
pub fn until(within: Duration, mut holds: impl FnMut() -> bool) -> Option<Duration> {
    let start = Instant::now();
    loop {
        if holds() {
            return Some(start.elapsed());
        }
        if start.elapsed() > within {
            return None;
        }
        pause();
    }
}

/// Lets a moment pass between two looks.
#[expect(
    clippy::disallowed_methods,
    reason = "another process has no clock that could be moved"
)]
pub(crate) fn pause() {
    std::thread::sleep(Duration::from_millis(20));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_is_looked_at_once_and_what_never_does_is_given_up() {
        assert!(until(Duration::ZERO, || true).is_some());
        assert_eq!(until(Duration::ZERO, || false), None);
    }

    #[test]
    fn what_holds_later_is_waited_for() {
        let mut looks = 0;
        let third = || {
            looks += 1;
            looks == 3
        };
        assert!(until(Duration::from_secs(10), third).is_some());
    }
}
