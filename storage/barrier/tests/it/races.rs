//! Many at once: nobody reads older than what was acknowledged.

use crate::world::{World, over, put, read, secret};
use async_trait::async_trait;
use futures_core::stream::BoxStream;
use logical::Store as _;
use logical::secret::Plaintext;
use logical::{
    Backend, Batch, Change, Child, ErrorKind, Key, Page, Record, Result, Revision, Storage, StoredBatch,
    StoredKey,
};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use storage_barrier::View;
use storage_conformance::Dice;

const KEYS: usize = 4;
const WRITES: u64 = 300;

/// A store that lets others pass before and after it answers, differently each time.
struct Lazy {
    inner: Arc<dyn Backend>,
    seed: AtomicU64,
}

impl Lazy {
    fn over(world: &World, seed: u64) -> Self {
        Self {
            inner: world.store.clone(),
            seed: AtomicU64::new(seed),
        }
    }

    async fn dawdle(&self) {
        let seed = self.seed.fetch_add(1, Ordering::Relaxed);
        for _ in 0..Dice::new(seed).below(6) {
            tokio::task::yield_now().await;
        }
    }
}

#[async_trait]
impl Backend for Lazy {
    async fn get(&self, key: &StoredKey) -> Result<Option<Record>> {
        self.dawdle().await;
        let found = self.inner.get(key).await;
        self.dawdle().await;
        found
    }

    async fn range(&self, keys: Range<StoredKey>, limit: usize) -> Result<Vec<(StoredKey, Record)>> {
        self.inner.range(keys, limit).await
    }

    async fn children(&self, prefix: &StoredKey, after: Option<&[u8]>, limit: usize) -> Result<Vec<Child>> {
        self.dawdle().await;
        let found = self.inner.children(prefix, after, limit).await;
        self.dawdle().await;
        found
    }

    async fn commit(&self, batch: StoredBatch) -> Result<Revision> {
        self.dawdle().await;
        let done = self.inner.commit(batch).await;
        self.dawdle().await;
        done
    }

    fn watch(&self, after: Revision) -> BoxStream<'static, Result<Change>> {
        self.inner.watch(after)
    }

    async fn latest(&self) -> Result<Revision> {
        self.inner.latest().await
    }

    fn is_closed(&self) -> bool {
        self.inner.is_closed()
    }
}

/// The revisions that were acknowledged, key by key.
#[derive(Default)]
struct Acknowledged {
    revisions: [AtomicU64; KEYS],
    over: AtomicBool,
}

fn key(n: usize) -> Key {
    secret(&format!("folder/{n}"))
}

/// Writes, with an expectation, blindly, or not at all (a deletion), and notes what was acknowledged.
async fn write(view: View, acknowledged: Arc<Acknowledged>, seed: u64) {
    let mut dice = Dice::new(seed);
    for _ in 0..WRITES {
        let n = dice.below(KEYS);
        let mut batch = Batch::new();
        match dice.below(4) {
            0 => batch.delete(key(n)),
            1 => batch.put(key(n), Plaintext::new(vec![1])),
            _ => {
                let found = view.get(&key(n)).await.unwrap();
                batch
                    .expect(key(n), found.map(|record| record.revision))
                    .put(key(n), Plaintext::new(vec![2]))
            }
        };
        match view.commit(batch).await {
            Ok(revision) => drop(acknowledged.revisions[n].fetch_max(revision.0, Ordering::SeqCst)),
            Err(error) => assert_eq!(error.kind(), ErrorKind::Conflict),
        }
    }
}

/// Reads until the writing is over; `deletions` tell nothing of their revision, so an absence is checked at the end.
async fn watch_records(view: View, acknowledged: Arc<Acknowledged>, seed: u64) -> u64 {
    let (mut dice, mut reads) = (Dice::new(seed), 0);
    while !acknowledged.over.load(Ordering::SeqCst) {
        let n = dice.below(KEYS);
        let before = acknowledged.revisions[n].load(Ordering::SeqCst);
        if let Some(record) = view.get(&key(n)).await.unwrap() {
            assert!(
                record.revision.0 >= before,
                "{} is older than {before}",
                record.revision.0
            );
            assert!(record.created <= record.revision);
        }
        reads += 1;
        tokio::task::yield_now().await;
    }
    reads
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_reads_older_than_what_was_acknowledged() {
    let world = World::sealed().await;
    let barrier = over(Arc::new(Lazy::over(&world, 7)));
    barrier.unseal(&world.key).await.unwrap();
    let (view, acknowledged) = (barrier.view(Key::root()), Arc::new(Acknowledged::default()));
    let readers: Vec<_> = (0..6)
        .map(|n| tokio::spawn(watch_records(view.clone(), acknowledged.clone(), n)))
        .collect();
    let writers: Vec<_> = (0..6)
        .map(|n| tokio::spawn(write(view.clone(), acknowledged.clone(), 100 + n)))
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    acknowledged.over.store(true, Ordering::SeqCst);
    for reader in readers {
        assert!(reader.await.unwrap() > 0);
    }
    // In the end the cache says what the store says, record by record, listing included.
    let restarted = world.restarted().await.view(Key::root());
    for n in 0..KEYS {
        let (here, there) = (
            view.get(&key(n)).await.unwrap(),
            restarted.get(&key(n)).await.unwrap(),
        );
        let facts = |found: Option<logical::Opened>| {
            found.map(|record| (record.created, record.revision, record.value.expose().to_vec()))
        };
        assert_eq!(facts(here), facts(there));
    }
    let folder = secret("folder");
    let listing = restarted.list(&folder, &Page::all()).await.unwrap();
    assert_eq!(view.list(&folder, &Page::all()).await.unwrap(), listing);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_counter_that_is_expected_loses_no_step() {
    let world = World::opened().await;
    let view = world.view();
    let steps: Vec<_> = (0..8).map(|_| tokio::spawn(count(view.clone()))).collect();
    for step in steps {
        step.await.unwrap();
    }
    let record = view.get(&key(0)).await.unwrap().unwrap();
    assert_eq!(record.value.expose(), 400_u64.to_be_bytes());
}

async fn count(view: View) {
    for _ in 0..50 {
        loop {
            let found = view.get(&key(0)).await.unwrap();
            let number =
                |record: &logical::Opened| u64::from_be_bytes(record.value.expose().try_into().unwrap());
            let next = found.as_ref().map_or(0, number) + 1;
            let mut batch = Batch::new();
            batch.expect(key(0), found.map(|record| record.revision));
            batch.put(key(0), Plaintext::new(next.to_be_bytes().to_vec()));
            if view.commit(batch).await.is_ok() {
                break;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_listing_shows_everything_that_was_acknowledged() {
    let world = World::sealed().await;
    let barrier = over(Arc::new(Lazy::over(&world, 3)));
    barrier.unseal(&world.key).await.unwrap();
    let view = barrier.view(Key::root());
    let written = Arc::new(AtomicU64::new(0));
    let writer = {
        let (view, written) = (view.clone(), written.clone());
        tokio::spawn(async move {
            for n in 1..=200 {
                let mut batch = Batch::new();
                batch.mark(secret(&format!("folder/{n}")));
                view.commit(batch).await.unwrap();
                written.store(n, Ordering::SeqCst);
            }
        })
    };
    while !writer.is_finished() {
        let before = written.load(Ordering::SeqCst);
        let listed = view.list(&secret("folder"), &Page::all()).await.unwrap();
        assert!(listed.len() as u64 >= before, "{} of {before}", listed.len());
        tokio::task::yield_now().await;
    }
    writer.await.unwrap();
}

#[tokio::test]
async fn a_commit_whose_caller_is_gone_is_known_to_readers_all_the_same() {
    for patience in 0..30 {
        let world = World::sealed().await;
        let barrier = over(Arc::new(Lazy::over(&world, 5)));
        barrier.unseal(&world.key).await.unwrap();
        let view = barrier.view(Key::root());
        view.commit(put(&key(0), "old")).await.unwrap();
        assert_eq!(read(&view, &key(0)).await.as_deref(), Some("old"));
        let caller = {
            let view = view.clone();
            tokio::spawn(async move { view.commit(put(&key(0), "new")).await })
        };
        yield_often(patience).await;
        caller.abort();
        yield_often(60).await;
        let stored = read(&world.restarted().await.view(Key::root()), &key(0)).await;
        assert_eq!(read(&view, &key(0)).await, stored, "{patience}");
    }
}

async fn yield_often(times: usize) {
    for _ in 0..times {
        tokio::task::yield_now().await;
    }
}
