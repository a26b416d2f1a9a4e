//! Moves committed pages from the log into the database.
//!
//! SQLite would do this by itself inside a commit, and say nothing when it fails. A checkpoint syncs too, and the log
//! is overwritten after it, so a sync that fails here is as bad as one in a commit. It is made between two groups: the
//! batches of the last one have their answers by then.

use crate::fate::{self, Fate};
use rusqlite::Connection;

/// So many pages may wait in the log: 16 MiB. Measured: a fourth of it costs throughput, four times as many make the
/// one commit that waits for the checkpoint three times as slow.
const PAGES_MAX: i64 = 4000;

/// Makes checkpoints, and complains once when they stop working.
#[derive(Default)]
pub(crate) struct Checkpointer {
    fails: bool,
}

impl Checkpointer {
    /// Makes a checkpoint if enough pages wait. The answer is `Closed` if it is unknown what is on the disk.
    pub(crate) fn after_group(&mut self, connection: &Connection) -> Result<(), Fate> {
        let result = waiting(connection).and_then(|pages| match pages < PAGES_MAX {
            true => Ok(()),
            false => checkpoint(connection, "PRAGMA wal_checkpoint(PASSIVE)"),
        });
        self.judge(result)
    }

    /// Empties the log, so that the next start has nothing to recover.
    pub(crate) fn at_the_end(&mut self, connection: &Connection) -> Result<(), Fate> {
        let result = checkpoint(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        self.judge(result)
    }

    fn judge(&mut self, result: rusqlite::Result<()>) -> Result<(), Fate> {
        let failed_before = self.fails;
        self.fails = result.is_err();
        let Err(error) = result else {
            return Ok(());
        };
        match fate::after(&error) {
            Fate::Closed => {
                tracing::error!(%error, "checkpoint the store");
                Err(Fate::Closed)
            }
            Fate::Refused if failed_before => Ok(()),
            Fate::Refused => {
                tracing::warn!(%error, "checkpoint the store: the log grows until this works again");
                Ok(())
            }
        }
    }
}

/// How many pages of the log are not in the database yet.
fn waiting(connection: &Connection) -> rusqlite::Result<i64> {
    let mut statement = connection.prepare_cached("PRAGMA wal_checkpoint(NOOP)")?;
    statement.query_row([], |row| {
        let (logged, moved): (i64, i64) = (row.get(1)?, row.get(2)?);
        Ok(logged.saturating_sub(moved))
    })
}

fn checkpoint(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.query_row([], |_| Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file;
    use rusqlite::{Error, ffi};
    use std::fs;

    #[test]
    fn the_log_is_moved_when_it_is_long_and_empty_at_the_end() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("strongroom.db");
        fs::write(&path, "").unwrap();
        let connection = file::open_writer(&path).unwrap();
        let mut checkpointer = Checkpointer::default();
        let fill = "INSERT INTO kv SELECT randomblob(20), 1, 1, zeroblob(?1)";
        connection.execute(fill, [4096 * 10]).unwrap();
        checkpointer.after_group(&connection).unwrap();
        assert!(waiting(&connection).unwrap() > 10);
        connection.execute(fill, [4096 * PAGES_MAX]).unwrap();
        checkpointer.after_group(&connection).unwrap();
        assert_eq!(waiting(&connection).unwrap(), 0);
        checkpointer.at_the_end(&connection).unwrap();
        let log = place.path().join("strongroom.db-wal");
        assert_eq!(fs::metadata(log).unwrap().len(), 0);
    }

    #[test]
    fn a_full_disk_is_waited_out_and_a_failed_sync_is_not() {
        let failed = |code| Err(Error::SqliteFailure(ffi::Error::new(code), None));
        let mut checkpointer = Checkpointer::default();
        assert_eq!(checkpointer.judge(failed(ffi::SQLITE_FULL)), Ok(()));
        assert_eq!(checkpointer.judge(Ok(())), Ok(()));
        let closed = checkpointer.judge(failed(ffi::SQLITE_IOERR_FSYNC));
        assert_eq!(closed, Err(Fate::Closed));
    }
}
