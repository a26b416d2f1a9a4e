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
#[derive(PartialEq, Eq)]
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

/// Segment by segment, without their number: a path must hash as the place it finds, wherever it was cut in two.
impl Hash for Path<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.segments().for_each(|segment| segment.hash(state));
    }
}

impl Hash for Place {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Path::of(&self.0).hash(state);
    }
}

impl Equivalent<Place> for Path<'_> {
    fn equivalent(&self, place: &Place) -> bool {
        self.segments().eq(place.0.segments())
    }
}

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
    }
}
