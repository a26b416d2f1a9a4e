//! The clock of the real world.

use async_trait::async_trait;
use logical::{Clock, Time};
use std::time::{Duration, Instant};

/// Time that follows the monotonic clock from the moment it was made, so that setting the wall clock back revives
/// nothing and setting it forward ends nothing.
pub struct SystemClock {
    wall: Time,
    started: Instant,
}

impl SystemClock {
    /// A clock that shows the wall clock's time now.
    #[expect(clippy::disallowed_methods, reason = "this is where time comes in")]
    pub fn new() -> Self {
        Self {
            wall: Time::now(),
            started: Instant::now(),
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Time {
        self.wall + self.started.elapsed()
    }

    async fn sleep_until(&self, moment: Time) {
        let left = moment.duration_since(self.now());
        tokio::time::sleep(Duration::try_from(left).unwrap_or_default()).await;
    }
}
