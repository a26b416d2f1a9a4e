//! The law of laws: a random history reads like that of a plain map.

use crate::dice::Dice;
use logical::{
    Backend, Child, ErrorKind, Expect, Record, Result, Revision, StoredBatch, StoredKey, StoredWrite,
};
use std::collections::BTreeMap;
use std::sync::Arc;

const STEPS: usize = 400;

/// Random batches, reads, ranges and pages answer what a map would answer that is searched from end to end.
pub async fn a_random_history_reads_like_its_model(store: Arc<dyn Backend>) -> Result<()> {
    for seed in 1..=3 {
        let mut history = History {
            dice: Dice::new(seed),
            // Histories share the store, each below a segment of its own.
            root: StoredKey::root().with(&seed.to_be_bytes()),
            rows: BTreeMap::new(),
            latest: store.latest().await?,
        };
        for step in 0..STEPS {
            history
                .step(&*store, &format!("seed {seed}, step {step}"))
                .await?;
        }
    }
    Ok(())
}

struct History {
    dice: Dice,
    root: StoredKey,
    rows: BTreeMap<StoredKey, Record>,
    latest: Revision,
}

impl History {
    async fn step(&mut self, store: &dyn Backend, place: &str) -> Result<()> {
        match self.dice.below(6) {
            0 => self.read(store, place).await,
            1 => self.range(store, place).await,
            2 => self.list(store, place).await,
            _ => self.commit(store, place).await,
        }
    }

    async fn read(&mut self, store: &dyn Backend, place: &str) -> Result<()> {
        let key = self.key();
        assert_eq!(
            store.get(&key).await?.as_ref(),
            self.rows.get(&key),
            "{place}: {key:?}"
        );
        Ok(())
    }

    async fn range(&mut self, store: &dyn Backend, place: &str) -> Result<()> {
        let (from, to, limit) = (self.key(), self.key(), self.dice.below(12));
        let within = self.rows.iter().filter(|(key, _)| **key >= from && **key < to);
        let expected: Vec<_> = within
            .take(limit)
            .map(|(key, record)| (key.clone(), record.clone()))
            .collect();
        assert_eq!(store.range(from..to, limit).await?, expected, "{place}");
        Ok(())
    }

    async fn list(&mut self, store: &dyn Backend, place: &str) -> Result<()> {
        let (prefix, limit) = (self.key(), self.dice.below(6));
        let after = (!self.dice.once_in(3)).then(|| self.segment());
        let expected: Vec<Child> = self
            .children(&prefix)
            .into_iter()
            .filter(|child| {
                after
                    .as_ref()
                    .is_none_or(|after| order(&child.segment) > order(after))
            })
            .take(limit)
            .collect();
        let found = store.children(&prefix, after.as_deref(), limit).await?;
        assert_eq!(found, expected, "{place}: below {prefix:?} after {after:?}");
        Ok(())
    }

    async fn commit(&mut self, store: &dyn Backend, place: &str) -> Result<()> {
        let batch = self.batch();
        let holds = batch.expect.iter().all(|(key, expect)| match expect {
            Expect::At(revision) => self
                .rows
                .get(key)
                .is_some_and(|record| record.revision == *revision),
            Expect::Absent => !self.rows.contains_key(key),
        });
        match store.commit(batch.clone()).await {
            Ok(revision) => {
                assert!(holds, "{place}: an unmet expectation was passed over");
                self.apply(batch, revision, place);
            }
            Err(error) if error.kind() == ErrorKind::Conflict => {
                assert!(!holds, "{place}: a batch was refused without a reason");
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn apply(&mut self, batch: StoredBatch, revision: Revision, place: &str) {
        if batch.writes.is_empty() {
            assert_eq!(revision, self.latest, "{place}");
            return;
        }
        assert!(revision > self.latest, "{place}");
        self.latest = revision;
        let before = self.rows.clone();
        for (key, write) in batch.writes {
            let created = before.get(&key).map_or(revision, |record| record.created);
            match write {
                StoredWrite::Put(value) => {
                    let record = Record {
                        value,
                        created,
                        revision,
                    };
                    self.rows.insert(key, record);
                }
                StoredWrite::Delete => {
                    self.rows.remove(&key);
                }
            }
        }
    }

    fn batch(&mut self) -> StoredBatch {
        let mut batch = StoredBatch::default();
        for _ in 0..self.dice.below(3) {
            let expect = self.expectation();
            batch.expect.push(expect);
        }
        for _ in 0..self.dice.below(5) {
            let write = match self.dice.below(3) {
                0 => StoredWrite::Delete,
                _ => StoredWrite::Put(self.dice.roll().to_be_bytes().repeat(self.dice.below(200))),
            };
            batch.writes.push((self.key(), write));
        }
        batch
    }

    /// Mostly what is so, now and then something else.
    fn expectation(&mut self) -> (StoredKey, Expect) {
        let key = self.key();
        let found = self.rows.get(&key).map(|record| record.revision);
        let expect = match found {
            _ if self.dice.once_in(6) => Expect::At(Revision(self.latest.0 / 2)),
            Some(revision) => Expect::At(revision),
            None => Expect::Absent,
        };
        (key, expect)
    }

    /// Naively: every row is looked at.
    fn children(&self, prefix: &StoredKey) -> Vec<Child> {
        let mut found: BTreeMap<(usize, Vec<u8>), Child> = BTreeMap::new();
        for key in self.rows.keys() {
            let Some((segment, deeper)) = key.next_below(prefix) else {
                continue;
            };
            let child = found.entry(order(segment)).or_insert_with(|| Child {
                segment: segment.to_vec(),
                leaf: false,
                folder: false,
            });
            child.leaf |= !deeper;
            child.folder |= deeper;
        }
        found.into_values().collect()
    }

    /// Of few segments and small depth, so that histories meet themselves.
    fn key(&mut self) -> StoredKey {
        let depth = self.dice.below(4);
        (0..depth).fold(self.root.clone(), |key, _| key.with(&self.segment()))
    }

    fn segment(&mut self) -> Vec<u8> {
        let all: [&[u8]; 7] = [b"", b"a", b"b", b"ab", &[0], &[0xff], &[0xff; 200]];
        let pick = self.dice.below(all.len());
        all.get(pick).map(|segment| segment.to_vec()).unwrap_or_default()
    }
}

/// Segments sort by their length, then by their bytes.
fn order(segment: &[u8]) -> (usize, Vec<u8>) {
    (segment.len(), segment.to_vec())
}
