//! The only way to change the store: expectations and writes that hold together or not at all.

use crate::secret::Plaintext;
use crate::{Key, Result};
use serde::Serialize;

/// The number of a commit. Revisions grow in the order in which commits became durable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(pub u64);

/// What a batch expects of a row that it was decided on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// The row is as this commit left it.
    At(Revision),
    /// There is no such row.
    Absent,
}

/// What becomes of a row.
#[derive(Clone, PartialEq)]
pub enum Write {
    /// It has this value from now on.
    Put(Plaintext),
    /// It is gone.
    Delete,
}

/// The right to write, as long as nobody else has taken it. Checked in the commit itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fence(pub u64);

/// Expectations and writes: either every expectation holds and every write is done, or nothing is.
///
/// A batch expects the revision of every record that was read in order to decide on it. A later write of the same key
/// replaces an earlier one.
#[derive(Clone, Default)]
pub struct Batch {
    /// What must still be so.
    pub expect: Vec<(Key, Expect)>,
    /// What is done then.
    pub writes: Vec<(Key, Write)>,
    /// The writer's right to write, where several nodes share a store.
    pub fence: Option<Fence>,
}

impl Batch {
    /// Nothing to do.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether nothing is written. A batch that only expects is empty too: there is nothing to make durable.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    /// Expects a row to be as a look-up found it: at its revision, or absent.
    pub fn expect(&mut self, key: Key, found: Option<Revision>) -> &mut Self {
        self.expect.push((key, found.map_or(Expect::Absent, Expect::At)));
        self
    }

    /// Writes bytes.
    pub fn put(&mut self, key: Key, value: Plaintext) -> &mut Self {
        self.writes.push((key, Write::Put(value)));
        self
    }

    /// Writes an empty row: one whose key says it all.
    pub fn mark(&mut self, key: Key) -> &mut Self {
        self.put(key, Plaintext::default())
    }

    /// Writes what a type serializes to, as JSON.
    pub fn put_json<T: Serialize + ?Sized>(&mut self, key: Key, value: &T) -> Result<&mut Self> {
        let text = serde_json::to_vec(value).map_err(crate::Error::internal)?;
        Ok(self.put(key, Plaintext::new(text)))
    }

    /// Removes a row; one that is not there is no error.
    pub fn delete(&mut self, key: Key) -> &mut Self {
        self.writes.push((key, Write::Delete));
        self
    }

    /// Takes over what another batch expects and writes.
    pub fn merge(&mut self, other: Self) -> &mut Self {
        self.expect.extend(other.expect);
        self.writes.extend(other.writes);
        self.fence = self.fence.or(other.fence);
        self
    }

    /// The same batch, with every key below a prefix.
    #[must_use]
    pub fn below(self, prefix: &Key) -> Self {
        let under = |key: Key| prefix.clone().join(&key);
        Self {
            expect: self
                .expect
                .into_iter()
                .map(|(key, expect)| (under(key), expect))
                .collect(),
            writes: self
                .writes
                .into_iter()
                .map(|(key, write)| (under(key), write))
                .collect(),
            fence: self.fence,
        }
    }
}
