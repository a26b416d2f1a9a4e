//! Reads, each on what was committed when it began.

use crate::error::{Failure, Result};
use logical::{Child, Record, Revision, StoredKey};
use rusqlite::{Connection, OptionalExtension, Row};
use std::ops::Range;

const GET: &str = "SELECT created, revision, v FROM kv WHERE k = ?1";
const RANGE: &str = "SELECT created, revision, v, k FROM kv WHERE k >= ?1 AND k < ?2 ORDER BY k LIMIT ?3";
/// Answered from the index alone.
const KEYS: &str = "SELECT k FROM kv WHERE k >= ?1 AND k < ?2 ORDER BY k";

pub(crate) fn get(connection: &Connection, key: &StoredKey) -> Result<Option<Record>> {
    let mut statement = connection.prepare_cached(GET)?;
    Ok(statement.query_row([key.as_bytes()], record).optional()?)
}

pub(crate) fn range(
    connection: &Connection,
    keys: &Range<StoredKey>,
    limit: usize,
) -> Result<Vec<(StoredKey, Record)>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let bounds = (keys.start.as_bytes(), keys.end.as_bytes(), limit);
    let mut statement = connection.prepare_cached(RANGE)?;
    let rows = statement.query_map(bounds, |row| {
        Ok((StoredKey::from_bytes(row.get(3)?), record(row)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Steps from row to row as long as they are leaves, and jumps behind each folder, whatever lies in it.
pub(crate) fn children(
    connection: &Connection,
    prefix: &StoredKey,
    after: Option<&[u8]>,
    limit: usize,
) -> Result<Vec<Child>> {
    // All jumps see the same commit.
    let _snapshot = connection.unchecked_transaction()?;
    let mut statement = connection.prepare_cached(KEYS)?;
    let Range { mut start, end } = prefix.all_below();
    if let Some(after) = after {
        start = prefix.clone().with(after).successor();
    }
    let mut found: Vec<Child> = Vec::new();
    'jump: loop {
        let mut rows = statement.query((start.as_bytes(), end.as_bytes()))?;
        while let Some(row) = rows.next()? {
            let key = StoredKey::from_bytes(row.get(0)?);
            let (segment, deeper) = key.next_below(prefix).ok_or(Failure::ForeignKey)?;
            let full = found.len() == limit;
            match found.last_mut().filter(|child| child.segment == segment) {
                Some(child) => child.folder = true,
                None if full => return Ok(found),
                None => found.push(Child {
                    segment: segment.to_vec(),
                    leaf: !deeper,
                    folder: deeper,
                }),
            }
            if deeper {
                start = prefix.clone().with(segment).successor();
                continue 'jump;
            }
        }
        return Ok(found);
    }
}

fn record(row: &Row<'_>) -> rusqlite::Result<Record> {
    let revision = |column| row.get(column).map(|n: i64| Revision(n.cast_unsigned()));
    Ok(Record {
        created: revision(0)?,
        revision: revision(1)?,
        value: row.get(2)?,
    })
}
