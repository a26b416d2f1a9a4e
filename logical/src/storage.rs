//! What a room or a plugin sees of the store: plain names, plain values, revisions.

use crate::secret::Plaintext;
use crate::{Batch, Error, Id, Key, Result, Revision, Segment};
use async_trait::async_trait;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// A record, opened.
#[derive(Clone)]
pub struct Opened {
    /// What was written.
    pub value: Arc<Plaintext>,
    /// The commit that made the record.
    pub created: Revision,
    /// The commit that wrote it last; a batch that was decided on this record expects it.
    pub revision: Revision,
}

/// A record that a range found.
#[derive(Clone)]
pub struct Row {
    segments: Vec<Box<[u8]>>,
    /// The record itself.
    pub record: Opened,
}

/// Which records a range reads: those below a key, in stored order, perhaps from one next segment up to another.
///
/// The bounds are segments of fixed length (ids, numbers, digests), because only these sort on disk as they sort here.
#[derive(Clone)]
pub struct Span {
    /// The records read lie below this key.
    pub under: Key,
    /// The first next segment that is read, itself included.
    pub from: Option<Segment>,
    /// Records up to and below this next segment are passed over.
    pub after: Option<Segment>,
    /// The first next segment that is not read any more.
    pub until: Option<Segment>,
}

/// Which part of a listing is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Only entries that sort behind this one.
    pub after: Option<String>,
    /// No more entries than this; all where there is none.
    pub limit: Option<usize>,
}

/// What a plugin sees of the store: its own part, in the clear, with revisions.
///
/// It reads; a handler's writes travel in its `Done`, and the corridor commits them. Only the barrier implements it.
#[async_trait]
pub trait Storage: Send + Sync {
    /// One record. An error is never an absence: what does not open fails.
    async fn get(&self, key: &Key) -> Result<Option<Opened>>;

    /// Records in stored order, at most `limit` of them.
    async fn range(&self, span: &Span, limit: usize) -> Result<Vec<Row>>;

    /// The names directly below a key, sorted as text. What has something below it appears with a `/` behind it, and a
    /// name that is both record and folder appears twice, as in Vault.
    async fn list(&self, prefix: &Key, page: &Page) -> Result<Vec<String>>;
}

/// A view that can write too: what a room of the server holds. Plugins get [`Storage`] alone.
#[async_trait]
pub trait Store: Storage {
    /// Makes a batch durable, with keys relative to the view. Memory has it when this returns.
    ///
    /// # Errors
    /// As [`crate::Backend::commit`].
    async fn commit(&self, batch: Batch) -> Result<Revision>;
}

impl Opened {
    /// Reads the value as JSON. What does not fit is a fault of ours and says nothing of the value.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(self.value.expose()).map_err(|e| {
            Error::internal(format!(
                "read a stored record: {:?} at column {}",
                e.classify(),
                e.column()
            ))
        })
    }
}

impl Row {
    /// A found record and the segments of its key below the span's `under`, each as stored.
    pub fn new(segments: Vec<Box<[u8]>>, record: Opened) -> Self {
        Self { segments, record }
    }

    /// The key of this row, given the span's `under`, with its names still sealed. It reads and removes the row as its
    /// own key does: the barrier opens the names before it commits.
    pub fn key(&self, under: &Key) -> Key {
        self.segments.iter().fold(under.clone(), |key, segment| {
            key.with(Segment::Stored(segment.clone()))
        })
    }

    /// How many segments lie between the span's `under` and this record.
    pub fn depth(&self) -> usize {
        self.segments.len()
    }

    /// The identifier at a place of the key, counted from the span's `under`.
    pub fn id(&self, place: usize) -> Option<Id> {
        std::str::from_utf8(self.segments.get(place)?).ok()?.parse().ok()
    }

    /// The number at a place of the key, counted from the span's `under`.
    pub fn number(&self, place: usize) -> Option<u64> {
        Some(u64::from_be_bytes(
            self.segments.get(place)?.as_ref().try_into().ok()?,
        ))
    }

    /// The digest at a place of the key, counted from the span's `under`.
    pub fn digest(&self, place: usize) -> Option<[u8; 32]> {
        self.segments.get(place)?.as_ref().try_into().ok()
    }
}

impl Span {
    /// Everything below a key.
    pub fn under(key: Key) -> Self {
        Self {
            under: key,
            from: None,
            after: None,
            until: None,
        }
    }

    /// Only from this next segment on.
    #[must_use]
    pub fn from(mut self, segment: Segment) -> Self {
        self.from = Some(segment);
        self
    }

    /// Only what lies behind this next segment and all that is below it.
    #[must_use]
    pub fn after(mut self, segment: Segment) -> Self {
        self.after = Some(segment);
        self
    }

    /// Only what lies before this next segment.
    #[must_use]
    pub fn until(mut self, segment: Segment) -> Self {
        self.until = Some(segment);
        self
    }
}

impl Page {
    /// The whole listing.
    pub fn all() -> Self {
        Self::default()
    }

    /// Cuts a sorted listing down to this page.
    pub fn cut(&self, sorted: Vec<String>) -> Vec<String> {
        let behind = |name: &String| self.after.as_ref().is_none_or(|after| name > after);
        sorted
            .into_iter()
            .filter(behind)
            .take(self.limit.unwrap_or(usize::MAX))
            .collect()
    }
}
