//! A clock that moves only when it is told to.

use async_trait::async_trait;
use logical::{Clock, Time};
use std::time::Duration;
use tokio::sync::watch;

/// Time stands still until a test moves it; whoever waits for a moment is woken when it has come.
pub(crate) struct ManualClock(watch::Sender<Time>);

impl ManualClock {
    /// A clock that shows some moment of the year 2025.
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(Time::from_second(1_764_000_000).unwrap()))
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, time: Duration) {
        self.0.send_modify(|now| *now += time);
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> Time {
        *self.0.borrow()
    }

    async fn sleep_until(&self, moment: Time) {
        // The sender lives as long as the clock, so waiting does not fail.
        drop(self.0.subscribe().wait_for(|now| *now >= moment).await);
    }
}
