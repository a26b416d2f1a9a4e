//! Ends sessions in the database, until none is seen.

use crate::error::DatabaseError;
use crate::session::Session;
use crate::sql;
use tokio_postgres::types::{ToSql, Type};

/// How often one looks and ends what is there. Each time the database itself waits up to `PATIENCE` for each session.
const ROUNDS: usize = 5;

/// How long the database waits for a session that it ends, in milliseconds.
const PATIENCE: i64 = 2000;

/// The code for what one has no right to do.
const FORBIDDEN: &str = "42501";

/// Whose sessions are ended.
pub(crate) enum Whose<'a> {
    /// Those that a role has opened, whatever role they have taken on since.
    Role {
        /// The role's number.
        oid: u32,
        /// The role's name.
        name: &'a str,
    },
    /// Those that run under an application name.
    Application(&'a str),
}

/// Ends sessions until none is seen.
///
/// # Errors
/// If the last look still found some.
pub(crate) async fn end(session: &Session, whose: &Whose<'_>) -> Result<(), DatabaseError> {
    for _ in 0..ROUNDS {
        let open = seen(session, whose).await?;
        if open.is_empty() {
            return Ok(());
        }
        for pid in open {
            terminate(session, pid, whose).await?;
        }
    }
    match seen(session, whose).await?.len() {
        0 => Ok(()),
        left => Err(DatabaseError::NotRevoked(format!(
            "{left} sessions of {} do not end",
            whose.shown()
        ))),
    }
}

/// Makes the administrator a member of a role, for what only members may do. It lasts as long as the role.
pub(crate) async fn join(session: &Session, role: &str) -> Result<(), DatabaseError> {
    session
        .run(&format!("GRANT {} TO CURRENT_USER", sql::name(role)))
        .await
}

async fn seen(session: &Session, whose: &Whose<'_>) -> Result<Vec<i32>, DatabaseError> {
    let (column, value): (&str, (&(dyn ToSql + Sync), Type)) = match whose {
        Whose::Role { oid, .. } => ("usesysid", (oid, Type::OID)),
        Whose::Application(name) => ("application_name", (name, Type::TEXT)),
    };
    let sql = format!("SELECT pid FROM pg_stat_activity WHERE {column} = $1 AND pid <> pg_backend_pid()");
    let rows = session.rows(&sql, &[value]).await?;
    Ok(rows.iter().filter_map(|row| row.try_get(0).ok()).collect())
}

async fn terminate(session: &Session, pid: i32, whose: &Whose<'_>) -> Result<(), DatabaseError> {
    let sql = "SELECT pg_terminate_backend($1, $2)";
    let values: [(&(dyn ToSql + Sync), Type); 2] = [(&pid, Type::INT4), (&PATIENCE, Type::INT8)];
    match (session.rows(sql, &values).await, whose) {
        (Err(error), Whose::Role { name, .. }) if error.has_code(FORBIDDEN) => {
            join(session, name).await?;
            session.rows(sql, &values).await.map(drop)
        }
        (outcome, _) => outcome.map(drop),
    }
}

impl Whose<'_> {
    fn shown(&self) -> String {
        match self {
            Self::Role { name, .. } => format!("role {name:?}"),
            Self::Application(name) => format!("application {name:?}"),
        }
    }
}
