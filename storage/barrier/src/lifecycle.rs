//! From an empty store to an open one, and back: initialise, unseal, seal.

use crate::barrier::{Inner, Unsealed, to_the_end};
use crate::foundation::{self, Draft, Foundation};
use crate::keyring::{Change, Keyring};
use crate::names::Names;
use crate::{Barrier, BarrierError, sealing};
use crypto::{SecretKey, hkdf_sha256};
use logical::secret::Plaintext;
use logical::{Batch, Error, ErrorKind, Expect, Result, SealConfig, StoredBatch};
use std::sync::Arc;

/// What a server is, before anyone asks for anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// Whether there are keys for this store.
    pub initialized: bool,
    /// Whether they are not in memory.
    pub sealed: bool,
}

/// Keys that were drawn for a store, and are not in it yet.
///
/// What has to be there from the first moment (mounts, a root token) is committed together with the keys, so that a
/// store is initialised whole or not at all.
pub struct Founding {
    inner: Arc<Inner>,
    config: SealConfig,
    keys: Unsealed,
}

impl Barrier {
    /// Whether the store is initialised, and whether the barrier is sealed.
    pub async fn status(&self) -> Result<Status> {
        let sealed = self.is_sealed();
        Ok(Status {
            initialized: !sealed || self.seal_config().await?.is_some(),
            sealed,
        })
    }

    /// How the unseal key is kept; `None` if the store is not initialised. Readable while sealed.
    pub async fn seal_config(&self) -> Result<Option<SealConfig>> {
        foundation::seal_config(self.0.backend.as_ref()).await
    }

    /// Draws an unseal key. It is kept nowhere: whoever asked protects it with a seal.
    pub fn draw_unseal_key(&self) -> Plaintext {
        Plaintext::from(SecretKey::generate(self.0.random.as_ref()).expose().as_slice())
    }

    /// Makes the keys of a new store. The barrier stays sealed.
    ///
    /// # Errors
    /// `Invalid` if the store is initialised already.
    pub async fn initialize(&self, unseal: &Plaintext, config: SealConfig) -> Result<()> {
        self.found(unseal, config)?.commit(Batch::new()).await
    }

    /// Draws the keys of a new store; nothing is written before [`Founding::commit`].
    pub fn found(&self, unseal: &Plaintext, config: SealConfig) -> Result<Founding> {
        let random = self.0.random.as_ref();
        Ok(Founding {
            inner: self.0.clone(),
            config,
            keys: Unsealed {
                unseal: unseal_key(unseal)?,
                root: SecretKey::generate(random),
                keyring: Keyring::generate(self.0.clock.now(), random),
                revisions: foundation::Revisions::default(),
            },
        })
    }

    /// Opens the store with the unseal key. An open barrier stays as it is.
    ///
    /// # Errors
    /// `Invalid` if the store is not initialised, or the root key does not open.
    pub async fn unseal(&self, unseal: &Plaintext) -> Result<()> {
        let _changing = self.0.changing.lock().await;
        if !self.is_sealed() {
            return Ok(());
        }
        if self.0.backend.is_closed() {
            return Err(Error::unavailable(
                "the store closed itself after a failed sync; restart the server",
            ));
        }
        let unseal = unseal_key(unseal)?;
        let found = Foundation::read(self.0.backend.as_ref()).await?;
        let foundation = found.ok_or(BarrierError::Uninitialized)?;
        let root = foundation.root_key(&unseal)?;
        let unsealed = Unsealed {
            keyring: foundation.keyring(&root)?,
            unseal,
            root,
            revisions: foundation.revisions(),
        };
        // Both under one lock: a sealing that comes now finds both open, or neither.
        let mut slot = self.0.unsealed.write();
        self.0.cache.open();
        *slot = Some(Box::new(unsealed));
        Ok(())
    }

    /// Forgets every key and every opened record. It waits for nothing, and it always works.
    pub fn seal(&self) {
        self.0.seal();
    }
}

impl Inner {
    pub(crate) fn seal(&self) {
        // The keys first: whoever still reads finds none when it wants to open what it read.
        let mut unsealed = self.unsealed.write();
        *unsealed = None;
        self.names.clear();
        self.cache.close();
    }
}

impl Founding {
    /// The key for what the label says, as [`Barrier::derived`] will give it.
    pub fn derived(&self, label: &str) -> SecretKey {
        hkdf_sha256(&self.keys.keyring.derivation, label)
    }

    /// Writes the keys, and the store's first rows with them. The barrier stays sealed.
    ///
    /// # Errors
    /// `Invalid` if the store is initialised already.
    pub async fn commit(mut self, first: Batch) -> Result<()> {
        let batch = self.draft(first)?;
        to_the_end(async move {
            let _changing = self.inner.changing.lock().await;
            match self.inner.commit_own(batch).await {
                Err(error) if error.kind() == ErrorKind::Conflict => Err(BarrierError::Initialized.into()),
                done => done.map(drop),
            }
        })
        .await
    }

    fn draft(&mut self, first: Batch) -> Result<StoredBatch> {
        let first = sealing::last_writes(first);
        self.keys.keyring.apply(Change::Grant(sealing::seals(&first)));
        let Unsealed {
            unseal,
            root,
            keyring,
            ..
        } = &self.keys;
        let random = self.inner.random.as_ref();
        let mut batch = Draft::new(random)
            .format()
            .seal(Expect::Absent, &self.config)?
            .root_key(Expect::Absent, unseal, root)
            .keyring(Expect::Absent, root, &keyring.encode(None))
            .finish();
        // These keys may never come to be: the barrier's own memory of names must not hear of them.
        let names = Names::new(0);
        let rows = sealing::seal(&self.keys, &names, random, &first)?;
        let rows =
            rows.ok_or_else(|| Error::internal("initialise: the first term was granted too little"))?;
        batch.expect.extend(rows.expect);
        batch.writes.extend(rows.writes);
        Ok(batch)
    }
}

/// The unseal key, which is a key of 32 bytes, out of what a seal gave.
pub(crate) fn unseal_key(bytes: &Plaintext) -> Result<SecretKey, BarrierError> {
    SecretKey::from_slice(bytes.expose()).ok_or(BarrierError::WrongKey)
}
