//! The ordered map of rows, and how a batch changes it.

use logical::{Child, Error, Expect, Record, Result, Revision, StoredKey, StoredWrite};
use std::collections::BTreeMap;
use std::ops::Range;

/// All rows, and the commit that wrote last.
#[derive(Default)]
pub(crate) struct Rows {
    rows: BTreeMap<StoredKey, Record>,
    latest: Revision,
}

impl Rows {
    pub(crate) fn latest(&self) -> Revision {
        self.latest
    }

    pub(crate) fn get(&self, key: &StoredKey) -> Option<Record> {
        self.rows.get(key).cloned()
    }

    pub(crate) fn range(&self, keys: Range<StoredKey>, limit: usize) -> Vec<(StoredKey, Record)> {
        self.within(keys)
            .take(limit)
            .map(|(key, record)| (key.clone(), record.clone()))
            .collect()
    }

    /// The next segments below a prefix. From each the search jumps to its successor, so that a folder costs the same
    /// however much lies in it.
    pub(crate) fn children(&self, prefix: &StoredKey, after: Option<&[u8]>, limit: usize) -> Vec<Child> {
        let Range { mut start, end } = prefix.all_below();
        if let Some(after) = after {
            start = prefix.clone().with(after).successor();
        }
        let mut found = Vec::new();
        while found.len() < limit {
            let Some((key, _)) = self.within(start..end.clone()).next() else {
                break;
            };
            let Some((segment, deeper)) = key.next_below(prefix) else {
                break;
            };
            let child = prefix.clone().with(segment);
            found.push(Child {
                segment: segment.to_vec(),
                leaf: !deeper,
                folder: deeper || self.within(child.all_below()).next().is_some(),
            });
            start = child.successor();
        }
        found
    }

    /// Fails with a conflict unless every expectation holds.
    pub(crate) fn check(&self, expect: &[(StoredKey, Expect)]) -> Result<()> {
        let holds = |(key, expect): &(StoredKey, Expect)| {
            let found = self.rows.get(key).map(|record| record.revision);
            match expect {
                Expect::At(revision) => found == Some(*revision),
                Expect::Absent => found.is_none(),
            }
        };
        if expect.iter().all(holds) {
            Ok(())
        } else {
            Err(Error::conflict())
        }
    }

    /// Does every write, and answers the revision and the keys of the commit.
    pub(crate) fn apply(&mut self, writes: Vec<(StoredKey, StoredWrite)>) -> (Revision, Vec<StoredKey>) {
        self.latest = Revision(self.latest.0.saturating_add(1));
        // The last write of a key counts, so a row deleted and put again in one batch was never gone.
        let mut last = BTreeMap::new();
        for (key, write) in writes {
            last.insert(key, write);
        }
        let keys = last.keys().cloned().collect();
        for (key, write) in last {
            self.write(key, write);
        }
        (self.latest, keys)
    }

    fn write(&mut self, key: StoredKey, write: StoredWrite) {
        let StoredWrite::Put(value) = write else {
            self.rows.remove(&key);
            return;
        };
        let created = self.rows.get(&key).map_or(self.latest, |record| record.created);
        let record = Record {
            value,
            created,
            revision: self.latest,
        };
        self.rows.insert(key, record);
    }

    /// Rows in a range; none if its ends are the wrong way round.
    fn within(&self, keys: Range<StoredKey>) -> impl Iterator<Item = (&StoredKey, &Record)> {
        let end = keys.end.clone().max(keys.start.clone());
        self.rows.range(keys.start..end)
    }
}
