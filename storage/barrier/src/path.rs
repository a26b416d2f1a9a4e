//! A key as two borrowed pieces, so that looking something up in a cache copies nothing.

use logical::{Key, Segment};
use quick_cache::Equivalent;
use std::hash::{Hash, Hasher};

/// A view's prefix and what lies below it, read as one key.
#[derive(Clone, Copy)]
pub(crate) struct Path<'a> {
    prefix: &'a [Segment],
    rest: &'a [Segment],
}

/// The same, kept: what caches are keyed by.
pub(crate) struct Place(Key);

impl<'a> Path<'a> {
    /// A key below a prefix.
    pub(crate) fn below(prefix: &'a Key, key: &'a Key) -> Self {
        Self {
            prefix: prefix.segments(),
            rest: key.segments(),
        }
    }

    /// A key that has no prefix.
    pub(crate) fn of(key: &'a Key) -> Self {
        Self {
            prefix: key.segments(),
            rest: &[],
        }
    }

    /// The segments, outermost first.
    pub(crate) fn segments(self) -> impl Iterator<Item = &'a Segment> {
        self.prefix.iter().chain(self.rest)
    }

    /// The folder that this lies in, and its own segment there; the root lies in none.
    pub(crate) fn split_last(self) -> Option<(Self, &'a Segment)> {
        let Self { prefix, rest } = self;
        if let Some((last, rest)) = rest.split_last() {
            return Some((Self { prefix, rest }, last));
        }
        let (last, prefix) = prefix.split_last()?;
        Some((Self { prefix, rest }, last))
    }

    /// The folders that this lies in, the innermost first, the root last.
    pub(crate) fn folders(self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.split_last(), |(folder, _)| folder.split_last()).map(|(folder, _)| folder)
    }

    /// Whether some segment is what a user named.
    pub(crate) fn has_names(self) -> bool {
        self.segments().any(|segment| matches!(segment, Segment::Name(_)))
    }

    /// Whether some segment is as a range found it: a sealed name there is not known by its name.
    pub(crate) fn has_found(self) -> bool {
        self.segments()
            .any(|segment| matches!(segment, Segment::Stored(_)))
    }

    /// A copy to keep.
    pub(crate) fn to_place(self) -> Place {
        Place(self.segments().cloned().fold(Key::root(), Key::with))
    }
}

impl Place {
    /// About how many bytes of memory it takes.
    pub(crate) fn weight(&self) -> u64 {
        let name = |segment: &Segment| match segment {
            Segment::Name(name) => name.len(),
            _ => 0,
        };
        let names: usize = self.0.segments().iter().map(name).sum();
        (size_of::<Key>() + names) as u64
    }
}

/// Whether a segment is a name, and its bytes. Two keys with the same of these are the same row, whatever our code calls
/// their segments.
fn plain<T>(segment: &Segment, see: impl FnOnce(bool, &[u8]) -> T) -> T {
    match segment {
        Segment::Name(name) => see(true, name.as_bytes()),
        Segment::Fixed(word) => see(false, word.as_bytes()),
        Segment::Id(id) => see(false, id.as_bytes()),
        Segment::Number(number) => see(false, &number.to_be_bytes()),
        Segment::Digest(digest) => see(false, digest),
        Segment::Stored(found) => see(false, found),
    }
}

fn same(one: &Segment, other: &Segment) -> bool {
    plain(one, |named, bytes| {
        plain(other, |other_named, other| (named, bytes) == (other_named, other))
    })
}

/// Segment by segment, without their number: a path must hash as the place it finds, wherever it was cut in two.
impl Hash for Path<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for segment in self.segments() {
            plain(segment, |named, bytes| {
                state.write_u8(u8::from(named));
                bytes.hash(state);
            });
        }
    }
}

impl Hash for Place {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Path::of(&self.0).hash(state);
    }
}

impl Equivalent<Place> for Path<'_> {
    fn equivalent(&self, place: &Place) -> bool {
        let mut others = place.0.segments().iter();
        self.segments()
            .all(|one| others.next().is_some_and(|other| same(one, other)))
            && others.next().is_none()
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        Path::of(&self.0).equivalent(other)
    }
}

impl Eq for Place {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hash::{BuildHasher, RandomState};

    #[test]
    fn a_path_finds_its_place_wherever_it_was_cut_in_two() {
        let whole = Key::of("data").number(7).path("a/b");
        let place = Path::of(&whole).to_place();
        let state = RandomState::new();
        for (prefix, rest) in [
            (Key::root(), Key::of("data").number(7).path("a/b")),
            (Key::of("data"), Key::root().number(7).path("a/b")),
            (whole.clone(), Key::root()),
        ] {
            let path = Path::below(&prefix, &rest);
            assert!(path.equivalent(&place));
            assert_eq!(state.hash_one(path), state.hash_one(&place));
            assert_eq!(path.folders().count(), 4);
        }
        assert!(!Path::below(&whole, &whole).equivalent(&place));
        assert!(!Path::of(&Key::of("data")).equivalent(&place));
    }

    #[test]
    fn a_segment_that_a_range_found_is_the_one_that_was_written_but_never_a_name() {
        let found = |bytes: &[u8]| Path::of(&Key::root().with(Segment::Stored(bytes.into()))).to_place();
        let is = |key: Key, bytes: &[u8]| Path::of(&key).equivalent(&found(bytes));
        assert!(is(Key::of("word"), b"word"));
        assert!(is(Key::root().number(1), &[0, 0, 0, 0, 0, 0, 0, 1]));
        assert!(is(Key::root().digest([3; 32]), &[3; 32]));
        assert!(!is(Key::root().name("word"), b"word"));
    }
}
