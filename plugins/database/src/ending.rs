//! The end of a login: active, disabled, its sessions ended, dropped, looked for again.
//!
//! Each step can be repeated, and each is committed by itself: whatever fails later, a login that has been disabled
//! stays so. It is never usable and forgotten.

use crate::connection::Connection;
use crate::error::DatabaseError;
use crate::grants;
use crate::roles::Ownership;
use crate::session::Session;
use crate::sessions::{self, Whose};
use crate::sql;
use crate::statements::Script;
use tokio_postgres::types::Type;

/// PostgreSQL's code for a name that nothing has.
const UNDEFINED: &str = "42704";

/// PostgreSQL's code for something that others depend on.
const DEPENDENT: &str = "2BP01";

/// A login that is to end, and how.
pub(crate) struct Ending<'a> {
    /// Where.
    pub(crate) connection: &'a Connection,
    /// The login's name.
    pub(crate) username: &'a str,
    /// The role's own statements. Empty is our own way.
    pub(crate) statements: &'a Script,
    /// What becomes of objects that the login owns.
    pub(crate) ownership: Ownership,
}

/// A role, as the database has it.
pub(crate) struct Found {
    /// Its number.
    pub(crate) oid: u32,
    /// What somebody noted about it.
    pub(crate) comment: String,
    can_login: bool,
}

/// Looks for a role.
pub(crate) async fn look(session: &Session, name: &str) -> Result<Option<Found>, DatabaseError> {
    let sql = "SELECT oid, coalesce(pg_catalog.shobj_description(oid, 'pg_authid'), ''), rolcanlogin
        FROM pg_catalog.pg_roles WHERE rolname = $1";
    let rows = session.rows(sql, &[(&name, Type::TEXT)]).await?;
    let read = |row: &tokio_postgres::Row| {
        Some(Found {
            oid: row.try_get(0).ok()?,
            comment: row.try_get(1).ok()?,
            can_login: row.try_get(2).ok()?,
        })
    };
    Ok(rows.first().and_then(read))
}

impl Ending<'_> {
    /// Ends the login. That it is gone already is no error.
    pub(crate) async fn run(&self, session: &Session) -> Result<(), DatabaseError> {
        session.trust_catalog_only().await?;
        let found = look(session, self.username).await?;
        if let Some(found) = &found {
            self.disable(session).await?;
            let whose = Whose::Role {
                oid: found.oid,
                name: self.username,
            };
            sessions::end(session, &whose).await?;
        }
        match &found {
            _ if !self.statements.is_empty() => self.run_own(session, found.is_some()).await?,
            Some(found) => self.drop_role(session, found.oid).await?,
            None => return Ok(()),
        }
        self.confirm(session).await
    }

    async fn disable(&self, session: &Session) -> Result<(), DatabaseError> {
        let role = sql::name(self.username);
        let disable = format!("ALTER ROLE {role} NOLOGIN PASSWORD NULL VALID UNTIL '1970-01-01 00:00:00+00'");
        session.run(&disable).await
    }

    /// The operator's own statements may do more than end the login, and less: that it stays, disabled, is for them
    /// to say.
    async fn run_own(&self, session: &Session, was_there: bool) -> Result<(), DatabaseError> {
        let filled = self
            .statements
            .fill(&[("name", self.username), ("username", self.username)])?;
        session.search_as_configured().await?;
        let outcome = session.transact(&filled).await;
        session.trust_catalog_only().await?;
        match outcome {
            // They ran before, and whoever asked did not hear of it.
            Err(error) if error.has_code(UNDEFINED) && !was_there => Ok(()),
            outcome => outcome,
        }
    }

    async fn drop_role(&self, session: &Session, oid: u32) -> Result<(), DatabaseError> {
        let revoked = self.clear(session, oid).await;
        for database in grants::other_databases(session, oid).await? {
            let visit = self.connection.visit(&database).await?;
            visit.begin("strongroom revocation").await?;
            visit.trust_catalog_only().await?;
            self.clear(&visit, oid).await?;
        }
        let drop = format!("DROP ROLE IF EXISTS {}", sql::name(self.username));
        match session.run(&drop).await {
            Err(error) if error.has_code(DEPENDENT) => Err(self
                .cannot_drop(session, oid, revoked.err().unwrap_or(error))
                .await?),
            outcome => outcome,
        }
    }

    /// Takes back grants in the session's database and decides about what the login owns there.
    async fn clear(&self, session: &Session, oid: u32) -> Result<(), DatabaseError> {
        let role = sql::name(self.username);
        let statement = match self.ownership {
            Ownership::Refuse => None,
            Ownership::Reassign => Some(format!("REASSIGN OWNED BY {role} TO CURRENT_USER")),
            Ownership::Drop => Some(format!("DROP OWNED BY {role}")),
        };
        if let Some(statement) = statement {
            sessions::join(session, self.username).await?;
            session.run(&statement).await?;
        }
        grants::revoke(session, oid, self.username).await
    }

    async fn cannot_drop(
        &self,
        session: &Session,
        oid: u32,
        cause: DatabaseError,
    ) -> Result<DatabaseError, DatabaseError> {
        let role = self.username;
        let text = match (self.ownership, grants::owned(session, oid).await?) {
            (Ownership::Refuse, (count, some)) if count > 0 => format!(
                "role {role:?} is disabled, and cannot be dropped because it owns {count} objects ({}): \
                 give them to somebody else or drop them, or set revocation_ownership of its role",
                some.join(", ")
            ),
            _ => format!("role {role:?} is disabled, and cannot be dropped: {cause}"),
        };
        Ok(DatabaseError::NotRevoked(text))
    }

    async fn confirm(&self, session: &Session) -> Result<(), DatabaseError> {
        match look(session, self.username).await? {
            None => Ok(()),
            Some(found) if !self.statements.is_empty() && !found.can_login => Ok(()),
            Some(_) => Err(DatabaseError::NotRevoked(format!(
                "role {:?} is still there",
                self.username
            ))),
        }
    }
}
