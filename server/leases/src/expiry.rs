//! The worker that ends what is due. It sleeps until the head of the range, goes on after a restart, never gives up.

use async_trait::async_trait;
use logical::{Clock, Id, Time};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::leases::{Due, Leases};

/// Ends worked on at a time.
const LANES: usize = 32;
/// Rows read at a time.
const PAGE: usize = 512;
/// How long the worker sleeps if it knows of nothing: what another node adds is seen no later.
const IDLE: Duration = Duration::from_secs(60);
/// How long it waits after a storage error.
const PAUSE: Duration = Duration::from_millis(500);

/// Ends what is due. The corridor knows how; this room only knows when.
#[async_trait]
pub trait Endings: Send + Sync {
    /// Ends one thing, and removes or moves the row of its end. `at` and `id` name that row.
    async fn end(&self, due: Due, at: Time, id: Id);
}

/// The worker.
pub struct Expiry {
    leases: Arc<Leases>,
    clock: Arc<dyn Clock>,
    changed: Notify,
}

impl Expiry {
    /// A worker that does nothing before [`Expiry::run`].
    pub fn new(leases: Arc<Leases>, clock: Arc<dyn Clock>) -> Self {
        Self {
            leases,
            clock,
            changed: Notify::new(),
        }
    }

    /// Says that something may end earlier than was known.
    pub fn wake(&self) {
        self.changed.notify_one();
    }

    /// Works until it is stopped. What was begun is finished.
    pub async fn run(&self, endings: Arc<dyn Endings>, stop: CancellationToken) {
        let lanes = Arc::new(Semaphore::new(LANES));
        let busy: Arc<parking_lot::Mutex<HashSet<(Time, Id)>>> = Arc::default();
        let tasks = TaskTracker::new();
        while !stop.is_cancelled() {
            let now = self.clock.now();
            let next = match self.leases.due(now, PAGE).await {
                Ok((ended, next)) => {
                    let mut started = false;
                    for (at, id, due) in ended {
                        if !busy.lock().insert((at, id)) {
                            continue;
                        }
                        started = true;
                        let Ok(lane) = Arc::clone(&lanes).acquire_owned().await else {
                            return;
                        };
                        let (endings, busy) = (Arc::clone(&endings), Arc::clone(&busy));
                        tasks.spawn(async move {
                            endings.end(due, at, id).await;
                            busy.lock().remove(&(at, id));
                            drop(lane);
                        });
                    }
                    // A page that was all begun before is being worked on: look again when some of it is done.
                    if started {
                        next.unwrap_or(now + PAUSE).min(now + PAUSE)
                    } else {
                        next.unwrap_or(now + IDLE)
                    }
                }
                Err(error) => {
                    tracing::warn!(error = %error, "cannot read what is due");
                    now + PAUSE
                }
            };
            let pending = !busy.lock().is_empty();
            let wake = if pending {
                next.min(now + PAUSE)
            } else {
                next.min(now + IDLE)
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.changed.notified() => {}
                () = self.clock.sleep_until(wake) => {}
            }
        }
        tasks.close();
        tasks.wait().await;
    }
}
