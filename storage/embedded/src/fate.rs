//! What an error of SQLite means for the store.

use rusqlite::Error;
use rusqlite::ffi::{
    SQLITE_BUSY, SQLITE_CANTOPEN, SQLITE_FULL, SQLITE_INTERRUPT, SQLITE_IOERR, SQLITE_IOERR_ACCESS,
    SQLITE_IOERR_FSTAT, SQLITE_IOERR_LOCK, SQLITE_IOERR_NOMEM, SQLITE_IOERR_RDLOCK, SQLITE_IOERR_READ,
    SQLITE_IOERR_SHMLOCK, SQLITE_IOERR_SHMMAP, SQLITE_IOERR_SHMOPEN, SQLITE_IOERR_SHMSIZE,
    SQLITE_IOERR_SHORT_READ, SQLITE_IOERR_WRITE, SQLITE_LOCKED, SQLITE_NOMEM, SQLITE_READONLY,
    SQLITE_READONLY_DBMOVED, SQLITE_TOOBIG,
};

/// How the store goes on after its transaction or its checkpoint failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Nothing became durable and the old values stand. The next try may succeed.
    Refused,
    /// It is unknown what is on the disk. Nothing may be written before the store is opened again.
    Closed,
}

/// Reads the fate from an error.
///
/// A page or a frame that could not be written leaves a transaction without its commit frame, which is no transaction.
/// After a sync that failed the kernel may have dropped the pages and report success for the next sync, so there is no
/// second try. What is not known to be harmless closes the store.
pub(crate) fn after(error: &Error) -> Fate {
    let Some(code) = error.sqlite_error().map(|error| error.extended_code) else {
        return Fate::Closed;
    };
    if code == SQLITE_READONLY_DBMOVED {
        // The file is not where it was opened: what is written now is lost.
        return Fate::Closed;
    }
    match code & 0xff {
        SQLITE_FULL | SQLITE_BUSY | SQLITE_LOCKED | SQLITE_NOMEM | SQLITE_INTERRUPT | SQLITE_TOOBIG
        | SQLITE_CANTOPEN | SQLITE_READONLY => Fate::Refused,
        SQLITE_IOERR if HARMLESS.contains(&code) => Fate::Refused,
        _ => Fate::Closed,
    }
}

/// Input and output errors before anything is durable.
const HARMLESS: [i32; 12] = [
    SQLITE_IOERR_WRITE,
    SQLITE_IOERR_READ,
    SQLITE_IOERR_SHORT_READ,
    SQLITE_IOERR_FSTAT,
    SQLITE_IOERR_ACCESS,
    SQLITE_IOERR_NOMEM,
    SQLITE_IOERR_LOCK,
    SQLITE_IOERR_RDLOCK,
    SQLITE_IOERR_SHMOPEN,
    SQLITE_IOERR_SHMSIZE,
    SQLITE_IOERR_SHMLOCK,
    SQLITE_IOERR_SHMMAP,
];

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::ffi;

    #[track_caller]
    fn check(code: i32, expected: Fate) {
        let error = Error::SqliteFailure(ffi::Error::new(code), None);
        assert_eq!(after(&error), expected, "{error}");
    }

    #[test]
    fn a_disk_that_is_full_or_does_not_take_a_page_refuses() {
        check(ffi::SQLITE_FULL, Fate::Refused);
        check(ffi::SQLITE_IOERR_WRITE, Fate::Refused);
        check(ffi::SQLITE_IOERR_SHMSIZE, Fate::Refused);
        check(ffi::SQLITE_NOMEM, Fate::Refused);
        check(ffi::SQLITE_READONLY, Fate::Refused);
        check(ffi::SQLITE_BUSY_SNAPSHOT, Fate::Refused);
    }

    #[test]
    fn a_sync_that_failed_closes() {
        check(ffi::SQLITE_IOERR_FSYNC, Fate::Closed);
        check(ffi::SQLITE_IOERR_DIR_FSYNC, Fate::Closed);
    }

    #[test]
    fn a_broken_or_moved_file_closes() {
        check(ffi::SQLITE_CORRUPT, Fate::Closed);
        check(ffi::SQLITE_NOTADB, Fate::Closed);
        check(ffi::SQLITE_READONLY_DBMOVED, Fate::Closed);
    }

    #[test]
    fn what_nobody_thought_of_closes() {
        check(ffi::SQLITE_IOERR, Fate::Closed);
        check(ffi::SQLITE_IOERR_TRUNCATE, Fate::Closed);
        check(ffi::SQLITE_CONSTRAINT, Fate::Closed);
        assert_eq!(after(&Error::QueryReturnedNoRows), Fate::Closed);
    }
}
