//! Plugins' work of their own: each is asked when it wants to be.

use futures_util::FutureExt;
use logical::{Id, Next, Operation, Time};
use server_mounts::Mount;
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

use crate::house::House;

/// How often new mounts are looked for, and the shortest pause between two turns of one plugin.
const TURN: Duration = Duration::from_millis(500);
/// How long a plugin whose work failed is left alone.
const PAUSE: Duration = Duration::from_secs(10);

impl House {
    /// Asks every mounted plugin for its work until it is stopped. What was begun is finished.
    pub async fn work(self: Arc<Self>, stop: CancellationToken) {
        // When each mount wants to be asked; a mount whose plugin was built anew is asked at once.
        let mut wishes: HashMap<Id, (usize, Option<Time>)> = HashMap::new();
        while !stop.is_cancelled() {
            let now = self.now();
            for mount in self.rooms.mounts.all() {
                let plugin = Arc::as_ptr(&mount) as usize;
                let wish = wishes.get(&mount.entry.id).filter(|(same, _)| *same == plugin);
                if wish.is_none_or(|(_, at)| at.is_some_and(|at| at <= now)) {
                    let next = self.work_of(&mount).await;
                    wishes.insert(mount.entry.id, (plugin, next));
                }
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.working.notified() => {}
                () = self.ambient.clock.sleep_until(now + TURN) => {}
            }
        }
    }

    async fn work_of(&self, mount: &Mount) -> Option<Time> {
        let cx = self.own_cx(mount, Operation::Update, &mount.entry.path).cx;
        let worked = AssertUnwindSafe(mount.mounted.plugin().work(cx))
            .catch_unwind()
            .await;
        match worked {
            Ok(Ok(Next::Never)) => None,
            Ok(Ok(Next::At(moment))) => Some(moment),
            Ok(Err(error)) => {
                tracing::warn!(mount.path = mount.entry.path, error = %error, "a plugin's own work failed; it is asked again");
                Some(self.now() + PAUSE)
            }
            Err(_) => {
                tracing::error!(
                    mount.path = mount.entry.path,
                    "a plugin panicked in its own work; it is asked again"
                );
                Some(self.now() + PAUSE)
            }
        }
    }
}
