//! Bytes at rest, held by someone we do not trust.

use crate::{Expect, Fence, Result, Revision};
use async_trait::async_trait;
use futures_core::stream::BoxStream;
use std::fmt;
use std::ops::Range;

/// The place of a row on disk.
///
/// Each segment is its length (one byte below 128, else two) and its bytes. Nothing needs escaping, a folder is a
/// prefix of bytes, and segments of equal length keep their order. Longest segment: 32,767 bytes.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoredKey(Vec<u8>);

/// A row as it lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Sealed bytes.
    pub value: Vec<u8>,
    /// The commit that made the row.
    pub created: Revision,
    /// The commit that wrote it last.
    pub revision: Revision,
}

/// What becomes of a row on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoredWrite {
    /// It has these sealed bytes from now on.
    Put(Vec<u8>),
    /// It is gone.
    Delete,
}

/// A batch, sealed.
#[derive(Clone, Default)]
pub struct StoredBatch {
    /// What must still be so.
    pub expect: Vec<(StoredKey, Expect)>,
    /// What is done then.
    pub writes: Vec<(StoredKey, StoredWrite)>,
    /// The writer's right to write.
    pub fence: Option<Fence>,
}

/// A next segment below a prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Child {
    /// The segment's bytes, as stored.
    pub segment: Vec<u8>,
    /// Whether a row has exactly this key.
    pub leaf: bool,
    /// Whether rows lie below it.
    pub folder: bool,
}

/// A key that changed, and in which commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which row.
    pub key: StoredKey,
    /// In which commit.
    pub revision: Revision,
}

/// Bytes at rest. Sees sealed bytes only and never interprets them.
#[async_trait]
pub trait Backend: Send + Sync {
    /// One row.
    async fn get(&self, key: &StoredKey) -> Result<Option<Record>>;

    /// Rows from one key up to another, the latter not included, in order, at most `limit` of them.
    async fn range(&self, keys: Range<StoredKey>, limit: usize) -> Result<Vec<(StoredKey, Record)>>;

    /// The next segments below a prefix, in stored order, behind the segment `after`, at most `limit` of them.
    /// Values are not read.
    async fn children(&self, prefix: &StoredKey, after: Option<&[u8]>, limit: usize) -> Result<Vec<Child>>;

    /// Applies every write or none, if every expectation holds; durable when it returns.
    ///
    /// # Errors
    /// `Conflict` if an expectation does not hold. `Unavailable` if nothing was written and a later try may succeed: a
    /// full disk, a full queue. `Sealed` if the store closed itself, because a failed sync left unknown what is on
    /// disk; nothing more is written until it is opened again.
    async fn commit(&self, batch: StoredBatch) -> Result<Revision>;

    /// Keys changed after a revision, as they change.
    fn watch(&self, after: Revision) -> BoxStream<'static, Result<Change>>;

    /// The commit that was made durable last.
    async fn latest(&self) -> Result<Revision>;

    /// Whether the store closed itself; see [`Backend::commit`].
    fn is_closed(&self) -> bool;
}

impl StoredKey {
    /// The prefix of everything.
    pub fn root() -> Self {
        Self::default()
    }

    /// Takes bytes that came from a store.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Adds a segment. One of more than 32,767 bytes is cut, so whoever calls has checked the length before.
    pub fn push(&mut self, segment: &[u8]) {
        let length = u16::try_from(segment.len()).unwrap_or(u16::MAX).min(0x7fff);
        match u8::try_from(length) {
            Ok(short) if short < 0x80 => self.0.push(short),
            _ => self.0.extend((0x8000 | length).to_be_bytes()),
        }
        self.0.extend(segment.iter().take(usize::from(length)));
    }

    /// The key with one more segment.
    #[must_use]
    pub fn with(mut self, segment: &[u8]) -> Self {
        self.push(segment);
        self
    }

    /// The segments, outermost first; `None` if the bytes are no key.
    pub fn segments(&self) -> Option<Vec<&[u8]>> {
        let mut found = Vec::new();
        let mut rest = self.0.as_slice();
        while !rest.is_empty() {
            let (segment, behind) = split(rest)?;
            found.push(segment);
            rest = behind;
        }
        Some(found)
    }

    /// What lies behind a prefix; `None` if this key does not begin with it.
    pub fn below(&self, prefix: &Self) -> Option<Self> {
        self.0
            .strip_prefix(prefix.0.as_slice())
            .map(|rest| Self(rest.to_vec()))
    }

    /// The next segment below a prefix, and whether more lies behind it; `None` if this key is not below the prefix.
    pub fn next_below(&self, prefix: &Self) -> Option<(&[u8], bool)> {
        let (segment, behind) = split(self.0.strip_prefix(prefix.0.as_slice())?)?;
        Some((segment, !behind.is_empty()))
    }

    /// The first key that lies behind this one and all that is below it. The root has none; it gets a key of `0xff`
    /// bytes, which no key of ours reaches.
    #[must_use]
    pub fn successor(&self) -> Self {
        let mut bytes = self.0.clone();
        while let Some(last) = bytes.pop() {
            if let Some(next) = last.checked_add(1) {
                bytes.push(next);
                return Self(bytes);
            }
        }
        Self(vec![0xff; 3])
    }

    /// Everything below a key, itself not included.
    pub fn all_below(&self) -> Range<Self> {
        let mut first = self.0.clone();
        first.push(0);
        Self(first)..self.successor()
    }
}

/// The segments as they lie on disk, where every name is sealed; bytes that are no text are escaped.
impl fmt::Debug for StoredKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(segments) = self.segments() else {
            return write!(f, "no key: {}", self.0.escape_ascii());
        };
        let shown = segments.iter().map(|segment| segment.escape_ascii().to_string());
        f.debug_list().entries(shown).finish()
    }
}

/// The first segment of encoded bytes, and the rest.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    if first < 0x80 {
        return rest.split_at_checked(usize::from(first));
    }
    let (&second, rest) = rest.split_first()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes([first & 0x7f, second])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_read_back_as_they_were_written() {
        let long = vec![7_u8; 300];
        let key = StoredKey::root().with(b"").with(b"a").with(&long).with(&[0, 255]);
        assert_eq!(key.segments().unwrap(), [&b""[..], b"a", &long, &[0, 255]]);
    }

    #[test]
    fn a_folder_is_a_prefix_and_a_longer_name_is_not_in_it() {
        let folder = StoredKey::root().with(b"data").with(b"a");
        let inside = folder.clone().with(b"b");
        let beside = StoredKey::root().with(b"data").with(b"ab");
        assert!(folder.all_below().contains(&inside));
        assert!(!folder.all_below().contains(&beside));
        assert!(!folder.all_below().contains(&folder));
        assert_eq!(inside.next_below(&StoredKey::root()), Some((&b"data"[..], true)));
        assert_eq!(inside.next_below(&folder), Some((&b"b"[..], false)));
    }

    #[test]
    fn segments_of_equal_length_keep_their_order() {
        let at = |ms: u64| StoredKey::root().with(b"expiry").with(&ms.to_be_bytes());
        assert!(at(255) < at(256));
        assert!(at(256) < at(u64::MAX));
    }

    #[test]
    fn bytes_that_are_no_key_have_no_segments() {
        assert!(StoredKey::from_bytes(vec![5, 1]).segments().is_none());
        assert!(StoredKey::from_bytes(vec![0x81]).segments().is_none());
    }
}
