//! New keys for an open store: a new term, a new root key, a new unseal key. Each is one commit that expects the old.

use crate::barrier::{Inner, Unsealed, to_the_end};
use crate::foundation::{Draft, Foundation};
use crate::keyring::Change;
use crate::lifecycle::unseal_key;
use crate::{Barrier, BarrierError};
use crypto::{SecretKey, equal};
use logical::secret::Plaintext;
use logical::{Batch, ErrorKind, Expect, Result, Revision, SealConfig, StoredBatch, Time};

/// The data key that seals now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyStatus {
    /// Its number.
    pub term: u32,
    /// Since when it seals.
    pub installed: Time,
    /// How many records it has sealed, at most: after a restart it counts in steps of 65,536.
    pub encryptions: u64,
}

impl Barrier {
    /// The data key that seals now.
    ///
    /// # Errors
    /// `Sealed`.
    pub fn key_status(&self) -> Result<KeyStatus> {
        let status = |unsealed: &Unsealed| {
            let term = unsealed.keyring.active();
            KeyStatus {
                term: term.number,
                installed: term.installed,
                encryptions: term.used(),
            }
        };
        Ok(self.0.with(status)?)
    }

    /// Begins a new term: from now on another data key seals. What older terms sealed stays readable, and is sealed
    /// anew when it is written again.
    pub async fn rotate(&self) -> Result<()> {
        let inner = self.0.clone();
        to_the_end(async move {
            let _changing = inner.changing.lock().await;
            let (now, random) = (inner.clock.now(), inner.random.as_ref());
            let rotation = inner.with(|unsealed| unsealed.keyring.rotation(now, random))?;
            inner.change(rotation).await
        })
        .await
    }

    /// Whether this is the key that opens the store.
    ///
    /// # Errors
    /// `Sealed`.
    pub fn is_unseal_key(&self, key: &Plaintext) -> Result<bool> {
        Ok(self
            .0
            .with(|unsealed| equal(unsealed.unseal.expose(), key.expose()))?)
    }

    /// Replaces the unseal key, says how the new one is kept, and writes the rows that belong to it: all in one commit.
    /// The old key opens nothing any more.
    ///
    /// # Errors
    /// As [`Barrier::commit`]; then the old key is the one that opens.
    pub async fn rekey(&self, unseal: &Plaintext, config: SealConfig, rows: Batch) -> Result<()> {
        let (inner, unseal) = (self.0.clone(), unseal_key(unseal)?);
        to_the_end(async move {
            let (rows, sealed) = inner.sealed(rows).await?;
            let _changing = inner.changing.lock().await;
            let draft = |unsealed: &Unsealed| -> Result<StoredBatch> {
                let revisions = unsealed.revisions;
                Ok(Draft::new(inner.random.as_ref())
                    .seal(Expect::At(revisions.seal), &config)?
                    .root_key(Expect::At(revisions.root_key), &unseal, &unsealed.root)
                    .finish())
            };
            let mut batch = inner.with(draft)??;
            batch.expect.extend(sealed.expect);
            batch.writes.extend(sealed.writes);
            let revision = inner.commit_keys(batch).await?;
            inner.cache.committed(rows, revision);
            // It is durable: whoever holds the new shares has to get them, even if the barrier was sealed meanwhile.
            let _ = inner.adopt(|unsealed| {
                unsealed.unseal = unseal;
                unsealed.revisions.seal = revision;
                unsealed.revisions.root_key = revision;
            });
            Ok(())
        })
        .await
    }

    /// Replaces the root key. The unseal key and its shares stay as they are.
    pub async fn rotate_root(&self) -> Result<()> {
        let inner = self.0.clone();
        to_the_end(async move {
            let _changing = inner.changing.lock().await;
            let root = SecretKey::generate(inner.random.as_ref());
            let draft = |unsealed: &Unsealed| {
                let revisions = unsealed.revisions;
                Draft::new(inner.random.as_ref())
                    .root_key(Expect::At(revisions.root_key), &unsealed.unseal, &root)
                    .keyring(
                        Expect::At(revisions.keyring),
                        &root,
                        &unsealed.keyring.encode(None),
                    )
                    .finish()
            };
            let batch = inner.with(draft)?;
            let revision = inner.commit_keys(batch).await?;
            inner.adopt(|unsealed| {
                unsealed.root = root;
                unsealed.revisions.root_key = revision;
                unsealed.revisions.keyring = revision;
            })
        })
        .await
    }
}

impl Inner {
    /// Makes room for so many seals more: by a larger grant, or by a new term.
    pub(crate) async fn grant(&self, seals: u64) -> Result<()> {
        let _changing = self.changing.lock().await;
        let (now, random) = (self.clock.now(), self.random.as_ref());
        let change = self.with(|unsealed| unsealed.keyring.change_for(seals, now, random))?;
        match change {
            // Another node was quicker, and its keyring is known now.
            Some(change) => match self.change(change).await {
                Err(error) if error.kind() == ErrorKind::Conflict => Ok(()),
                done => done,
            },
            // Somebody else was here while this waited.
            None => Ok(()),
        }
    }

    async fn change(&self, change: Change) -> Result<()> {
        let draft = |unsealed: &Unsealed| {
            let encoded = unsealed.keyring.encode(Some(&change));
            Draft::new(self.random.as_ref())
                .keyring(Expect::At(unsealed.revisions.keyring), &unsealed.root, &encoded)
                .finish()
        };
        let batch = self.with(draft)?;
        let revision = self.commit_keys(batch).await?;
        self.adopt(|unsealed| {
            unsealed.keyring.apply(change);
            unsealed.revisions.keyring = revision;
        })
    }

    /// Makes a change of keys durable. Where another node changed them before, its keys are known after the conflict.
    async fn commit_keys(&self, batch: StoredBatch) -> Result<Revision> {
        let done = self.commit_own(batch).await;
        if done
            .as_ref()
            .is_err_and(|error| error.kind() == ErrorKind::Conflict)
        {
            self.refresh().await?;
        }
        done
    }

    /// Reads the keys anew. After a rekeying elsewhere they do not open: this node has to be sealed and unsealed.
    async fn refresh(&self) -> Result<()> {
        let found = Foundation::read(self.backend.as_ref()).await?;
        let foundation = found.ok_or(BarrierError::Uninitialized)?;
        let mut slot = self.unsealed.write();
        let unsealed = slot.as_deref_mut().ok_or(BarrierError::Sealed)?;
        let root = foundation.root_key(&unsealed.unseal)?;
        unsealed.keyring = foundation.keyring(&root)?;
        unsealed.root = root;
        unsealed.revisions = foundation.revisions();
        Ok(())
    }

    /// Takes over in memory what is durable. Where the barrier was sealed meanwhile, the next unsealing reads it.
    fn adopt(&self, take: impl FnOnce(&mut Unsealed)) -> Result<()> {
        let mut unsealed = self.unsealed.write();
        take(unsealed.as_deref_mut().ok_or(BarrierError::Sealed)?);
        Ok(())
    }
}
