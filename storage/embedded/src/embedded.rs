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
use rusqlite::Transaction;
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
        Ok(self.readers.read(|reader| read::get(reader, key)).await?)
    }

    async fn range(&self, keys: Range<StoredKey>, limit: usize) -> logical::Result<Vec<(StoredKey, Record)>> {
        self.check_open()?;
        Ok(self
            .readers
            .read(|reader| read::range(reader, &keys, limit))
            .await?)
    }

    async fn children(
        &self,
        prefix: &StoredKey,
        after: Option<&[u8]>,
        limit: usize,
    ) -> logical::Result<Vec<Child>> {
        self.check_open()?;
        let read = self
            .readers
            .read(|reader| read::children(reader, prefix, after, limit));
        Ok(read.await?)
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
    use storage_conformance::Place;
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
}
