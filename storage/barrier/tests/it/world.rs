//! A barrier over memory, opened, and what tests ask of it.

use crypto::SystemRandom;
use logical::secret::Plaintext;
use logical::{
    Backend, Batch, Clock, Key, Opened, Record, SealConfig, Storage, StoredBatch, StoredKey, Time,
};
use std::sync::Arc;
use storage_barrier::{Barrier, View};
use storage_memory::Memory;

/// A clock that stands still.
pub(crate) struct Still(pub Time);

#[async_trait::async_trait]
impl Clock for Still {
    fn now(&self) -> Time {
        self.0
    }

    async fn sleep_until(&self, _: Time) {}
}

/// A store, the barrier over it, and the key that opens it.
pub(crate) struct World {
    pub(crate) store: Arc<dyn Backend>,
    pub(crate) barrier: Barrier,
    pub(crate) key: Plaintext,
}

impl World {
    /// Initialised and open.
    pub(crate) async fn opened() -> Self {
        let world = Self::sealed().await;
        world.barrier.unseal(&world.key).await.unwrap();
        world
    }

    /// Initialised.
    pub(crate) async fn sealed() -> Self {
        let world = Self::empty();
        world
            .barrier
            .initialize(&world.key, settings(1, 1))
            .await
            .unwrap();
        world
    }

    /// Nothing there yet.
    pub(crate) fn empty() -> Self {
        let store: Arc<dyn Backend> = Arc::new(Memory::new());
        let barrier = over(store.clone());
        let key = barrier.draw_unseal_key();
        Self { store, barrier, key }
    }

    /// What another process sees that starts on the same store.
    pub(crate) async fn restarted(&self) -> Barrier {
        let barrier = over(self.store.clone());
        barrier.unseal(&self.key).await.unwrap();
        barrier
    }

    /// The view of the whole store.
    pub(crate) fn view(&self) -> View {
        self.barrier.view(Key::root())
    }

    /// Every row, as it lies there.
    pub(crate) async fn rows(&self) -> Vec<(StoredKey, Record)> {
        let all = StoredKey::root().all_below();
        self.store.range(all, usize::MAX).await.unwrap()
    }

    /// The only row below the word `data`.
    pub(crate) async fn row(&self) -> (StoredKey, Record) {
        let below = StoredKey::root().with(b"data").all_below();
        let mut rows = self.store.range(below, 2).await.unwrap();
        assert_eq!(rows.len(), 1);
        rows.remove(0)
    }

    /// Puts bytes into the store, past the barrier.
    pub(crate) async fn tamper(&self, key: StoredKey, bytes: Vec<u8>) {
        let mut batch = StoredBatch::default();
        batch.writes.push((key, logical::StoredWrite::Put(bytes)));
        self.store.commit(batch).await.unwrap();
    }
}

/// A barrier over a store.
pub(crate) fn over(store: Arc<dyn Backend>) -> Barrier {
    Barrier::new(
        store,
        Arc::new(SystemRandom::new()),
        Arc::new(Still(Time::UNIX_EPOCH)),
    )
}

/// A seal's settings.
pub(crate) fn settings(shares: u8, threshold: u8) -> SealConfig {
    SealConfig {
        kind: "shamir".to_owned(),
        shares,
        threshold,
        nonce: String::new(),
    }
}

/// The key of a secret with this path.
pub(crate) fn secret(path: &str) -> Key {
    Key::of("data").path(path)
}

/// A batch that writes one value.
pub(crate) fn put(key: &Key, value: &str) -> Batch {
    let mut batch = Batch::new();
    batch.put(key.clone(), Plaintext::from(value.as_bytes()));
    batch
}

/// The value that is read at a key.
pub(crate) async fn read(view: &dyn Storage, key: &Key) -> Option<String> {
    let found = view.get(key).await.unwrap();
    found.map(|record| text(&record))
}

/// A record's value as text.
pub(crate) fn text(record: &Opened) -> String {
    String::from_utf8(record.value.expose().to_vec()).unwrap()
}
