//! Takes back what a role was granted in a database, whatever kind of thing it was granted on.

use crate::error::DatabaseError;
use crate::session::Session;
use logical::secret::SecretText;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio_postgres::types::Type;

/// Held while grants change: two transactions that change grants of one table at once fail each other.
const LOCK: &str = "SELECT pg_catalog.pg_advisory_xact_lock(8318822943439351143)";

/// Writes the statements that take back each grant of the role `$1`, named `$2`. All quoting is `format`'s, in the
/// database, so that no name of a schema can be anything but a name.
const STATEMENTS: &str = "
WITH held AS (
  SELECT DISTINCT classid, objid FROM pg_shdepend
  WHERE refclassid = 'pg_authid'::regclass AND refobjid = $1 AND deptype = 'a'
    AND dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
), things (kind, thing) AS (
  SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, format('%I.%I', n.nspname, c.relname)
    FROM held JOIN pg_class c ON classid = 'pg_class'::regclass AND c.oid = objid JOIN pg_namespace n ON n.oid = c.relnamespace
  UNION ALL SELECT 'SCHEMA', format('%I', nspname)
    FROM held JOIN pg_namespace n ON classid = 'pg_namespace'::regclass AND n.oid = objid
  UNION ALL SELECT 'ROUTINE', p.oid::regprocedure::text
    FROM held JOIN pg_proc p ON classid = 'pg_proc'::regclass AND p.oid = objid
  UNION ALL SELECT 'TYPE', format('%I.%I', n.nspname, t.typname)
    FROM held JOIN pg_type t ON classid = 'pg_type'::regclass AND t.oid = objid JOIN pg_namespace n ON n.oid = t.typnamespace
  UNION ALL SELECT 'LANGUAGE', format('%I', lanname)
    FROM held JOIN pg_language l ON classid = 'pg_language'::regclass AND l.oid = objid
  UNION ALL SELECT 'FOREIGN DATA WRAPPER', format('%I', fdwname)
    FROM held JOIN pg_foreign_data_wrapper f ON classid = 'pg_foreign_data_wrapper'::regclass AND f.oid = objid
  UNION ALL SELECT 'FOREIGN SERVER', format('%I', srvname)
    FROM held JOIN pg_foreign_server s ON classid = 'pg_foreign_server'::regclass AND s.oid = objid
  UNION ALL SELECT 'LARGE OBJECT', objid::text FROM held WHERE classid = 'pg_largeobject'::regclass
  UNION ALL SELECT 'DATABASE', format('%I', datname)
    FROM held JOIN pg_database d ON classid = 'pg_database'::regclass AND d.oid = objid
  UNION ALL SELECT 'TABLESPACE', format('%I', spcname)
    FROM held JOIN pg_tablespace t ON classid = 'pg_tablespace'::regclass AND t.oid = objid
)
SELECT format('REVOKE ALL ON %s %s FROM %I', kind, thing, $2::text) FROM things
UNION ALL
SELECT format('ALTER DEFAULT PRIVILEGES FOR ROLE %I %s REVOKE ALL ON %s FROM %I', pg_get_userbyid(d.defaclrole),
    CASE WHEN n.oid IS NULL THEN '' ELSE format('IN SCHEMA %I', n.nspname) END,
    CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' ELSE 'SCHEMAS' END,
    $2::text)
  FROM held JOIN pg_default_acl d ON classid = 'pg_default_acl'::regclass AND d.oid = objid
  LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace";

/// How often a transaction is run that another one makes fail.
const ATTEMPTS: usize = 10;

/// Whether transactions on a connection go one after another. They do not until two of them have failed each other.
#[derive(Default)]
pub(crate) struct Turns(AtomicBool);

impl Turns {
    /// One after another from the beginning.
    fn taken() -> Self {
        Self(AtomicBool::new(true))
    }

    /// Runs statements in one transaction, again if it failed only because of another one. See [`Session::transact`].
    pub(crate) async fn transact(
        &self,
        session: &Session,
        statements: &[SecretText],
    ) -> Result<(), DatabaseError> {
        let mut attempt = 1;
        loop {
            let lock = self.0.load(Ordering::Relaxed).then(|| SecretText::from(LOCK));
            let all: Vec<SecretText> = lock.into_iter().chain(statements.iter().cloned()).collect();
            match session.transact(&all).await {
                Err(error) if error.is_race() && attempt < ATTEMPTS => {
                    self.0.store(true, Ordering::Relaxed);
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }
}

/// Takes back what the role was granted in the session's database and on the whole server.
///
/// # Errors
/// The first one; what could be taken back is taken back all the same.
pub(crate) async fn revoke(session: &Session, oid: u32, role: &str) -> Result<(), DatabaseError> {
    let rows = session
        .rows(STATEMENTS, &[(&oid, Type::OID), (&role, Type::TEXT)])
        .await?;
    let statements: Vec<String> = rows.iter().filter_map(|row| row.try_get(0).ok()).collect();
    if statements.is_empty() {
        return Ok(());
    }
    let together: Vec<SecretText> = statements.iter().cloned().map(SecretText::new).collect();
    match Turns::taken().transact(session, &together).await {
        Err(DatabaseError::Refused { .. }) => one_by_one(session, &statements).await,
        outcome => outcome,
    }
}

/// The databases of the server, the session's own excepted, in which the role owns or was granted something.
pub(crate) async fn other_databases(session: &Session, oid: u32) -> Result<Vec<String>, DatabaseError> {
    let sql = "SELECT DISTINCT d.datname::text FROM pg_shdepend s JOIN pg_database d ON d.oid = s.dbid
        WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = $1 AND d.datname <> current_database()";
    let rows = session.rows(sql, &[(&oid, Type::OID)]).await?;
    Ok(rows.iter().filter_map(|row| row.try_get(0).ok()).collect())
}

/// How many things the role owns, in all databases, and what some of those in the session's database are.
pub(crate) async fn owned(session: &Session, oid: u32) -> Result<(i64, Vec<String>), DatabaseError> {
    let sql = "SELECT count(*) OVER (), CASE WHEN dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
          THEN pg_describe_object(classid, objid, 0) END
        FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND refobjid = $1 AND deptype = 'o' LIMIT 5";
    let rows = session.rows(sql, &[(&oid, Type::OID)]).await?;
    let count = rows.first().and_then(|row| row.try_get(0).ok()).unwrap_or(0);
    let shown = rows
        .iter()
        .filter_map(|row| row.try_get::<_, Option<String>>(1).ok().flatten());
    Ok((count, shown.collect()))
}

async fn one_by_one(session: &Session, statements: &[String]) -> Result<(), DatabaseError> {
    let mut first = Ok(());
    for statement in statements {
        match session.run(statement).await {
            Err(error @ DatabaseError::Refused { .. }) => first = first.and(Err(error)),
            outcome => outcome?,
        }
    }
    first
}
