//! The rows of a mount: where they lie, and how a handler reads them.

use super::secret::{Secret, Version};
use super::settings::Settings;
use logical::{Batch, Error, Fields, Id, Key, Opened, Page, Result, Revision, Storage, Time};
use std::sync::Arc;

/// The rows of a mount. `Kv2::rows` alone makes it, so no handler can look before an upgrade is done.
pub(super) struct Rows {
    storage: Arc<dyn Storage>,
}

/// What a row says, or that there is none, and what a batch that is decided on it must expect.
pub(super) struct Found<T> {
    /// What it says.
    pub(super) value: T,
    /// Where it lies.
    pub(super) key: Key,
    revision: Option<Revision>,
}

/// A version that a client asked for.
pub(super) struct Reading {
    /// The secret it belongs to.
    pub(super) secret: Found<Secret>,
    /// The version.
    pub(super) version: Version,
    /// What is in it; `None` if it is deleted or destroyed.
    pub(super) data: Option<Fields>,
}

/// The row of the engine's settings.
fn config_key() -> Key {
    Key::of("config")
}

/// Below this key lies a row for every secret, at its path.
pub(super) fn secrets() -> Key {
    Key::of("m")
}

/// The row of what a version holds.
pub(super) fn data_key(data: Id) -> Key {
    Key::of("v").id(data)
}

impl<T> Found<T> {
    /// Makes a batch expect that the row is still as it was found.
    pub(super) fn expected_by(&self, batch: &mut Batch) {
        batch.expect(self.key.clone(), self.revision);
    }

    fn new(key: Key, row: Option<&Opened>, value: T) -> Self {
        Self {
            value,
            key,
            revision: row.map(|row| row.revision),
        }
    }
}

/// What is there is also what is there or not.
impl<T> From<Found<T>> for Found<Option<T>> {
    fn from(found: Found<T>) -> Self {
        let Found { value, key, revision } = found;
        Self {
            value: Some(value),
            key,
            revision,
        }
    }
}

impl<T> Found<Option<T>> {
    /// The same row, if there is one.
    pub(super) fn present(self) -> Option<Found<T>> {
        let Self { value, key, revision } = self;
        value.map(|value| Found { value, key, revision })
    }
}

impl Rows {
    pub(super) fn new(storage: Arc<dyn Storage>) -> Self {
        Self { storage }
    }

    /// The engine's settings; the defaults as long as nobody set any.
    pub(super) async fn config(&self) -> Result<Found<Settings>> {
        let key = config_key();
        let row = self.storage.get(&key).await?;
        let settings = row.as_ref().map(Opened::json).transpose()?;
        Ok(Found::new(key, row.as_ref(), settings.unwrap_or_default()))
    }

    /// The secret at a path, if there is one; `None` also for the path of a folder.
    pub(super) async fn secret(&self, path: &str) -> Result<Option<Found<Secret>>> {
        match secrets().leaf(path) {
            Some(key) => Ok(self.look_up(key).await?.present()),
            None => Ok(None),
        }
    }

    /// The secret at a path that is about to be written, or that there is none yet.
    pub(super) async fn secret_to_write(&self, path: &str) -> Result<Found<Option<Secret>>> {
        let folder = || Error::invalid("cannot write to a path ending in '/'");
        self.look_up(secrets().leaf(path).ok_or_else(folder)?).await
    }

    /// A version of the secret at a path, the latest for zero, and what is in it; `None` if there is no such version.
    pub(super) async fn read(&self, path: &str, number: i64, now: Time) -> Result<Option<Reading>> {
        let mut seen = None;
        while let Some(secret) = self.secret(path).await? {
            let Some(version) = secret.value.version(number).cloned() else {
                return Ok(None);
            };
            let data = match version.readable(now) {
                Some(id) => self.data(id).await?,
                None => None,
            };
            if data.is_some() || version.readable(now).is_none() {
                return Ok(Some(Reading {
                    secret,
                    version,
                    data,
                }));
            }
            // Somebody destroyed it after its row was read, unless the row still says that it is there.
            if seen == secret.revision {
                let text = format!("version {} of a secret has lost its data", version.number);
                return Err(Error::internal(text));
            }
            seen = secret.revision;
        }
        Ok(None)
    }

    /// The names directly below a folder.
    pub(super) async fn list(&self, folder: &str, page: &Page) -> Result<Vec<String>> {
        self.storage.list(&secrets().folder(folder), page).await
    }

    /// The paths of all secrets below a folder.
    pub(super) async fn walk(&self, folder: &str) -> Result<Vec<String>> {
        crate::walk::walk(&*self.storage, &secrets().folder(folder), usize::MAX).await
    }

    async fn look_up(&self, key: Key) -> Result<Found<Option<Secret>>> {
        let row = self.storage.get(&key).await?;
        let secret = row.as_ref().map(Opened::json).transpose()?;
        Ok(Found::new(key, row.as_ref(), secret))
    }

    async fn data(&self, data: Id) -> Result<Option<Fields>> {
        let row = self.storage.get(&data_key(data)).await?;
        row.map(|row| Fields::parse(row.value.expose())).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_trait::async_trait;
    use logical::testing::Memory;
    use logical::{ErrorKind, Row, Span};
    use std::collections::BTreeSet;

    /// A store in which somebody destroys version 1 after its secret's row was read.
    struct Racing(Memory);

    #[async_trait]
    impl Storage for Racing {
        async fn get(&self, key: &Key) -> Result<Option<Opened>> {
            if *key == data_key(id()) {
                self.0.apply(written(|secret| {
                    for version in secret.versions_mut(&BTreeSet::from([1])) {
                        version.destroy();
                    }
                }))?;
            }
            self.0.get(key).await
        }

        async fn range(&self, span: &Span, limit: usize) -> Result<Vec<Row>> {
            self.0.range(span, limit).await
        }

        async fn list(&self, prefix: &Key, page: &Page) -> Result<Vec<String>> {
            self.0.list(prefix, page).await
        }
    }

    fn id() -> Id {
        "000000000000000000000001".parse().unwrap()
    }

    /// A secret with one version, changed and written, without what the version holds.
    fn written(change: impl FnOnce(&mut Secret)) -> Batch {
        let mut secret = Secret::new(Time::UNIX_EPOCH);
        secret.add(id(), &Settings::default(), Time::UNIX_EPOCH);
        change(&mut secret);
        let mut batch = Batch::new();
        batch.put_json(secrets().name("a"), &secret).unwrap();
        batch
    }

    #[tokio::test]
    async fn a_version_that_is_destroyed_while_it_is_read_reads_as_destroyed() {
        let racing = Racing(Memory::default());
        racing.0.apply(written(|_| {})).unwrap();
        let reading = Rows::new(Arc::new(racing)).read("a", 1, Time::UNIX_EPOCH).await;
        assert!(reading.unwrap().unwrap().data.is_none());
    }

    #[tokio::test]
    async fn data_that_are_lost_are_a_fault_and_no_absence() {
        let memory = Memory::default();
        memory.apply(written(|_| {})).unwrap();
        let reading = Rows::new(Arc::new(memory)).read("a", 0, Time::UNIX_EPOCH).await;
        assert_eq!(reading.err().unwrap().kind(), ErrorKind::Internal);
    }
}
