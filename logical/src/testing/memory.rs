//! A view of a store in memory, in the clear.

use crate::secret::Plaintext;
use crate::{
    Batch, Error, Expect, Key, Opened, Page, Result, Revision, Row, Segment, Span, Storage, Store, Write,
};
use async_trait::async_trait;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A store that keeps to the contract of [`Store`] and holds everything in memory.
#[derive(Default)]
pub struct Memory(Mutex<State>);

#[derive(Default)]
struct State {
    revision: u64,
    rows: BTreeMap<Key, Opened>,
}

impl Memory {
    /// Does every write of a batch, if every expectation holds.
    pub fn apply(&self, batch: Batch) -> Result<Revision> {
        let mut state = self.state();
        let holds = |(key, expect): &(Key, Expect)| {
            let found = state.rows.get(key).map(|row| row.revision);
            match expect {
                Expect::At(revision) => found == Some(*revision),
                Expect::Absent => found.is_none(),
            }
        };
        if !batch.expect.iter().all(holds) {
            return Err(Error::conflict());
        }
        state.revision += 1;
        let revision = Revision(state.revision);
        for (key, write) in batch.writes {
            match write {
                Write::Put(value) => state.put(key, value, revision),
                Write::Delete => drop(state.rows.remove(&key)),
            }
        }
        Ok(revision)
    }

    /// Every key, for tests that look at what is left.
    pub fn keys(&self) -> Vec<Key> {
        self.state().rows.keys().cloned().collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn put(&mut self, key: Key, value: Plaintext, revision: Revision) {
        let created = self.rows.get(&key).map_or(revision, |row| row.created);
        let row = Opened {
            value: Arc::new(value),
            created,
            revision,
        };
        self.rows.insert(key, row);
    }

    /// What lies below a key: the rest of each key, and the record.
    fn below<'a>(&'a self, prefix: &'a Key) -> impl Iterator<Item = (&'a [Segment], &'a Opened)> {
        self.rows.iter().filter_map(|(key, row)| {
            let rest = key.segments().strip_prefix(prefix.segments())?;
            (!rest.is_empty()).then_some((rest, row))
        })
    }
}

#[async_trait]
impl Storage for Memory {
    async fn get(&self, key: &Key) -> Result<Option<Opened>> {
        Ok(self.state().rows.get(key).cloned())
    }

    async fn range(&self, span: &Span, limit: usize) -> Result<Vec<Row>> {
        let state = self.state();
        let within = |(rest, _): &(&[Segment], &Opened)| {
            let next = rest.first();
            span.from.as_ref().is_none_or(|from| next >= Some(from))
                && span.after.as_ref().is_none_or(|after| next > Some(after))
                && span.until.as_ref().is_none_or(|until| next < Some(until))
        };
        let found = state.below(&span.under).filter(within).take(limit);
        Ok(found
            .map(|(rest, row)| Row::new(rest.iter().map(bytes).collect(), row.clone()))
            .collect())
    }

    async fn list(&self, prefix: &Key, page: &Page) -> Result<Vec<String>> {
        let state = self.state();
        let names: BTreeSet<String> = state
            .below(prefix)
            .filter_map(|(rest, _)| match rest {
                [last] => Some(text(last)),
                [next, ..] => Some(format!("{}/", text(next))),
                [] => None,
            })
            .collect();
        Ok(page.cut(names.into_iter().collect()))
    }
}

#[async_trait]
impl Store for Memory {
    async fn commit(&self, batch: Batch) -> Result<Revision> {
        self.apply(batch)
    }
}

fn text(segment: &Segment) -> String {
    match segment {
        Segment::Fixed(word) => (*word).to_owned(),
        Segment::Id(id) => id.to_string(),
        Segment::Number(number) => number.to_string(),
        Segment::Digest(digest) => digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        Segment::Name(name) => name.clone(),
        Segment::Stored(found) => String::from_utf8_lossy(found).into_owned(),
    }
}

fn bytes(segment: &Segment) -> Box<[u8]> {
    match segment {
        Segment::Number(number) => Box::new(number.to_be_bytes()),
        Segment::Digest(digest) => Box::new(*digest),
        other => text(other).into_bytes().into_boxed_slice(),
    }
}
