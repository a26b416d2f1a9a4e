//! A database of its own for each test, and whoever uses it.

use harness::postgres::{self, Postgres};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A database with an administrator who may create roles.
pub(crate) struct Database {
    pub(crate) tag: String,
    pub(crate) name: String,
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) port: u16,
    made: postgres::Database,
}

impl Database {
    pub(crate) fn new() -> Self {
        let postgres = Postgres::shared();
        let made = postgres.database().unwrap();
        let (_, port) = postgres
            .address()
            .rsplit_once(':')
            .map(|(host, port)| (host.to_owned(), port.to_owned()))
            .unwrap();
        let database = Self {
            tag: made.tag.clone(),
            name: made.name.clone(),
            user: made.user.clone(),
            password: format!("CANARY-{}", made.password),
            port: port.parse().unwrap(),
            made,
        };
        let Self { user, password, .. } = &database;
        database.superuser(&format!("ALTER ROLE {user} PASSWORD '{password}'"));
        database
    }

    /// Runs SQL as the superuser, in this database.
    pub(crate) fn superuser(&self, sql: &str) -> Vec<String> {
        let server = Postgres::shared().url();
        let (server, _) = server.rsplit_once('/').unwrap();
        rows(&format!("{server}/{}", self.name), sql).unwrap()
    }

    /// Runs SQL as the administrator.
    pub(crate) fn query(&self, sql: &str) -> Vec<String> {
        self.query_as(&self.user, &self.password, sql).unwrap()
    }

    /// Runs SQL as somebody.
    pub(crate) fn query_as(&self, user: &str, password: &str, sql: &str) -> anyhow::Result<Vec<String>> {
        rows(&self.made.url_of(user, password), sql)
    }

    pub(crate) fn can_log_in(&self, user: &str, password: &str) -> bool {
        self.query_as(user, password, "SELECT 1").is_ok()
    }

    pub(crate) fn has_role(&self, name: &str) -> bool {
        self.made.has_role(name).unwrap()
    }

    /// A session that somebody has open.
    pub(crate) fn session(&self, user: &str, password: &str, sql: &str) -> Child {
        Command::new("psql")
            .args([&self.made.url_of(user, password), "-X", "-c", sql])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// Waits until SQL of the superuser's answers something.
    pub(crate) fn wait_for(&self, sql: &str) {
        let patience = Instant::now() + Duration::from_secs(30);
        while self.superuser(sql).is_empty() {
            assert!(Instant::now() < patience, "{sql} never answers");
        }
    }
}

/// The rows that SQL answers, their columns with bars between them.
fn rows(url: &str, sql: &str) -> anyhow::Result<Vec<String>> {
    let rows = postgres::query(url, sql)?;
    Ok(rows.into_iter().map(|row| row.join("|")).collect())
}
