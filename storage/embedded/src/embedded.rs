//! The backend: one directory, one writer, readers beside it.

use crate::directory::Directory;
use crate::error::{Failure, OpenError, Result};
use crate::file;
use crate::read;
use crate::readers::Readers;
use crate::writer::{Commit, Desk, Writer};
use async_trait::async_trait;
use futures_util::stream::BoxStream;
use logical::{Backend, Change, Child, Record, Revision, StoredBatch, StoredKey};
use rusqlite::{Connection, Transaction};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use storage_changes::Changes;

/// A store in a directory of its own.
///
/// A batch whose caller stops waiting is committed all the same. Dropping the store waits for all batches in the queue,
/// empties the log and gives the directory back.
pub struct Embedded {
    // In the order in which they are dropped: the last writes are done before the directory is free for others.
    writer: Writer,
    readers: Readers,
    changes: Arc<Changes>,
    _directory: Directory,
}

impl Embedded {
    /// Opens the store in a directory, and makes both where they are missing. How long it takes does not depend on how
    /// many rows there are.
    pub fn open(directory: &Path) -> Result<Self, OpenError> {
        Self::open_with(directory, Box::new(|group: Transaction<'_>| group.commit()))
    }

    fn open_with(directory: &Path, commit: Commit) -> Result<Self, OpenError> {
        let directory = Directory::open(directory)?;
        let store = directory.store();
        let connection = file::open_writer(&store)?;
        let latest = file::latest(&store, &connection)?;
        let changes = Arc::new(Changes::since(latest, Changes::KEYS_MAX));
        let readers = Readers::open(&store)?;
        let writer = Writer::start(Desk {
            connection,
            latest,
            changes: changes.clone(),
            commit,
        })?;
        Ok(Self {
            writer,
            readers,
            changes,
            _directory: directory,
        })
    }

    fn check_open(&self) -> Result<()> {
        match self.writer.is_closed() {
            true => Err(Failure::Closed),
            false => Ok(()),
        }
    }
}

#[async_trait]
impl Backend for Embedded {
    async fn get(&self, key: &StoredKey) -> logical::Result<Option<Record>> {
        self.check_open()?;
        Ok(self.readers.read(|reader| read::get(reader, key))?)
    }

    async fn range(&self, keys: Range<StoredKey>, limit: usize) -> logical::Result<Vec<(StoredKey, Record)>> {
        self.check_open()?;
        let read = move |reader: &Connection| read::range(reader, &keys, limit);
        Ok(self.readers.read_many(read).await?)
    }

    async fn children(
        &self,
        prefix: &StoredKey,
        after: Option<&[u8]>,
        limit: usize,
    ) -> logical::Result<Vec<Child>> {
        self.check_open()?;
        let (prefix, after) = (prefix.clone(), after.map(<[u8]>::to_vec));
        let read = move |reader: &Connection| read::children(reader, &prefix, after.as_deref(), limit);
        Ok(self.readers.read_many(read).await?)
    }

    async fn commit(&self, batch: StoredBatch) -> logical::Result<Revision> {
        Ok(self.writer.commit(batch).await?)
    }

    fn watch(&self, after: Revision) -> BoxStream<'static, logical::Result<Change>> {
        self.changes.watch(after)
    }

    async fn latest(&self) -> logical::Result<Revision> {
        self.check_open()?;
        Ok(self.changes.latest())
    }

    fn is_closed(&self) -> bool {
        self.writer.is_closed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use logical::ErrorKind;
    use rusqlite::{Error, ffi};
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::mpsc::{self, Receiver, Sender};
    use storage_conformance::{Draft, Place, key};
    use tempfile::TempDir;

    async fn empty() -> (Arc<dyn Backend>, TempDir) {
        let directory = tempfile::tempdir().unwrap();
        (Arc::new(Embedded::open(directory.path()).unwrap()), directory)
    }

    storage_conformance::laws!(empty);

    struct Kept(TempDir);

    #[async_trait]
    impl Place for Kept {
        async fn open(&self) -> logical::Result<Arc<dyn Backend>> {
            let opened = Embedded::open(self.0.path()).map_err(logical::Error::internal)?;
            Ok(Arc::new(opened))
        }
    }

    fn kept() -> Kept {
        Kept(tempfile::tempdir().unwrap())
    }

    storage_conformance::reopening_laws!(kept);

    /// What happens to the next group.
    enum Verdict {
        Written,
        Lost(i32),
        /// The bytes are there, and yet SQLite reports an error.
        WrittenBut(i32),
    }

    /// A disk that asks the test about every group.
    struct Disk {
        asks: Receiver<()>,
        answers: Sender<Verdict>,
    }

    impl Disk {
        fn store(directory: &TempDir) -> (Embedded, Self) {
            let (ask, asks) = mpsc::channel();
            let (answers, verdicts) = mpsc::channel();
            let commit = move |group: Transaction<'_>| {
                let _ = ask.send(());
                match verdicts.recv().unwrap_or(Verdict::Written) {
                    Verdict::Written => group.commit(),
                    Verdict::Lost(code) => Err(error(code)),
                    Verdict::WrittenBut(code) => group.commit().and(Err(error(code))),
                }
            };
            let store = Embedded::open_with(directory.path(), Box::new(commit)).unwrap();
            (store, Self { asks, answers })
        }

        /// Waits until a group is about to become durable, and holds it there.
        fn wait(&self) {
            self.asks.recv().unwrap();
        }

        fn answer(&self, verdict: Verdict) {
            self.answers.send(verdict).unwrap();
        }
    }

    fn error(code: i32) -> Error {
        Error::SqliteFailure(ffi::Error::new(code), None)
    }

    fn kind<T>(result: logical::Result<T>) -> Option<ErrorKind> {
        result.err().map(|error| error.kind())
    }

    /// Puts a batch into the queue and does not wait for it.
    fn enqueue(store: &Embedded, draft: Draft) -> Option<logical::Result<Revision>> {
        store.commit(draft.batch()).now_or_never()
    }

    #[tokio::test]
    async fn waiting_batches_share_one_sync_and_are_refused_alone() {
        let directory = tempfile::tempdir().unwrap();
        let (store, disk) = Disk::store(&directory);
        assert!(enqueue(&store, Draft::new().put("first", "1")).is_none());
        disk.wait();
        let one = Draft::new().put("a", "1").expect_absent("a").commit(&store);
        let two = Draft::new()
            .put("a", "2")
            .put("b", "2")
            .expect_absent("a")
            .commit(&store);
        let three = Draft::new().put("c", "3").commit(&store);
        let release = async {
            disk.answer(Verdict::Written);
            disk.answer(Verdict::Written);
        };
        // Polled in this order: all three wait before the disk goes on.
        let (one, two, three, ()) = futures_util::future::join4(one, two, three, release).await;
        assert_eq!(kind(two), Some(ErrorKind::Conflict));
        assert!(one.unwrap() < three.unwrap());
        assert_eq!(store.get(&key("b")).await.unwrap(), None);
        assert_eq!(disk.asks.try_iter().count(), 1, "one sync for all that waited");
    }

    #[tokio::test]
    async fn a_full_disk_refuses_the_whole_group_and_the_next_one_is_written() {
        let directory = tempfile::tempdir().unwrap();
        let (store, disk) = Disk::store(&directory);
        disk.answer(Verdict::Written);
        let old = Draft::new().put("a", "old").commit(&store).await.unwrap();
        for code in [ffi::SQLITE_FULL, ffi::SQLITE_IOERR_WRITE] {
            disk.answer(Verdict::Lost(code));
            let refused = Draft::new().put("a", "new").put("b", "new").commit(&store).await;
            assert_eq!(kind(refused), Some(ErrorKind::Unavailable));
            assert_eq!(store.get(&key("a")).await.unwrap().unwrap().value, b"old");
            assert_eq!(store.get(&key("b")).await.unwrap(), None);
            assert_eq!(store.latest().await.unwrap(), old);
            assert!(!store.is_closed());
        }
        disk.answer(Verdict::Written);
        let next = Draft::new()
            .put("a", "new")
            .expect_at("a", old)
            .commit(&store)
            .await;
        assert!(next.unwrap() > old);
    }

    #[tokio::test]
    async fn a_failed_sync_closes_the_store_until_it_is_opened_again() {
        for verdict in [Verdict::Lost, Verdict::WrittenBut] {
            let directory = tempfile::tempdir().unwrap();
            let (store, disk) = Disk::store(&directory);
            disk.answer(Verdict::Written);
            Draft::new().put("a", "1").commit(&store).await.unwrap();
            disk.answer(verdict(ffi::SQLITE_IOERR_FSYNC));
            let unknown = Draft::new().put("b", "1").put("c", "1").commit(&store).await;
            assert_eq!(kind(unknown), Some(ErrorKind::Sealed));
            let after = Draft::new().put("a", "2").commit(&store).await;
            assert_eq!(kind(after), Some(ErrorKind::Sealed));
            assert!(store.is_closed());
            assert_eq!(kind(store.get(&key("a")).await), Some(ErrorKind::Sealed));
            assert_eq!(kind(store.latest().await), Some(ErrorKind::Sealed));
            drop(store);
            let store = Embedded::open(directory.path()).unwrap();
            assert_eq!(store.get(&key("a")).await.unwrap().unwrap().value, b"1");
            let (b, c) = (store.get(&key("b")).await, store.get(&key("c")).await);
            assert_eq!(b.unwrap().is_some(), c.unwrap().is_some());
        }
    }

    #[tokio::test]
    async fn a_store_that_closed_itself_does_not_sync_once_more_when_it_is_dropped() {
        let directory = tempfile::tempdir().unwrap();
        let (store, disk) = Disk::store(&directory);
        disk.answer(Verdict::WrittenBut(ffi::SQLITE_IOERR_FSYNC));
        Draft::new().put("a", "1").commit(&store).await.unwrap_err();
        drop(store);
        let log = std::fs::metadata(directory.path().join("strongroom.db-wal"));
        assert!(log.unwrap().len() > 0, "the log is all there is to recover from");
    }

    #[tokio::test]
    async fn a_full_queue_refuses_and_what_waits_in_it_is_written() {
        let directory = tempfile::tempdir().unwrap();
        let (store, disk) = Disk::store(&directory);
        assert!(enqueue(&store, Draft::new().put("first", "1")).is_none());
        disk.wait();
        let mut waiting = 0;
        let refused = loop {
            match enqueue(&store, Draft::new().put(&format!("f/{waiting}"), "1")) {
                None => waiting += 1,
                Some(answer) => break answer,
            }
        };
        assert_eq!(kind(refused), Some(ErrorKind::Unavailable));
        drop(disk);
        drop(store);
        let store = Embedded::open(directory.path()).unwrap();
        let rows = store.range(key("f").all_below(), usize::MAX).await.unwrap();
        assert_eq!(rows.len(), waiting);
    }

    #[tokio::test]
    async fn a_database_that_may_not_grow_keeps_what_it_has_and_goes_on_when_it_may() {
        let directory = tempfile::tempdir().unwrap();
        let pages = Arc::new(AtomicU32::new(40));
        let limit = pages.clone();
        let commit = move |group: Transaction<'_>| {
            group.pragma_update(None, "max_page_count", limit.load(Ordering::SeqCst))?;
            group.commit()
        };
        let store = Embedded::open_with(directory.path(), Box::new(commit)).unwrap();
        let value = "v".repeat(3000);
        let row = |n: usize| {
            Draft::new()
                .put(&format!("f/{n}/a"), &value)
                .put(&format!("f/{n}/b"), &value)
        };
        let mut written = 0;
        let refused = loop {
            match row(written).commit(&store).await {
                Ok(_) => written += 1,
                Err(error) => break error,
            }
        };
        assert_eq!(refused.kind(), ErrorKind::Unavailable);
        assert!(refused.to_string().contains("full"), "{refused}");
        let rows = store.range(key("f").all_below(), usize::MAX).await.unwrap();
        assert_eq!(
            rows.len(),
            written * 2,
            "what was acknowledged, and no half batch"
        );
        pages.store(400, Ordering::SeqCst);
        Draft::new().delete("f/0/a").commit(&store).await.unwrap();
        for n in written..written + 20 {
            row(n).commit(&store).await.unwrap();
        }
    }
}
