//! The one thread that writes: takes all batches that wait, commits them together, syncs once.

use crate::batch::{Outcome, Planned};
use crate::checkpoint::Checkpointer;
use crate::error::{Failure, OpenError, Result};
use crate::fate::{self, Fate};
use crate::file;
use logical::{Revision, StoredBatch};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender, TrySendError};
use std::thread::{self, JoinHandle};
use storage_changes::Changes;
use tokio::sync::oneshot;

/// So many batches may wait; the next one is refused.
const QUEUE_MAX: usize = 1024;
/// So many batches are committed together at most.
const GROUP_MAX: usize = 256;

/// How a transaction becomes durable. Tests put a disk here that fails.
pub(crate) type Commit = Box<dyn FnMut(Transaction<'_>) -> rusqlite::Result<()> + Send>;

/// The handle of the thread. Dropping it waits until everything in the queue is done and the log is empty.
pub(crate) struct Writer {
    // Invariant: both are there until `drop`.
    queue: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
    closed: Arc<AtomicBool>,
}

/// What the thread works with.
pub(crate) struct Desk {
    /// The only connection that writes.
    pub connection: Connection,
    /// The last commit.
    pub latest: Revision,
    /// Who hears of the next ones.
    pub changes: Arc<Changes>,
    /// How they become durable.
    pub commit: Commit,
}

/// A batch, and who waits for its answer.
struct Job {
    batch: Planned,
    answer: oneshot::Sender<Result<Revision>>,
}

/// Closes the store when the thread ends, be it by a panic: nobody writes any more.
struct CloseAtEnd(Arc<AtomicBool>);

impl Writer {
    pub(crate) fn start(desk: Desk) -> Result<Self, OpenError> {
        let (queue, jobs) = mpsc::sync_channel(QUEUE_MAX);
        let closed = Arc::new(AtomicBool::new(false));
        let at_end = CloseAtEnd(closed.clone());
        let thread = thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || {
                let _at_end = at_end;
                desk.work(&jobs);
            })
            .map_err(OpenError::Thread)?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
            closed,
        })
    }

    /// Answers when the batch is durable. A caller who stops waiting does not stop the batch.
    pub(crate) async fn commit(&self, batch: StoredBatch) -> Result<Revision> {
        let (answer, answered) = oneshot::channel();
        let job = Job {
            batch: Planned::new(batch),
            answer,
        };
        let queue = self.queue.as_ref().ok_or(Failure::Closed)?;
        queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => Failure::QueueFull,
            TrySendError::Disconnected(_) => Failure::Closed,
        })?;
        answered.await.map_err(|_| Failure::Closed)?
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the thread that writes the store panicked");
        }
    }
}

impl Drop for CloseAtEnd {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl Desk {
    /// Ends when the queue is closed and empty, or when it is unknown what is on the disk. Who still waits then hears
    /// that the store is closed, because the queue goes with the thread.
    fn work(mut self, jobs: &Receiver<Job>) {
        let mut checkpointer = Checkpointer::default();
        while let Ok(first) = jobs.recv() {
            let group = std::iter::once(first).chain(jobs.try_iter());
            let written = self.write(group.take(GROUP_MAX).collect());
            let moved = written.and_then(|()| checkpointer.after_group(&self.connection));
            if moved.is_err() {
                return;
            }
        }
        // Its complaint is in the log; there is no one left to tell.
        let _ = checkpointer.at_the_end(&self.connection);
    }

    fn write(&mut self, group: Vec<Job>) -> Result<(), Fate> {
        match self.transact(&group) {
            Ok((outcomes, latest)) => {
                self.latest = latest;
                self.acknowledge(group, outcomes);
                Ok(())
            }
            Err(error) => refuse(group, error),
        }
    }

    /// Commits a group in one transaction, each batch on top of those before it.
    fn transact(&mut self, group: &[Job]) -> rusqlite::Result<(Vec<Outcome>, Revision)> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut latest = self.latest;
        let mut outcomes = Vec::with_capacity(group.len());
        for job in group {
            let outcome = job.batch.apply(&transaction, latest)?;
            if let Outcome::Written(revision) = outcome {
                latest = revision;
            }
            outcomes.push(outcome);
        }
        if latest == self.latest {
            transaction.rollback()?;
        } else {
            file::set_latest(&transaction, latest)?;
            (self.commit)(transaction)?;
        }
        Ok((outcomes, latest))
    }

    /// Tells watchers of all commits of the group, then tells those who made them.
    fn acknowledge(&self, group: Vec<Job>, outcomes: Vec<Outcome>) {
        let mut answers = Vec::with_capacity(group.len());
        for (job, outcome) in group.into_iter().zip(outcomes) {
            let result = match outcome {
                Outcome::Written(revision) => {
                    self.changes.publish(revision, job.batch.into_keys());
                    Ok(revision)
                }
                Outcome::Nothing(latest) => Ok(latest),
                Outcome::Conflict => Err(Failure::Conflict),
            };
            answers.push((job.answer, result));
        }
        for (answer, result) in answers {
            // Whoever does not wait any more needs no answer.
            let _ = answer.send(result);
        }
    }
}

/// Tells a whole group that nothing of it was written, or that nobody knows.
fn refuse(group: Vec<Job>, error: rusqlite::Error) -> Result<(), Fate> {
    let fate = fate::after(&error);
    let (failure, result) = match fate {
        Fate::Refused => (Failure::Refused(Arc::new(error)), Ok(())),
        Fate::Closed => {
            tracing::error!(%error, "the store closes itself: it is unknown what is on the disk");
            (Failure::Closed, Err(Fate::Closed))
        }
    };
    for job in group {
        let _ = job.answer.send(Err(failure.clone()));
    }
    result
}
