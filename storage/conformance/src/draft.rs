//! A short way to write a batch.

use logical::{Backend, Expect, Result, Revision, StoredBatch, StoredKey, StoredWrite};

/// A key from a path: `key("a/b")` has two segments.
pub fn key(path: &str) -> StoredKey {
    path.split('/')
        .filter(|segment| !segment.is_empty())
        .fold(StoredKey::root(), |key, segment| key.with(segment.as_bytes()))
}

/// A batch that is being written, with paths for keys and text for values.
#[derive(Clone, Default)]
pub struct Draft {
    batch: StoredBatch,
}

impl Draft {
    /// Nothing expected, nothing written.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a value.
    #[must_use]
    pub fn put(mut self, path: &str, value: &str) -> Self {
        let write = StoredWrite::Put(value.as_bytes().to_vec());
        self.batch.writes.push((key(path), write));
        self
    }

    /// Removes a row.
    #[must_use]
    pub fn delete(mut self, path: &str) -> Self {
        self.batch.writes.push((key(path), StoredWrite::Delete));
        self
    }

    /// Expects a row at a revision.
    #[must_use]
    pub fn expect_at(mut self, path: &str, revision: Revision) -> Self {
        self.batch.expect.push((key(path), Expect::At(revision)));
        self
    }

    /// Expects no row.
    #[must_use]
    pub fn expect_absent(mut self, path: &str) -> Self {
        self.batch.expect.push((key(path), Expect::Absent));
        self
    }

    /// The batch itself.
    pub fn batch(self) -> StoredBatch {
        self.batch
    }

    /// Commits it.
    pub async fn commit(self, store: &dyn Backend) -> Result<Revision> {
        store.commit(self.batch).await
    }
}

/// The value of a row as text; `None` if there is no row.
pub(crate) async fn text(store: &dyn Backend, path: &str) -> Result<Option<String>> {
    let record = store.get(&key(path)).await?;
    Ok(record.map(|record| String::from_utf8_lossy(&record.value).into_owned()))
}
