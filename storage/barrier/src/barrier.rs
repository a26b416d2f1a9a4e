//! The barrier itself: who reads and commits through it, and what it does when the store fails.

use crate::cache::{Cache, Listing};
use crate::envelope::{self, Envelope};
use crate::foundation::Revisions;
use crate::keyring::Keyring;
use crate::names::{self, Names};
use crate::path::Path;
use crate::{BarrierError, View, sealing};
use crypto::{SecretKey, hkdf_sha256};
use logical::secret::Plaintext;
use logical::{
    Backend, Batch, Clock, Error, ErrorKind, Key, Opened, Random, Record, Result, Revision, StoredBatch,
    StoredKey, StoredWrite,
};
use parking_lot::RwLock;
use std::sync::Arc;
use tokio::sync::{Mutex, watch};

/// How many bytes of opened records are remembered, unless it is said otherwise.
const CACHE: u64 = 64 << 20;

/// Everything above it is in the clear, everything below it is sealed. A handle: copies are the same barrier.
#[derive(Clone)]
pub struct Barrier(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) backend: Arc<dyn Backend>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) clock: Arc<dyn Clock>,
    // Never held across an await, so that a sealing waits for nobody, and when it returns no key is in use.
    pub(crate) unsealed: RwLock<Option<Box<Unsealed>>>,
    pub(crate) cache: Cache,
    pub(crate) names: Names,
    /// Held by whoever changes a row under `core`.
    pub(crate) changing: Mutex<()>,
    store_closed: watch::Sender<bool>,
}

/// All keys, while there are any. Every one of them is wiped when dropped.
pub(crate) struct Unsealed {
    pub(crate) unseal: SecretKey,
    pub(crate) root: SecretKey,
    pub(crate) keyring: Keyring,
    pub(crate) revisions: Revisions,
}

impl Barrier {
    /// A sealed barrier over a store.
    pub fn new(backend: Arc<dyn Backend>, random: Arc<dyn Random>, clock: Arc<dyn Clock>) -> Self {
        Self::with_cache(backend, random, clock, CACHE)
    }

    /// The same, with so many bytes for opened records, and a quarter more for listings and names.
    pub fn with_cache(
        backend: Arc<dyn Backend>,
        random: Arc<dyn Random>,
        clock: Arc<dyn Clock>,
        cache_bytes: u64,
    ) -> Self {
        Self(Arc::new(Inner {
            backend,
            random,
            clock,
            unsealed: RwLock::default(),
            cache: Cache::new(cache_bytes),
            names: Names::new(cache_bytes / 8),
            changing: Mutex::default(),
            store_closed: watch::Sender::new(false),
        }))
    }

    /// What lies below a key, as a store of its own. The whole store is below `Key::root()`.
    pub fn view(&self, prefix: Key) -> View {
        View::new(self.clone(), prefix)
    }

    /// Makes a batch of absolute keys durable, all of it or nothing. It goes on when whoever asked is gone.
    ///
    /// # Errors
    /// `Conflict`, `Unavailable` and `Sealed` as [`Backend::commit`] says. After `Sealed` the barrier is sealed, too.
    pub async fn commit(&self, batch: Batch) -> Result<Revision> {
        let inner = self.0.clone();
        to_the_end(async move { inner.commit(batch).await }).await
    }

    /// A key for what the label says, the same one at every call. It is not known to anyone who has not unsealed.
    ///
    /// # Errors
    /// `Sealed`.
    pub fn derived(&self, label: &str) -> Result<SecretKey> {
        Ok(self
            .0
            .with(|unsealed| hkdf_sha256(&unsealed.keyring.derivation, label))?)
    }

    /// Whether there is no key in memory.
    pub fn is_sealed(&self) -> bool {
        self.0.unsealed.read().is_none()
    }

    /// Waits until the store closed itself: a sync failed, and nobody knows what is on disk. The barrier is sealed by
    /// then, and the server has to follow.
    pub async fn store_closed(&self) {
        // The sender lives as long as the barrier does, so waiting ends with a closing only.
        drop(self.0.store_closed.subscribe().wait_for(|closed| *closed).await);
    }
}

impl Inner {
    /// Works with the keys.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&Unsealed) -> T) -> Result<T, BarrierError> {
        self.unsealed
            .read()
            .as_deref()
            .map(work)
            .ok_or(BarrierError::Sealed)
    }

    /// A record that the cache did not have.
    pub(crate) async fn read(&self, path: Path<'_>) -> Result<Option<Opened>> {
        let ticket = self.cache.record_ticket(path);
        let place = self.with(|unsealed| self.names.stored(&unsealed.keyring.names, path))??;
        let stored = self.backend.get(&place).await?;
        // Also where nothing was found: what a sealed barrier says has to be that it is sealed.
        let open = |unsealed: &Unsealed| stored.map(|stored| unsealed.open(&place, &stored)).transpose();
        let record = self.with(open)??;
        self.cache.fill_record(path, ticket, record.as_ref());
        Ok(record)
    }

    /// A listing that the cache did not have.
    pub(crate) async fn list(&self, path: Path<'_>) -> Result<Listing> {
        const AT_ONCE: usize = 1000;
        let ticket = self.cache.listing_ticket(path);
        let folder = self.with(|unsealed| self.names.folder(&unsealed.keyring.names, path))??;
        let mut found = Vec::new();
        let mut after: Option<Vec<u8>> = None;
        loop {
            let children = self.backend.children(&folder, after.as_deref(), AT_ONCE).await?;
            for child in &children {
                let text =
                    |unsealed: &Unsealed| names::text(&unsealed.keyring.names, &folder, &child.segment);
                let Some(name) = self.with(text)?? else { continue };
                found.extend(child.folder.then(|| format!("{name}/")));
                found.extend(child.leaf.then_some(name));
            }
            match children.len() < AT_ONCE {
                true => break,
                false => after = children.into_iter().last().map(|child| child.segment),
            }
        }
        found.sort_unstable();
        let listing = Listing::from(found);
        self.cache.fill_listing(path, ticket, &listing);
        Ok(listing)
    }

    /// Makes changes of rows under `core` durable. If the answer was lost, it looks whether they are there: a keyring
    /// or a root key that is durable and unknown would be one too many.
    pub(crate) async fn commit_own(&self, batch: StoredBatch) -> Result<Revision> {
        let written = batch.writes.first().cloned();
        match (self.backend.commit(batch).await, written) {
            (Err(error), Some((place, StoredWrite::Put(bytes)))) if error.kind() == ErrorKind::Internal => {
                let found = self.backend.get(&place).await?;
                let ours = found.filter(|record| record.value == bytes);
                ours.map(|record| record.revision).ok_or(error)
            }
            (done, _) => done.inspect_err(|error| self.failed(error)),
        }
    }

    async fn commit(self: Arc<Self>, batch: Batch) -> Result<Revision> {
        let (batch, sealed) = self.sealed(batch).await?;
        match self.backend.commit(sealed).await {
            Ok(revision) => {
                self.cache.committed(batch, revision);
                Ok(revision)
            }
            Err(error) => {
                // After a conflict the next try has to read what is there; after other errors nobody knows what is.
                self.cache.doubted(&batch);
                self.failed(&error);
                Err(error)
            }
        }
    }

    /// A batch as the store gets it, beside what it says in clear.
    pub(crate) async fn sealed(&self, batch: Batch) -> Result<(Batch, StoredBatch)> {
        let batch = self.with(|unsealed| sealing::resolve(unsealed, batch))??;
        let batch = sealing::last_writes(batch);
        loop {
            let seal =
                |unsealed: &Unsealed| sealing::seal(unsealed, &self.names, self.random.as_ref(), &batch);
            match self.with(seal)?? {
                Some(sealed) => return Ok((batch, sealed)),
                None => self.grant(sealing::seals(&batch)).await?,
            }
        }
    }

    fn failed(&self, error: &Error) {
        if error.kind() == ErrorKind::Sealed || self.backend.is_closed() {
            tracing::error!(%error, "the store closed itself; sealing");
            self.seal();
            self.store_closed.send_replace(true);
        }
    }
}

impl Unsealed {
    /// Opens what lies at a place.
    pub(crate) fn open(&self, place: &StoredKey, stored: &Record) -> Result<Opened, BarrierError> {
        Ok(Opened {
            value: Arc::new(self.open_value(place, &stored.value)?),
            created: stored.created,
            revision: stored.revision,
        })
    }

    fn open_value(&self, place: &StoredKey, value: &[u8]) -> Result<Plaintext, BarrierError> {
        let envelope = Envelope::read(value).ok_or_else(|| envelope::damaged(place))?;
        let term = self.keyring.term(envelope.term);
        let term = term.ok_or_else(|| envelope::damaged(place))?;
        envelope.open(&term.aead, place)
    }
}

/// Runs to the end even if whoever waits is dropped: what is durable must also be known to the cache and the keyring.
pub(crate) async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    let ended = tokio::spawn(work).await;
    ended.unwrap_or_else(|error| Err(Error::internal(format!("commit through the barrier: {error}"))))
}
