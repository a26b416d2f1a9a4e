//! Data keys that are replaced by themselves.

use logical::Result;
use server_sys::{Operator, RotationSettings};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

use crate::strongbox::Strongbox;

/// How often it is looked whether the data key has served its time. What is sealed meanwhile is far less than what lies
/// between the highest setting and the limit of the cipher, which the barrier itself keeps.
const PAUSE: Duration = Duration::from_secs(60);

impl Strongbox {
    /// Replaces the data key when it is old, or has sealed enough.
    pub(crate) async fn rotate_when_due(self: Arc<Self>, stop: CancellationToken) {
        let clock = Arc::clone(&self.house.ambient.clock);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = clock.sleep_until(clock.now() + PAUSE) => {}
            }
            if let Err(error) = self.rotate_if_due().await {
                tracing::warn!(error = %error, "cannot replace the data key; trying again in a minute");
            }
        }
    }

    async fn rotate_if_due(&self) -> Result<()> {
        let settings = RotationSettings::stored(self.house.store.as_ref()).await?;
        if !settings.is_due(&self.key_status()?, self.house.now()) {
            return Ok(());
        }
        self.barrier.rotate().await?;
        let term = self.key_status()?.term;
        tracing::info!(term, "the data key was replaced by itself");
        Ok(())
    }
}
