//! A database and an administrator for one test: roles belong to the whole server, so every name carries the test's tag.

use anyhow::{Context, Result};

use super::query;
use crate::random;

/// A database with an administrator who may create roles. Dropping it drops both.
#[derive(Debug)]
pub struct Database {
    /// What makes this test's names differ from every other's; roles that a test makes must contain it.
    pub tag: String,
    /// The database's name.
    pub name: String,
    /// The administrator's name.
    pub user: String,
    /// The administrator's password.
    pub password: String,
    address: String,
    superuser: String,
}

impl Database {
    pub(super) fn create(superuser: &str, address: &str) -> Result<Self> {
        let random = random::hex()?;
        let tag: String = random.chars().take(8).collect();
        let made = Self {
            name: format!("test_{tag}"),
            user: format!("admin_{tag}"),
            password: random,
            address: address.to_owned(),
            superuser: superuser.to_owned(),
            tag,
        };
        let Self {
            name, user, password, ..
        } = &made;
        query(
            superuser,
            &format!("CREATE ROLE {user} LOGIN CREATEROLE PASSWORD '{password}'"),
        )
        .with_context(|| format!("create the administrator {user}"))?;
        query(superuser, &format!("CREATE DATABASE {name} OWNER {user}"))
            .with_context(|| format!("create the database {name}"))?;
        Ok(made)
    }

    /// Returns the administrator's URL of this database.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_of(&self.user, &self.password)
    }

    /// Returns the URL with which somebody else opens this database.
    #[must_use]
    pub fn url_of(&self, user: &str, password: &str) -> String {
        format!(
            "postgresql://{user}:{password}@{}/{}?sslmode=disable",
            self.address, self.name
        )
    }

    /// Runs SQL in this database as its administrator.
    ///
    /// # Errors
    /// With the server's message, if it refuses.
    pub fn query(&self, sql: &str) -> Result<Vec<Vec<String>>> {
        query(&self.url(), sql)
    }

    /// Tells whether the server has a role of this name.
    ///
    /// # Errors
    /// If the server does not answer.
    pub fn has_role(&self, name: &str) -> Result<bool> {
        let literal = name.replace('\'', "''");
        let rows = query(
            &self.superuser,
            &format!("SELECT 1 FROM pg_roles WHERE rolname = '{literal}'"),
        )?;
        Ok(!rows.is_empty())
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // The server may be gone already, and everything with it.
        let _gone = query(
            &self.superuser,
            &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name),
        );
        let _gone = query(&self.superuser, &format!("DROP ROLE IF EXISTS {}", self.user));
    }
}

#[cfg(test)]
mod tests {
    use crate::postgres::Postgres;

    #[test]
    fn an_administrator_creates_roles_and_goes_with_the_database() {
        let postgres = Postgres::shared();
        let database = postgres.database().unwrap();
        let (admin, made) = (database.user.clone(), format!("made_{}", database.tag));
        database.query(&format!("CREATE ROLE {made}")).unwrap();
        assert!(database.has_role(&made).unwrap());
        database.query(&format!("DROP ROLE {made}")).unwrap();
        drop(database);
        assert!(!postgres.database().unwrap().has_role(&admin).unwrap());
    }
}
