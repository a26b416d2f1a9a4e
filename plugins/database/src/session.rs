//! A session with a database: statements with an end in sight, and errors without secrets.

use crate::error::DatabaseError;
use crate::sql::literal;
use deadpool_postgres::Object;
use logical::secret::SecretText;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Error, Row};

/// How long a statement may take. The database is told the same, so that it does not go on alone.
const STATEMENT: Duration = Duration::from_secs(30);

/// How long all statements of one transaction may take.
pub(crate) const TRANSACTION: Duration = Duration::from_secs(60);

/// A session. It goes back to its pool only through [`Session::finish`]; otherwise it is closed, and what it had begun
/// is taken back.
pub(crate) struct Session {
    client: Handle,
    idle_max: usize,
    _lane: Option<OwnedSemaphorePermit>,
}

enum Handle {
    Pooled(Option<Object>),
    Visiting(Client),
}

impl Session {
    /// A session of a pool, with the lane that it travels in.
    pub(crate) fn pooled(client: Object, lane: OwnedSemaphorePermit, idle_max: usize) -> Self {
        Self {
            client: Handle::Pooled(Some(client)),
            idle_max,
            _lane: Some(lane),
        }
    }

    /// A session of its own.
    pub(crate) fn visiting(client: Client) -> Self {
        Self {
            client: Handle::Visiting(client),
            idle_max: 0,
            _lane: None,
        }
    }

    /// Begins work under a name that others can see in `pg_stat_activity`.
    pub(crate) async fn begin(&self, name: &str) -> Result<(), DatabaseError> {
        self.run(&format!(
            "SET application_name = {}; SET statement_timeout = '{}ms'; SET standard_conforming_strings = on",
            literal(name),
            STATEMENT.as_millis()
        ))
        .await
    }

    /// Lets names of catalogs mean the catalog's own, whatever schemas a login has filled.
    pub(crate) async fn trust_catalog_only(&self) -> Result<(), DatabaseError> {
        self.run("SET search_path = pg_catalog, pg_temp").await
    }

    /// Lets names mean what they mean to the administrator.
    pub(crate) async fn search_as_configured(&self) -> Result<(), DatabaseError> {
        self.run("RESET search_path").await
    }

    /// Runs SQL that answers nothing.
    pub(crate) async fn run(&self, sql: &str) -> Result<(), DatabaseError> {
        within(STATEMENT, "run a statement", self.client()?.batch_execute(sql)).await
    }

    /// Runs a query.
    pub(crate) async fn rows(
        &self,
        sql: &str,
        values: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<Vec<Row>, DatabaseError> {
        within(
            STATEMENT,
            "ask the database",
            self.client()?.query_typed(sql, values),
        )
        .await
    }

    /// Runs statements in one transaction.
    ///
    /// # Errors
    /// `NoAnswer` if nobody knows whether it was committed; any other error says that nothing is left of it.
    pub(crate) async fn transact(&self, statements: &[SecretText]) -> Result<(), DatabaseError> {
        let all = async {
            self.run("BEGIN").await?;
            for statement in statements {
                self.run(statement.expose()).await?;
            }
            self.run("COMMIT").await
        };
        let outcome = match timeout(TRANSACTION, all).await {
            Ok(outcome) => outcome,
            Err(_) => Err(no_answer("run statements", "it took too long")),
        };
        match outcome {
            // A refused statement leaves nothing; that the rollback fails too only means that the session is over.
            Err(error) if !matches!(error, DatabaseError::NoAnswer { .. }) => {
                drop(self.run("ROLLBACK").await);
                Err(error)
            }
            outcome => outcome,
        }
    }

    /// Gives the session back, if it can be used again.
    pub(crate) async fn finish(mut self) {
        let is_clean = self.run("ROLLBACK; RESET ALL").await.is_ok();
        let Handle::Pooled(client) = &mut self.client else {
            return;
        };
        if let Some(client) = client.take() {
            let has_room = Object::pool(&client).is_some_and(|pool| pool.status().available < self.idle_max);
            if !is_clean || !has_room {
                drop(Object::take(client));
            }
        }
    }

    fn client(&self) -> Result<&Client, DatabaseError> {
        match &self.client {
            Handle::Pooled(Some(client)) => Ok(client),
            Handle::Visiting(client) => Ok(client),
            Handle::Pooled(None) => Err(no_answer("use a session", "it was given back")),
        }
    }
}

/// A session that was not given back may be in the middle of something.
impl Drop for Session {
    fn drop(&mut self) {
        if let Handle::Pooled(client) = &mut self.client
            && let Some(client) = client.take()
        {
            drop(Object::take(client));
        }
    }
}

/// What came of an attempt, in words without secrets.
pub(crate) fn failure(attempt: &'static str, error: &Error) -> DatabaseError {
    let Some(said) = error.as_db_error() else {
        let reason = if error.is_closed() {
            "the connection was closed"
        } else {
            "the connection broke"
        };
        return no_answer(attempt, reason);
    };
    let code = said.code().code();
    // The session was ended from outside, perhaps after the commit had begun. Who connects is told so, too.
    if attempt != "connect" && (code.starts_with("57P") || code.starts_with("08")) {
        return no_answer(attempt, said.message());
    }
    // Neither detail nor hint nor context: they may quote the statement.
    DatabaseError::Refused {
        code: code.to_owned(),
        message: said.message().to_owned(),
    }
}

async fn within<T>(
    limit: Duration,
    attempt: &'static str,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, DatabaseError> {
    match timeout(limit, work).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(failure(attempt, &error)),
        Err(_) => Err(no_answer(attempt, "it took too long")),
    }
}

fn no_answer(attempt: &'static str, reason: &str) -> DatabaseError {
    DatabaseError::NoAnswer {
        attempt,
        reason: reason.to_owned(),
    }
}
