//! The rows under `core` that are there before anything can be opened.
//!
//! `format` is the version of all this; `seal` says in clear how the unseal key is kept; `root-key` is sealed by the
//! unseal key, and `keyring` by the root key. All four are made in one commit, and each later change of one expects it.

use crate::BarrierError;
use crate::envelope::{self, Envelope};
use crate::keyring::Keyring;
use crate::path::Path;
use crypto::SecretKey;
use crypto::aead::{Aead, NONCE};
use logical::secret::Plaintext;
use logical::{
    Backend, Error, Expect, Random, Record, Result, Revision, SealConfig, Segment, StoredBatch, StoredKey,
    StoredWrite,
};

const FORMAT: &[u8] = b"1";
const CORE: &str = "core";
const ROWS: [&str; 4] = ["format", "seal", "root-key", "keyring"];

/// What was found under `core`.
pub(crate) struct Foundation {
    seal: Revision,
    root_key: Record,
    keyring: Record,
}

/// As which commits left the rows: what the next change of them expects.
#[derive(Clone, Copy, Default)]
pub(crate) struct Revisions {
    pub(crate) seal: Revision,
    pub(crate) root_key: Revision,
    pub(crate) keyring: Revision,
}

impl Foundation {
    /// Reads all four rows as they were at one moment; `None` if the store is not initialised.
    pub(crate) async fn read(backend: &dyn Backend) -> Result<Option<Self>> {
        let core = StoredKey::root().with(CORE.as_bytes());
        let rows = backend.range(core.all_below(), 64).await?;
        let find = |name: &str| {
            let place = place(name);
            let found = rows.iter().find(|(key, _)| *key == place);
            found.map(|(_, record)| record.clone())
        };
        let Some(format) = find("format") else {
            return Ok(None);
        };
        if format.value != FORMAT {
            return Err(BarrierError::Format.into());
        }
        let missing = |name| damaged("a row that has to be there", name);
        let seal = find("seal").ok_or_else(|| missing("seal"))?;
        Ok(Some(Self {
            seal: seal.revision,
            root_key: find("root-key").ok_or_else(|| missing("root-key"))?,
            keyring: find("keyring").ok_or_else(|| missing("keyring"))?,
        }))
    }

    /// As which commits left the rows.
    pub(crate) fn revisions(&self) -> Revisions {
        Revisions {
            seal: self.seal,
            root_key: self.root_key.revision,
            keyring: self.keyring.revision,
        }
    }

    /// Opens the root key.
    ///
    /// # Errors
    /// `WrongKey` if it is not this unseal key that sealed it.
    pub(crate) fn root_key(&self, unseal: &SecretKey) -> Result<SecretKey, BarrierError> {
        let opened = open(unseal, "root-key", &self.root_key).map_err(|_| BarrierError::WrongKey)?;
        SecretKey::from_slice(opened.expose()).ok_or_else(|| damaged("the root key", "root-key"))
    }

    /// Opens the keyring.
    pub(crate) fn keyring(&self, root: &SecretKey) -> Result<Keyring, BarrierError> {
        let opened = open(root, "keyring", &self.keyring)?;
        Keyring::decode(opened.expose()).ok_or_else(|| damaged("the keyring", "keyring"))
    }
}

/// The seal's settings; `None` if the store is not initialised. Readable while sealed.
pub(crate) async fn seal_config(backend: &dyn Backend) -> Result<Option<SealConfig>> {
    let found = backend.get(&place("seal")).await?;
    Ok(found.map(|record| config(&record)).transpose()?)
}

/// Whether a path is one of the rows that only the barrier itself writes.
pub(crate) fn owns(path: Path<'_>) -> bool {
    let mut segments = path.segments();
    matches!(
        (segments.next(), segments.next()),
        (Some(Segment::Fixed(CORE)), Some(Segment::Fixed(word))) if ROWS.contains(word)
    )
}

/// A change of rows under `core`.
pub(crate) struct Draft<'a> {
    random: &'a dyn Random,
    batch: StoredBatch,
}

impl<'a> Draft<'a> {
    /// Nothing changed yet.
    pub(crate) fn new(random: &'a dyn Random) -> Self {
        Self {
            random,
            batch: StoredBatch::default(),
        }
    }

    /// Says that the rows are made in the present format.
    pub(crate) fn format(mut self) -> Self {
        self.write("format", Expect::Absent, FORMAT.to_vec());
        self
    }

    /// Says how the unseal key is kept.
    pub(crate) fn seal(mut self, expect: Expect, config: &SealConfig) -> Result<Self> {
        self.write(
            "seal",
            expect,
            serde_json::to_vec(config).map_err(Error::internal)?,
        );
        Ok(self)
    }

    /// Seals the root key under the unseal key.
    pub(crate) fn root_key(self, expect: Expect, unseal: &SecretKey, root: &SecretKey) -> Self {
        self.sealed("root-key", expect, unseal, root.expose())
    }

    /// Seals the keyring under the root key.
    pub(crate) fn keyring(self, expect: Expect, root: &SecretKey, encoded: &[u8]) -> Self {
        self.sealed("keyring", expect, root, encoded)
    }

    /// What to commit.
    pub(crate) fn finish(self) -> StoredBatch {
        self.batch
    }

    fn sealed(mut self, name: &str, expect: Expect, key: &SecretKey, text: &[u8]) -> Self {
        let mut nonce = [0; NONCE];
        self.random.fill(&mut nonce);
        // These two keys have no terms: the row that holds a key says which one it is.
        let sealed = envelope::seal(&Aead::new(key), 0, &nonce, &place(name), text);
        self.write(name, expect, sealed);
        self
    }

    fn write(&mut self, name: &str, expect: Expect, bytes: Vec<u8>) {
        self.batch.expect.push((place(name), expect));
        self.batch.writes.push((place(name), StoredWrite::Put(bytes)));
    }
}

fn place(name: &str) -> StoredKey {
    StoredKey::root().with(CORE.as_bytes()).with(name.as_bytes())
}

fn config(record: &Record) -> Result<SealConfig, BarrierError> {
    serde_json::from_slice(&record.value).map_err(|_| damaged("the seal's settings", "seal"))
}

fn open(key: &SecretKey, name: &str, record: &Record) -> Result<Plaintext, BarrierError> {
    let envelope = Envelope::read(&record.value).ok_or_else(|| envelope::damaged(&place(name)))?;
    envelope.open(&Aead::new(key), &place(name))
}

fn damaged(what: &'static str, name: &str) -> BarrierError {
    BarrierError::Damaged {
        what,
        place: place(name),
    }
}
