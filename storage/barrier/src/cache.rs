//! Opened records and listings, so that reading again costs no cryptography.

use crate::freshness::{Freshness, Ticket, Turn};
use crate::path::{Path, Place};
use logical::{Batch, Expect, Key, Opened, Revision, Write};
use quick_cache::Weighter;
use std::sync::Arc;

/// The bookkeeping of an entry, in bytes, about.
const ENTRY: u64 = 128;

/// What has been read: records, absences, listings. Bounded; values are wiped when they fall out.
pub(crate) struct Cache {
    records: quick_cache::sync::Cache<Place, Entry, Weight>,
    listings: quick_cache::sync::Cache<Place, Listing, Weight>,
    record_freshness: Freshness,
    listing_freshness: Freshness,
}

/// All names of a folder, sorted.
pub(crate) type Listing = Arc<[String]>;

/// A record or its absence, and the commit that left it so.
#[derive(Clone)]
struct Entry {
    record: Option<Opened>,
    // Of an absence that was read it is not known, and zero.
    revision: Revision,
}

#[derive(Clone)]
struct Weight;

impl Weighter<Place, Entry> for Weight {
    fn weight(&self, place: &Place, entry: &Entry) -> u64 {
        let value = entry.record.as_ref().map_or(0, |record| record.value.len());
        ENTRY + place.weight() + value as u64
    }
}

impl Weighter<Place, Listing> for Weight {
    fn weight(&self, place: &Place, listing: &Listing) -> u64 {
        let names: usize = listing.iter().map(|name| size_of::<String>() + name.len()).sum();
        ENTRY + place.weight() + names as u64
    }
}

impl Cache {
    /// Holds records in at most so many bytes, and listings in an eighth of that.
    pub(crate) fn new(bytes: u64) -> Self {
        let entries = |bytes: u64| usize::try_from(bytes / 1024).unwrap_or(usize::MAX);
        Self {
            records: quick_cache::sync::Cache::with_weighter(entries(bytes), bytes, Weight),
            listings: quick_cache::sync::Cache::with_weighter(entries(bytes / 8), bytes / 8, Weight),
            record_freshness: Freshness::new(),
            listing_freshness: Freshness::new(),
        }
    }

    /// What is known of a record: `Some(None)` is known to be absent.
    pub(crate) fn record(&self, path: Path<'_>) -> Option<Option<Opened>> {
        self.records.get(&path).map(|entry| entry.record)
    }

    /// A folder's listing, if it is known.
    pub(crate) fn listing(&self, path: Path<'_>) -> Option<Listing> {
        self.listings.get(&path)
    }

    /// Notes that the store is about to be read for a record.
    pub(crate) fn record_ticket(&self, path: Path<'_>) -> Ticket {
        self.record_freshness.ticket(path)
    }

    /// Notes that the store is about to be read for a listing.
    pub(crate) fn listing_ticket(&self, path: Path<'_>) -> Ticket {
        self.listing_freshness.ticket(path)
    }

    /// Keeps what was read, unless it may be old by now.
    pub(crate) fn fill_record(&self, path: Path<'_>, ticket: Ticket, record: Option<&Opened>) {
        // Commits know their rows by names, and would not find this one.
        if path.has_found() {
            return;
        }
        let entry = Entry {
            record: record.cloned(),
            revision: record.map_or(Revision::default(), |record| record.revision),
        };
        self.record_freshness
            .fill(path, ticket, || self.records.insert(path.to_place(), entry));
    }

    /// Keeps a listing that was read, unless it may be old by now.
    pub(crate) fn fill_listing(&self, path: Path<'_>, ticket: Ticket, listing: &Listing) {
        if path.has_found() {
            return;
        }
        self.listing_freshness.fill(path, ticket, || {
            self.listings.insert(path.to_place(), listing.clone())
        });
    }

    /// Takes over what a commit wrote. It is not acknowledged before this returns. No key is written twice.
    pub(crate) fn committed(&self, batch: Batch, revision: Revision) {
        let Batch { expect, writes, .. } = batch;
        for (key, write) in writes {
            let expected = expect
                .iter()
                .find(|(of, _)| *of == key)
                .map(|(_, expected)| *expected);
            let existed = matches!((&write, expected), (Write::Put(_), Some(Expect::At(_))));
            self.written(Path::of(&key), write, expected, revision);
            if !existed {
                self.forget_listings(Path::of(&key), revision);
            }
        }
    }

    /// Forgets what a batch expected and wrote, because it is not known what became of it.
    pub(crate) fn doubted(&self, batch: &Batch) {
        let expected = batch.expect.iter().map(|(key, _)| key);
        let written = batch.writes.iter().map(|(key, _)| key);
        for key in expected.chain(written) {
            self.forget(key);
        }
    }

    /// Lets things in, after unsealing.
    pub(crate) fn open(&self) {
        self.record_freshness.open();
        self.listing_freshness.open();
    }

    /// Forgets everything and lets nothing in any more, not even what a read or a commit under way brings.
    pub(crate) fn close(&self) {
        self.record_freshness.close();
        self.listing_freshness.close();
        self.records.clear();
        self.listings.clear();
    }

    fn written(&self, path: Path<'_>, write: Write, expected: Option<Expect>, revision: Revision) {
        self.record_freshness.commit(path, revision, |turn| {
            let known = self.records.peek(&path);
            if turn == Turn::Late {
                // Whether the later commit wrote this very record is told by its entry alone.
                if known.is_some_and(|entry| entry.revision < revision) {
                    self.records.remove(&path);
                }
                return;
            }
            match now_there(write, expected, known.as_ref(), revision) {
                Some(entry) => self.records.insert(path.to_place(), entry),
                None => drop(self.records.remove(&path)),
            }
        });
    }

    fn forget(&self, key: &Key) {
        let path = Path::of(key);
        self.record_freshness
            .forget(path, || drop(self.records.remove(&path)));
        for folder in path.folders() {
            self.listing_freshness
                .forget(folder, || drop(self.listings.remove(&folder)));
        }
    }

    fn forget_listings(&self, path: Path<'_>, revision: Revision) {
        for folder in path.folders() {
            self.listing_freshness
                .commit(folder, revision, |_| drop(self.listings.remove(&folder)));
        }
    }
}

/// What lies there after a write; `None` if the commit that made the record is not known, so that it has to be read.
fn now_there(
    write: Write,
    expected: Option<Expect>,
    known: Option<&Entry>,
    revision: Revision,
) -> Option<Entry> {
    let record = match write {
        Write::Delete => None,
        Write::Put(value) => Some(Opened {
            value: Arc::new(value),
            created: created(expected?, known, revision)?,
            revision,
        }),
    };
    Some(Entry { record, revision })
}

fn created(expected: Expect, known: Option<&Entry>, revision: Revision) -> Option<Revision> {
    match expected {
        Expect::Absent => Some(revision),
        Expect::At(before) => {
            let record = known?.record.as_ref()?;
            (record.revision == before).then_some(record.created)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use logical::secret::Plaintext;

    /// A store of one record: its value is the revision that wrote it.
    #[derive(Clone, Copy, Default)]
    struct Store {
        durable: u64,
        acknowledged: u64,
    }

    /// What the commits expect.
    #[derive(Clone, Copy, Debug, PartialEq)]
    enum History {
        /// Each expects the one before it.
        Overwrites,
        /// Each expects that somebody has removed the record.
        MadeAnew,
    }

    /// The steps of two readers and two writers, each to be done in its own order.
    struct Race {
        cache: Cache,
        key: Key,
        store: Store,
        reads: [Option<(Ticket, u64)>; 2],
        commits: [u64; 2],
        history: History,
        done: [usize; 4],
    }

    impl Race {
        fn new(history: History) -> Self {
            let cache = Cache::new(1 << 14);
            cache.open();
            let mut race = Self {
                cache,
                key: Key::of("key"),
                store: Store::default(),
                reads: [None; 2],
                commits: [0; 2],
                history,
                done: [0; 4],
            };
            if history == History::Overwrites {
                race.store.durable = 1;
                race.acknowledge(1, Expect::Absent);
            }
            race
        }

        fn path(&self) -> Path<'_> {
            Path::of(&self.key)
        }

        /// The next step of a party; parties 0 and 1 read, 2 and 3 commit.
        fn step(&mut self, party: usize) {
            match (party, self.done[party]) {
                (0 | 1, 0) => self.reads[party] = Some((self.cache.record_ticket(self.path()), 0)),
                (0 | 1, 1) => self.reads[party].as_mut().unwrap().1 = self.store.durable,
                (0 | 1, _) => self.fill(party),
                (_, 0) => {
                    self.store.durable += 1;
                    self.commits[party - 2] = self.store.durable;
                }
                (_, _) => {
                    let revision = self.commits[party - 2];
                    self.acknowledge(revision, self.expected(revision));
                }
            }
            self.done[party] += 1;
        }

        fn expected(&self, revision: u64) -> Expect {
            match self.history {
                History::Overwrites => Expect::At(Revision(revision - 1)),
                History::MadeAnew => Expect::Absent,
            }
        }

        fn fill(&self, party: usize) {
            let (ticket, revision) = self.reads[party].unwrap();
            self.cache
                .fill_record(self.path(), ticket, record(revision).as_ref());
        }

        fn acknowledge(&mut self, revision: u64, expected: Expect) {
            let mut batch = Batch::new();
            batch.expect.push((self.key.clone(), expected));
            batch.put(self.key.clone(), value(revision));
            self.cache.committed(batch, Revision(revision));
            self.store.acknowledged = self.store.acknowledged.max(revision);
        }

        /// Nobody who reads now reads older than what was acknowledged.
        fn check(&self, order: &[usize]) {
            let Some(cached) = self.cache.record(self.path()) else {
                return;
            };
            let revision = cached.as_ref().map_or(0, |record| record.revision.0);
            assert!(
                revision >= self.store.acknowledged,
                "{order:?}: {revision} is old"
            );
            if let Some(record) = cached {
                assert!(
                    *record.value == value(revision),
                    "{order:?}: another value than was written"
                );
                if self.history == History::Overwrites {
                    assert_eq!(record.created, Revision(1), "{order:?}");
                }
            }
        }
    }

    fn value(revision: u64) -> Plaintext {
        Plaintext::new(revision.to_be_bytes().to_vec())
    }

    fn record(revision: u64) -> Option<Opened> {
        (revision > 0).then(|| Opened {
            value: Arc::new(value(revision)),
            created: Revision(1),
            revision: Revision(revision),
        })
    }

    /// Every order of the steps left to each party.
    fn orders(left: [usize; 4], order: &mut Vec<usize>, check: &mut impl FnMut(&[usize])) {
        if left == [0; 4] {
            check(order);
        }
        for party in 0..left.len() {
            let mut left = left;
            if left[party] > 0 {
                left[party] -= 1;
                order.push(party);
                orders(left, order, check);
                order.pop();
            }
        }
    }

    #[test]
    fn in_no_order_of_two_reads_and_two_commits_is_anything_old_read() {
        for history in [History::Overwrites, History::MadeAnew] {
            let mut count = 0;
            orders([3, 3, 2, 2], &mut Vec::new(), &mut |order| {
                let mut race = Race::new(history);
                for &party in order {
                    race.step(party);
                    race.check(order);
                }
                count += 1;
            });
            assert_eq!(count, 25_200);
        }
    }

    #[test]
    fn of_two_commits_told_in_the_wrong_order_the_later_one_stays() {
        let mut race = Race::new(History::MadeAnew);
        race.acknowledge(3, Expect::Absent);
        race.acknowledge(2, Expect::Absent);
        assert_eq!(
            race.cache.record(race.path()).unwrap().unwrap().revision,
            Revision(3)
        );
    }

    #[test]
    fn which_commit_made_a_record_is_not_guessed() {
        let mut race = Race::new(History::Overwrites);
        race.acknowledge(5, Expect::At(Revision(4)));
        assert!(
            race.cache.record(race.path()).is_none(),
            "it may have been removed and made anew by 4"
        );
    }

    #[test]
    fn nothing_comes_into_a_closed_cache() {
        let mut race = Race::new(History::Overwrites);
        let ticket = race.cache.record_ticket(race.path());
        race.cache.close();
        race.acknowledge(2, Expect::Absent);
        race.cache.fill_record(race.path(), ticket, record(2).as_ref());
        assert!(race.cache.record(race.path()).is_none());
        race.cache.open();
        race.cache.fill_record(race.path(), ticket, record(2).as_ref());
        assert!(
            race.cache.record(race.path()).is_none(),
            "the read began before the sealing"
        );
    }

    #[test]
    fn a_listing_goes_when_something_comes_or_goes_below_it_and_stays_when_a_record_is_overwritten() {
        let cache = Cache::new(1 << 20);
        cache.open();
        let (folder, key) = (Key::of("data"), Key::of("data").path("a/b"));
        let know = || {
            let ticket = cache.listing_ticket(Path::of(&folder));
            cache.fill_listing(Path::of(&folder), ticket, &Arc::from(["a/".to_owned()]));
        };
        let known = || cache.listing(Path::of(&folder)).is_some();
        let commit = |revision, change: &dyn Fn(&mut Batch)| {
            let mut batch = Batch::new();
            change(&mut batch);
            cache.committed(batch, Revision(revision));
        };
        know();
        commit(2, &|batch| {
            batch
                .expect(key.clone(), Some(Revision(1)))
                .put(key.clone(), value(2));
        });
        assert!(known());
        commit(3, &|batch| {
            batch.put(key.clone(), value(3));
        });
        assert!(!known());
        know();
        commit(4, &|batch| {
            batch.delete(key.clone());
        });
        assert!(!known());
    }
}
