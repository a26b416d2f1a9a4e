//! A backend that fails on demand.

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use logical::{Backend, Change, Child, Error, Record, Result, Revision, StoredBatch, StoredKey};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// What happens to the operation that fails. A read has one way to fail: it is `Unavailable`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is written, as on a full disk; the next operation works. The commit is `Unavailable`.
    Refused,
    /// The commit becomes durable, and whoever made it does not hear of it. It is an `Internal` error, because what is
    /// `Unavailable` was not written.
    AnswerLost,
    /// A sync fails and the bytes did not reach the disk. The store closes itself.
    ClosedWithout,
    /// A sync fails and the bytes reached the disk all the same. The store closes itself.
    ClosedWith,
}

/// A backend around another one: counts its operations and fails one of them.
pub struct Faulty {
    inner: Arc<dyn Backend>,
    fault: Fault,
    fails_at: u64,
    operations: AtomicU64,
    closed: AtomicBool,
}

/// Whether an operation goes through.
enum Turn {
    Works,
    Fails,
}

impl Fault {
    /// Every way to fail.
    pub const ALL: [Self; 4] = [
        Self::Refused,
        Self::AnswerLost,
        Self::ClosedWithout,
        Self::ClosedWith,
    ];
}

impl Faulty {
    /// Fails the operation of a number, counted from zero. Reads and commits count; watching does not.
    pub fn new(inner: Arc<dyn Backend>, fault: Fault, fails_at: u64) -> Self {
        Self {
            inner,
            fault,
            fails_at,
            operations: AtomicU64::new(0),
            closed: AtomicBool::new(false),
        }
    }

    /// Never fails; counts.
    pub fn counting(inner: Arc<dyn Backend>) -> Self {
        Self::new(inner, Fault::Refused, u64::MAX)
    }

    /// How many operations there were.
    pub fn operations(&self) -> u64 {
        self.operations.load(Ordering::SeqCst)
    }

    /// Whether the operation that had to fail was reached.
    pub fn has_struck(&self) -> bool {
        self.operations() > self.fails_at
    }

    /// The backend beneath: what a server would find that starts again.
    pub fn beneath(&self) -> Arc<dyn Backend> {
        self.inner.clone()
    }

    fn turn(&self) -> Result<Turn> {
        if self.is_closed() {
            return Err(closed());
        }
        let number = self.operations.fetch_add(1, Ordering::SeqCst);
        Ok(match number == self.fails_at {
            true => Turn::Fails,
            false => Turn::Works,
        })
    }

    fn read_turn(&self) -> Result<()> {
        match self.turn()? {
            Turn::Works => Ok(()),
            Turn::Fails => Err(Error::unavailable("read the store: a fault was ordered")),
        }
    }

    async fn fail(&self, batch: StoredBatch) -> Error {
        if matches!(self.fault, Fault::AnswerLost | Fault::ClosedWith) {
            // What the store itself refuses is refused, fault or no fault.
            if let Err(error) = self.inner.commit(batch).await {
                return error;
            }
        }
        match self.fault {
            Fault::Refused => Error::unavailable("commit to the store: a fault was ordered"),
            Fault::AnswerLost => Error::internal("commit to the store: the answer was lost, as ordered"),
            Fault::ClosedWithout | Fault::ClosedWith => {
                self.closed.store(true, Ordering::SeqCst);
                closed()
            }
        }
    }
}

#[async_trait]
impl Backend for Faulty {
    async fn get(&self, key: &StoredKey) -> Result<Option<Record>> {
        self.read_turn()?;
        self.inner.get(key).await
    }

    async fn range(&self, keys: Range<StoredKey>, limit: usize) -> Result<Vec<(StoredKey, Record)>> {
        self.read_turn()?;
        self.inner.range(keys, limit).await
    }

    async fn children(&self, prefix: &StoredKey, after: Option<&[u8]>, limit: usize) -> Result<Vec<Child>> {
        self.read_turn()?;
        self.inner.children(prefix, after, limit).await
    }

    async fn commit(&self, batch: StoredBatch) -> Result<Revision> {
        match self.turn()? {
            Turn::Works => self.inner.commit(batch).await,
            Turn::Fails => Err(self.fail(batch).await),
        }
    }

    fn watch(&self, after: Revision) -> BoxStream<'static, Result<Change>> {
        self.inner.watch(after)
    }

    async fn latest(&self) -> Result<Revision> {
        self.read_turn()?;
        self.inner.latest().await
    }

    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst) || self.inner.is_closed()
    }
}

fn closed() -> Error {
    Error::sealed().caused_by("the store closed itself: a sync failed, as ordered")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::{Draft, text};
    use logical::ErrorKind;
    use storage_memory::Memory;

    /// The second operation, a commit, fails; answers what kind of error it was and whether the batch is there.
    async fn check(fault: Fault, kind: ErrorKind, written: bool) {
        let store = Faulty::new(Arc::new(Memory::new()), fault, 1);
        Draft::new().put("a", "1").commit(&store).await.unwrap();
        let error = Draft::new().put("b", "1").commit(&store).await.unwrap_err();
        assert_eq!(error.kind(), kind);
        assert!(store.has_struck());
        let beneath = text(&*store.beneath(), "b").await.unwrap();
        assert_eq!(beneath.is_some(), written);
        let next = Draft::new().put("c", "1").commit(&store).await;
        assert_eq!(next.is_err(), store.is_closed());
    }

    #[tokio::test]
    async fn each_fault_keeps_its_word() {
        check(Fault::Refused, ErrorKind::Unavailable, false).await;
        check(Fault::AnswerLost, ErrorKind::Internal, true).await;
        check(Fault::ClosedWithout, ErrorKind::Sealed, false).await;
        check(Fault::ClosedWith, ErrorKind::Sealed, true).await;
    }

    #[tokio::test]
    async fn a_conflict_stays_a_conflict() {
        let store = Faulty::new(Arc::new(Memory::new()), Fault::AnswerLost, 1);
        Draft::new().put("a", "1").commit(&store).await.unwrap();
        let error = Draft::new().put("a", "2").expect_absent("a").commit(&store).await;
        assert_eq!(error.unwrap_err().kind(), ErrorKind::Conflict);
    }

    #[tokio::test]
    async fn a_store_that_closed_itself_answers_nothing_more() {
        let store = Faulty::new(Arc::new(Memory::new()), Fault::ClosedWith, 0);
        Draft::new().put("a", "1").commit(&store).await.unwrap_err();
        let error = text(&store, "a").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Sealed);
    }

    #[tokio::test]
    async fn reads_and_commits_are_counted() {
        let store = Faulty::counting(Arc::new(Memory::new()));
        Draft::new().put("a", "1").commit(&store).await.unwrap();
        text(&store, "a").await.unwrap();
        store.latest().await.unwrap();
        assert_eq!(store.operations(), 3);
        assert!(!store.has_struck());
    }
}
