//! The database file: its format, and how connections to it are set.

use crate::error::OpenError;
use logical::Revision;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, Error, ErrorCode, OpenFlags, Transaction, TransactionBehavior};
use std::path::Path;
use std::time::Duration;

/// "Srng": what tells a file of ours from other databases.
const APPLICATION: i64 = 0x5372_6e67;
/// The format that this version writes, and the latest that it reads.
const FORMAT: i64 = 1;

/// A plain rowid table: rows that are made together lie together, whatever their keys, and the index on the keys stays
/// small. `WITHOUT ROWID` was measured at half the speed and 1.5 times the size. The value is last, so that the other
/// columns are found without walking through it.
const SCHEMA: &str = "
    CREATE TABLE kv (
        k BLOB PRIMARY KEY NOT NULL,
        created INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        v BLOB NOT NULL
    );
    CREATE TABLE meta (latest INTEGER NOT NULL);
    INSERT INTO meta VALUES (0);
";

/// The writer's connection. Every commit is synced (`FULL`); checkpoints are made by hand, see `checkpoint.rs`.
const WRITER: &str = "
    PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = 0;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -65536;
    PRAGMA trusted_schema = OFF;
";

/// A reader's connection. It needs no file of its own, so that it works when the disk is full.
const READER: &str = "
    PRAGMA query_only = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -16384;
    PRAGMA trusted_schema = OFF;
";

/// Another program may look into the file (`sqlite3`, a backup); it is waited for so long.
const BUSY: Duration = Duration::from_secs(5);

/// Opens the file for writing, and makes the tables where it is empty.
pub(crate) fn open_writer(file: &Path) -> Result<Connection, OpenError> {
    let failed = |source| database(file, source);
    let mut connection = connect(file, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(failed)?;
    // Nothing of a foreign file is changed, so this comes first.
    let fresh = is_fresh(file, &connection)?;
    connection
        .pragma_update(None, "journal_mode", "WAL")
        .map_err(failed)?;
    connection.execute_batch(WRITER).map_err(failed)?;
    if fresh {
        create(&mut connection).map_err(failed)?;
    }
    Ok(connection)
}

/// Opens the file, which has a writer by now, for reading.
pub(crate) fn open_reader(file: &Path) -> Result<Connection, OpenError> {
    let failed = |source| database(file, source);
    let connection = connect(file, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(failed)?;
    connection.execute_batch(READER).map_err(failed)?;
    Ok(connection)
}

/// The revision of the last commit.
pub(crate) fn latest(file: &Path, connection: &Connection) -> Result<Revision, OpenError> {
    let latest: rusqlite::Result<i64> = connection.query_row("SELECT latest FROM meta", [], |row| row.get(0));
    let latest = latest.map_err(|source| database(file, source))?;
    Ok(Revision(latest.cast_unsigned()))
}

/// Remembers the revision of the last commit, as part of that commit.
pub(crate) fn set_latest(transaction: &Transaction<'_>, latest: Revision) -> rusqlite::Result<()> {
    let mut statement = transaction.prepare_cached("UPDATE meta SET latest = ?1")?;
    statement.execute([latest.0.cast_signed()])?;
    Ok(())
}

fn connect(file: &Path, mode: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(file, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY)?;
    // SQLite would make a last checkpoint by itself, also after a sync that failed, and throw the log away.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(connection)
}

/// Whether the file has nothing in it yet; fails if what is in it is not for us.
fn is_fresh(file: &Path, connection: &Connection) -> Result<bool, OpenError> {
    let ask = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let failed = |source| database(file, source);
    let application = ask("PRAGMA application_id").map_err(failed)?;
    let tables = ask("SELECT count(*) FROM sqlite_schema").map_err(failed)?;
    if application == 0 && tables == 0 {
        return Ok(true);
    }
    if application != APPLICATION {
        return Err(OpenError::NotAStore(file.to_owned()));
    }
    match ask("PRAGMA user_version").map_err(failed)? {
        found if found > FORMAT => Err(OpenError::Newer {
            file: file.to_owned(),
            found,
            known: FORMAT,
        }),
        _ => Ok(false),
    }
}

/// Tables and format in one transaction: a file is ours wholly or not at all.
fn create(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(SCHEMA)?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", FORMAT)?;
    transaction.commit()
}

fn database(file: &Path, source: Error) -> OpenError {
    match source.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => OpenError::NotAStore(file.to_owned()),
        _ => OpenError::Database {
            file: file.to_owned(),
            source,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn refusal(prepare: impl FnOnce(&Path)) -> String {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("strongroom.db");
        prepare(&file);
        let before = fs::read(&file).unwrap();
        let text = open_writer(&file).err().expect("a refusal").to_string();
        assert_eq!(fs::read(&file).unwrap(), before, "a foreign file was changed");
        assert!(text.contains(&file.display().to_string()), "{text}");
        text
    }

    #[test]
    fn a_file_that_is_no_database_is_left_alone() {
        let text = refusal(|file| fs::write(file, "minutes of the meeting\n".repeat(50)).unwrap());
        assert!(text.contains("not a file of Strongroom; move it away"), "{text}");
    }

    #[test]
    fn the_database_of_another_program_is_left_alone() {
        let text = refusal(|file| {
            let other = Connection::open(file).unwrap();
            other.execute_batch("CREATE TABLE kv (a, b)").unwrap();
        });
        assert!(text.contains("not a file of Strongroom"), "{text}");
    }

    #[test]
    fn a_later_format_is_left_to_a_later_version() {
        let text = refusal(|file| {
            fs::write(file, "").unwrap();
            let later = open_writer(file).unwrap();
            later.pragma_update(None, "user_version", FORMAT + 1).unwrap();
            later.pragma_update(None, "journal_mode", "DELETE").unwrap();
        });
        assert!(
            text.contains("has format 2, and this version reads up to 1"),
            "{text}"
        );
        assert!(text.contains("start a later version"), "{text}");
    }

    #[test]
    fn every_commit_is_synced_and_no_checkpoint_is_hidden() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("strongroom.db");
        fs::write(&file, "").unwrap();
        let writer = open_writer(&file).unwrap();
        let ask = |pragma: &str| writer.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
        assert_eq!(ask("synchronous").unwrap(), 2);
        assert_eq!(ask("wal_autocheckpoint").unwrap(), 0);
        let journal = writer.pragma_query_value(None, "journal_mode", |row| row.get::<_, String>(0));
        assert_eq!(journal.unwrap(), "wal");
    }
}
