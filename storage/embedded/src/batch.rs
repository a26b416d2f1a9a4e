//! One batch inside the writer's transaction.

use logical::{Expect, Revision, StoredBatch, StoredKey, StoredWrite};
use rusqlite::{OptionalExtension, Transaction};
use std::collections::BTreeMap;

const REVISION: &str = "SELECT revision FROM kv WHERE k = ?1";
const PUT: &str = "INSERT INTO kv (k, created, revision, v) VALUES (?1, ?2, ?2, ?3)
    ON CONFLICT (k) DO UPDATE SET revision = excluded.revision, v = excluded.v";
const DELETE: &str = "DELETE FROM kv WHERE k = ?1";

/// A batch as the writer does it: of several writes of a key only the last one, in the order of keys.
pub(crate) struct Planned {
    expect: Vec<(StoredKey, Expect)>,
    writes: BTreeMap<StoredKey, StoredWrite>,
}

/// What became of a batch whose transaction went well.
pub(crate) enum Outcome {
    /// It was written, in this commit.
    Written(Revision),
    /// There was nothing to write; this is the latest commit.
    Nothing(Revision),
    /// An expectation does not hold.
    Conflict,
}

impl Planned {
    /// A fence is not looked at: the directory has one server at a time, and its lock sees to that.
    pub(crate) fn new(batch: StoredBatch) -> Self {
        let mut writes = BTreeMap::new();
        for (key, write) in batch.writes {
            writes.insert(key, write);
        }
        Self {
            expect: batch.expect,
            writes,
        }
    }

    /// Checks the batch against the transaction as it stands, earlier batches included, and writes it as the commit
    /// after `latest`.
    pub(crate) fn apply(&self, transaction: &Transaction<'_>, latest: Revision) -> rusqlite::Result<Outcome> {
        for (key, expect) in &self.expect {
            if !holds(transaction, key, *expect)? {
                return Ok(Outcome::Conflict);
            }
        }
        if self.writes.is_empty() {
            return Ok(Outcome::Nothing(latest));
        }
        let revision = Revision(latest.0.saturating_add(1));
        for (key, write) in &self.writes {
            apply(transaction, key, write, revision)?;
        }
        Ok(Outcome::Written(revision))
    }

    /// The keys that it writes.
    pub(crate) fn into_keys(self) -> impl Iterator<Item = StoredKey> {
        self.writes.into_keys()
    }
}

fn holds(transaction: &Transaction<'_>, key: &StoredKey, expect: Expect) -> rusqlite::Result<bool> {
    let mut statement = transaction.prepare_cached(REVISION)?;
    let found: Option<i64> = statement
        .query_row([key.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(match expect {
        Expect::At(revision) => found == Some(revision.0.cast_signed()),
        Expect::Absent => found.is_none(),
    })
}

fn apply(
    transaction: &Transaction<'_>,
    key: &StoredKey,
    write: &StoredWrite,
    revision: Revision,
) -> rusqlite::Result<()> {
    match write {
        StoredWrite::Put(value) => transaction.prepare_cached(PUT)?.execute((
            key.as_bytes(),
            revision.0.cast_signed(),
            value.as_slice(),
        ))?,
        StoredWrite::Delete => transaction.prepare_cached(DELETE)?.execute([key.as_bytes()])?,
    };
    Ok(())
}
