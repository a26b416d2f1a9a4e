//! What the world brings in: time and chance. Both arrive as arguments, so that tests can move them.

use async_trait::async_trait;

/// A moment, in UTC, to the nanosecond. Printed as Vault prints times.
pub type Time = jiff::Timestamp;

/// The clock that everything in the house reads.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The present moment; never earlier than an answer it gave before.
    fn now(&self) -> Time;
    /// Waits until a moment has come.
    async fn sleep_until(&self, moment: Time);
}

/// A source of random bytes fit for keys.
pub trait Random: Send + Sync {
    /// Fills the bytes.
    fn fill(&self, bytes: &mut [u8]);
}
