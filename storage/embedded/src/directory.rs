//! The directory of a store: made for its owner alone, and used by one server at a time.

use crate::error::OpenError;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

const LOCK: &str = "lock";
const STORE: &str = "strongroom.db";

/// A directory that is locked for as long as this value lives. The kernel gives the lock back also after a crash.
pub(crate) struct Directory {
    path: PathBuf,
    _lock: File,
}

impl Directory {
    /// Makes the directory where it is missing, and locks it. One that is there keeps its permissions.
    pub(crate) fn open(path: &Path) -> Result<Self, OpenError> {
        let failed = |source| OpenError::Directory {
            directory: path.to_owned(),
            source,
        };
        create(path).map_err(failed)?;
        let lock = owned_file(&path.join(LOCK)).map_err(failed)?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => OpenError::InUse(path.to_owned()),
            TryLockError::Error(source) => failed(source),
        })?;
        // The database is made here, not by SQLite, so that nobody else can read it at any time; the files that SQLite
        // puts beside it get its permissions.
        owned_file(&path.join(STORE)).map_err(failed)?;
        Ok(Self {
            path: path.to_owned(),
            _lock: lock,
        })
    }

    /// The file of the database.
    pub(crate) fn store(&self) -> PathBuf {
        self.path.join(STORE)
    }
}

fn create(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    // A directory survives a power cut only when the one that names it is on the disk.
    let parent = fs::canonicalize(path)?;
    match parent.parent() {
        Some(parent) => File::open(parent)?.sync_all(),
        None => Ok(()),
    }
}

fn owned_file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn directory_and_files_are_for_their_owner_alone() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("new/store");
        let directory = Directory::open(&path).unwrap();
        assert_eq!(mode(&path), 0o700);
        assert_eq!(mode(&directory.store()), 0o600);
        assert_eq!(mode(&path.join(LOCK)), 0o600);
    }

    #[test]
    fn a_second_server_is_refused_by_name_until_the_first_is_gone() {
        let place = tempfile::tempdir().unwrap();
        let first = Directory::open(place.path()).unwrap();
        let refused = Directory::open(place.path()).err().unwrap();
        assert!(matches!(refused, OpenError::InUse(_)));
        let text = refused.to_string();
        assert!(text.contains(&place.path().display().to_string()), "{text}");
        assert!(text.contains("another server uses it"), "{text}");
        drop(first);
        Directory::open(place.path()).unwrap();
    }

    #[test]
    fn a_path_that_is_no_directory_says_what_it_must_be() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("file");
        fs::write(&file, "").unwrap();
        for path in [file.clone(), file.join("below")] {
            let text = Directory::open(&path).err().unwrap().to_string();
            assert!(text.contains(&path.display().to_string()), "{text}");
            assert!(text.contains("can write"), "{text}");
        }
    }
}
