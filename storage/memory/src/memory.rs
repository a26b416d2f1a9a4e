//! The backend: a map behind a lock.

use crate::rows::Rows;
use async_trait::async_trait;
use futures_util::stream::BoxStream;
use logical::{Backend, Change, Child, Record, Result, Revision, StoredBatch, StoredKey};
use parking_lot::RwLock;
use std::ops::Range;
use storage_changes::Changes;

/// A store that lives as long as its process.
///
/// A fence is not looked at: nobody else can write here.
pub struct Memory {
    rows: RwLock<Rows>,
    changes: Changes,
}

impl Memory {
    /// An empty store.
    pub fn new() -> Self {
        Self {
            rows: RwLock::default(),
            changes: Changes::since(Revision::default(), Changes::KEYS_MAX),
        }
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Backend for Memory {
    async fn get(&self, key: &StoredKey) -> Result<Option<Record>> {
        Ok(self.rows.read().get(key))
    }

    async fn range(&self, keys: Range<StoredKey>, limit: usize) -> Result<Vec<(StoredKey, Record)>> {
        Ok(self.rows.read().range(keys, limit))
    }

    async fn children(&self, prefix: &StoredKey, after: Option<&[u8]>, limit: usize) -> Result<Vec<Child>> {
        Ok(self.rows.read().children(prefix, after, limit))
    }

    async fn commit(&self, batch: StoredBatch) -> Result<Revision> {
        let mut rows = self.rows.write();
        rows.check(&batch.expect)?;
        if batch.writes.is_empty() {
            return Ok(rows.latest());
        }
        let (revision, changed) = rows.apply(batch.writes);
        // Told under the lock: changes are published in the order of commits, and before anyone hears of them.
        self.changes.publish(revision, changed);
        Ok(revision)
    }

    fn watch(&self, after: Revision) -> BoxStream<'static, Result<Change>> {
        self.changes.watch(after)
    }

    async fn latest(&self) -> Result<Revision> {
        Ok(self.rows.read().latest())
    }

    fn is_closed(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    async fn empty() -> (Arc<dyn Backend>, ()) {
        (Arc::new(Memory::new()), ())
    }

    storage_conformance::laws!(empty);
}
