//! Names on disk: sealed so that they can be found, and different in every folder.

use crate::BarrierError;
use crate::path::{Path, Place};
use crypto::{NameKey, siv};
use logical::{Id, Key, Segment, StoredKey};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// The longest name, in bytes.
const NAME_MAX: usize = 4096;
/// The longest key, sealed, in bytes.
const KEY_MAX: usize = 32 * 1024;
/// The shortest sealed name: that of an empty one.
const SEALED_MIN: usize = siv::OVERHEAD;
/// How many bytes a stored digest has.
const DIGEST: usize = 32;

/// The sealed forms of the folders that are in use.
///
/// Filled only while the keyring is held, and cleared after it is gone: so nothing comes in behind a sealing.
pub(crate) struct Names {
    folders: Cache<Place, StoredKey, Weight>,
}

#[derive(Clone)]
struct Weight;

impl Weighter<Place, StoredKey> for Weight {
    fn weight(&self, place: &Place, stored: &StoredKey) -> u64 {
        place.weight() + stored.as_bytes().len() as u64
    }
}

impl Names {
    /// Remembers folders in at most so many bytes.
    pub(crate) fn new(bytes: u64) -> Self {
        Self {
            folders: Cache::with_weighter(usize::try_from(bytes / 512).unwrap_or(usize::MAX), bytes, Weight),
        }
    }

    /// Where a record lies on disk.
    pub(crate) fn stored(&self, key: &NameKey, path: Path<'_>) -> Result<StoredKey, BarrierError> {
        let Some((folder, last)) = path.split_last() else {
            return Ok(StoredKey::root());
        };
        push(key, self.folder(key, folder)?, last)
    }

    /// Where a folder lies on disk.
    pub(crate) fn folder(&self, key: &NameKey, path: Path<'_>) -> Result<StoredKey, BarrierError> {
        if !path.has_names() {
            return stored(key, path);
        }
        if let Some(known) = self.folders.get(&path) {
            return Ok(known);
        }
        let mut missing = Vec::new();
        let mut found = StoredKey::root();
        let mut inner = path;
        while let Some((folder, last)) = inner.split_last() {
            missing.push(last);
            inner = folder;
            if let Some(known) = self.folders.get(&folder) {
                found = known;
                break;
            }
        }
        for segment in missing.into_iter().rev() {
            found = push(key, found, segment)?;
        }
        self.folders.insert(path.to_place(), found.clone());
        Ok(found)
    }

    /// Forgets every folder.
    pub(crate) fn clear(&self) {
        self.folders.clear();
    }
}

/// Where something lies on disk, with nothing remembered.
pub(crate) fn stored(key: &NameKey, path: Path<'_>) -> Result<StoredKey, BarrierError> {
    path.segments()
        .try_fold(StoredKey::root(), |folder, segment| push(key, folder, segment))
}

/// A key with its names, where a range found them sealed: the key by which everybody else knows the row.
pub(crate) fn resolve(key: &NameKey, found: Key) -> Result<Key, BarrierError> {
    if !Path::of(&found).has_found() {
        return Ok(found);
    }
    let (mut folder, mut resolved) = (StoredKey::root(), Key::root());
    for segment in found.segments() {
        let segment = match segment {
            Segment::Stored(bytes) => {
                name(key, &folder, bytes).map_or_else(|| segment.clone(), Segment::Name)
            }
            known => known.clone(),
        };
        folder = push(key, folder, &segment)?;
        resolved = resolved.with(segment);
    }
    Ok(resolved)
}

/// What a listing shows of a stored segment: a name as the user wrote it, one of our ids as it is, a digest in hex.
/// Our own words and numbers are no names and are left out: a sealed name is never as short.
///
/// # Errors
/// `Damaged` if it is none of these: what does not open is not left out.
pub(crate) fn text(
    key: &NameKey,
    folder: &StoredKey,
    segment: &[u8],
) -> Result<Option<String>, BarrierError> {
    if segment.len() < SEALED_MIN {
        return Ok(None);
    }
    if let Some(name) = name(key, folder, segment) {
        return Ok(Some(name));
    }
    if let Some(id) = std::str::from_utf8(segment)
        .ok()
        .filter(|text| text.parse::<Id>().is_ok())
    {
        return Ok(Some(id.to_owned()));
    }
    match segment.len() {
        DIGEST => Ok(Some(hex(segment))),
        _ => Err(damaged(folder, segment)),
    }
}

fn push(key: &NameKey, folder: StoredKey, segment: &Segment) -> Result<StoredKey, BarrierError> {
    let stored = match segment {
        Segment::Fixed(word) => folder.with(word.as_bytes()),
        Segment::Id(id) => folder.with(id.as_bytes()),
        Segment::Number(number) => folder.with(&number.to_be_bytes()),
        Segment::Digest(digest) => folder.with(digest),
        Segment::Stored(found) => folder.with(found),
        Segment::Name(name) if name.len() > NAME_MAX => {
            return Err(BarrierError::NameTooLong { max: NAME_MAX });
        }
        Segment::Name(name) => {
            let sealed = siv::seal(key, folder.as_bytes(), name.as_bytes());
            folder.with(&sealed)
        }
    };
    match stored.as_bytes().len() {
        ..=KEY_MAX => Ok(stored),
        _ => Err(BarrierError::PathTooLong),
    }
}

fn name(key: &NameKey, folder: &StoredKey, segment: &[u8]) -> Option<String> {
    let name = siv::open(key, folder.as_bytes(), segment).ok()?;
    std::str::from_utf8(name.expose()).ok().map(str::to_owned)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn damaged(folder: &StoredKey, segment: &[u8]) -> BarrierError {
    BarrierError::Damaged {
        what: "a name",
        place: folder.clone().with(segment),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> NameKey {
        NameKey::from_slice(&[8; 64]).unwrap()
    }

    #[test]
    fn only_names_are_sealed() {
        let id: Id = "0dCVyhS8Abcdefghijklmnop".parse().unwrap();
        let path = Key::of("data")
            .id(id)
            .number(258)
            .digest([7; 32])
            .name("password");
        let stored = stored(&key(), Path::of(&path)).unwrap();
        let segments = stored.segments().unwrap();
        let (name, ours) = segments.split_last().unwrap();
        assert_eq!(
            ours,
            [b"data", id.as_bytes(), &[0, 0, 0, 0, 0, 0, 1, 2], &[7; 32]]
        );
        assert_eq!(name.len(), "password".len() + siv::OVERHEAD);
    }

    #[test]
    fn a_remembered_folder_is_the_one_that_would_be_sealed() {
        let names = Names::new(1 << 20);
        for path in
            ["a/b/c", "a/b/d", "a/b", "a/b/c/d/e", "a", "a/b/c"].map(|path| Key::of("data").path(path))
        {
            let path = Path::of(&path);
            assert!(names.stored(&key(), path).unwrap() == stored(&key(), path).unwrap());
            assert!(names.folder(&key(), path).unwrap() == stored(&key(), path).unwrap());
        }
    }

    #[test]
    fn equal_names_look_different_in_each_folder() {
        let last = |path: &str| {
            let key_of = Key::root().path(path);
            let stored = stored(&key(), Path::of(&key_of)).unwrap();
            stored.segments().unwrap().last().unwrap().to_vec()
        };
        assert_ne!(last("a/name"), last("b/name"));
        assert_eq!(last("a/name"), last("a/name"));
    }

    #[test]
    fn a_listing_shows_names_ids_and_digests() {
        let folder = StoredKey::root().with(b"data");
        let show = |segment: &[u8]| text(&key(), &folder, segment).ok();
        let sealed = siv::seal(&key(), folder.as_bytes(), "été".as_bytes());
        let name = |text: &str| Some(Some(text.to_owned()));
        assert_eq!(show(&sealed), name("été"));
        assert_eq!(
            show(b"0dCVyhS8Abcdefghijklmnop"),
            name("0dCVyhS8Abcdefghijklmnop")
        );
        assert_eq!(show(&[0xab; 32]), name(&"ab".repeat(32)));
        assert_eq!(show(b"word"), Some(None));
        assert_eq!(show(&sealed[1..]), None);
    }

    #[test]
    fn names_and_paths_that_are_too_long_are_refused() {
        let sealed = |path: &Key| stored(&key(), Path::of(path));
        assert!(sealed(&Key::root().name("x".repeat(NAME_MAX))).is_ok());
        let long = Key::root().name("x".repeat(NAME_MAX + 1));
        assert!(matches!(sealed(&long), Err(BarrierError::NameTooLong { .. })));
        let deep = Key::root().path(&"x/".repeat(2000));
        assert!(matches!(sealed(&deep), Err(BarrierError::PathTooLong)));
    }
}
