//! Where a row lies, as whoever writes it says it.

use crate::Id;
use smallvec::SmallVec;

/// One part of a key.
///
/// Whoever writes a row chooses, and only a [`Segment::Name`] is sealed by the barrier: what a user called something is
/// secret, what we call it is not.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// A word of ours, such as `mount` or `lease`.
    Fixed(&'static str),
    /// An identifier that we made.
    Id(Id),
    /// A number; in stored order it sorts as a number.
    Number(u64),
    /// A keyed hash.
    Digest([u8; 32]),
    /// What a user named. On disk only its sealed form appears.
    Name(String),
    /// A segment as a range found it on disk, to remove its row: see [`crate::Row::key`].
    Stored(Box<[u8]>),
}

/// The place of a row: segments from the outermost to the innermost.
///
/// A plugin's keys are relative to its view. This is no request path: a `RequestPath` is what a client asks for.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(SmallVec<[Segment; 4]>);

impl Key {
    /// The root: the key of a whole view.
    pub fn root() -> Self {
        Self::default()
    }

    /// A key that begins with a word of ours.
    pub fn of(word: &'static str) -> Self {
        Self::root().fixed(word)
    }

    /// Adds a word of ours.
    #[must_use]
    pub fn fixed(self, word: &'static str) -> Self {
        self.with(Segment::Fixed(word))
    }

    /// Adds an identifier.
    #[must_use]
    pub fn id(self, id: Id) -> Self {
        self.with(Segment::Id(id))
    }

    /// Adds a number.
    #[must_use]
    pub fn number(self, number: u64) -> Self {
        self.with(Segment::Number(number))
    }

    /// Adds a keyed hash.
    #[must_use]
    pub fn digest(self, digest: [u8; 32]) -> Self {
        self.with(Segment::Digest(digest))
    }

    /// Adds a user's name, which the barrier will seal.
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        self.with(Segment::Name(name.into()))
    }

    /// Adds each part of a path as a name of its own, so that a folder is a range. Empty parts are kept.
    #[must_use]
    pub fn path(self, path: &str) -> Self {
        path.split('/').fold(self, |key, part| key.name(part))
    }

    /// Adds a path as the place of one row; `None` for the path of a folder, which is empty or ends in a slash.
    pub fn leaf(self, path: &str) -> Option<Self> {
        (!path.is_empty() && !path.ends_with('/')).then(|| self.path(path))
    }

    /// Adds a path as the place of a folder, whether it ends in a slash or not; the empty path is this key itself.
    #[must_use]
    pub fn folder(self, path: &str) -> Self {
        match path.strip_suffix('/').unwrap_or(path) {
            "" => self,
            path => self.path(path),
        }
    }

    /// Adds one segment.
    #[must_use]
    pub fn with(mut self, segment: Segment) -> Self {
        self.0.push(segment);
        self
    }

    /// Adds all segments of a key below this one.
    #[must_use]
    pub fn join(mut self, below: &Self) -> Self {
        self.0.extend(below.0.iter().cloned());
        self
    }

    /// The segments, outermost first.
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_no_leaf() {
        let root = Key::of("d");
        let inside = root.clone().name("a").name("b");
        assert!(root.clone().leaf("a/b").as_ref() == Some(&inside));
        assert!(root.clone().leaf("a/b/").is_none() && root.clone().leaf("").is_none());
        assert!(root.clone().folder("a/b") == inside && root.clone().folder("a/b/") == inside);
        assert!(root.clone().folder("") == root);
    }
}
