//! Roles: how a login is made, for how long, and how it ends.

use crate::credential::{Credential, CredentialConfig};
use crate::error::DatabaseError;
use crate::input::{self, NameInput, Statements, Stored};
use crate::statements::Script;
use logical::field::{Given, PageInput, Text, Ttl};
use logical::{Batch, Cx, Done, Error, Key, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::Duration;

/// A role, as it is kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Role {
    /// The connection.
    pub(crate) db_name: String,
    /// What makes a login.
    pub(crate) creation_statements: Vec<String>,
    /// What ends one; empty is our own way.
    pub(crate) revocation_statements: Vec<String>,
    /// What extends one; empty is our own way.
    pub(crate) renew_statements: Vec<String>,
    /// Kept and shown. A failed login is rolled back as a whole, so they are never needed, as in Vault.
    pub(crate) rollback_statements: Vec<String>,
    /// How long a login lives that asks for nothing; zero is the mount's default.
    pub(crate) default_ttl: Duration,
    /// The longest life; zero is the mount's.
    pub(crate) max_ttl: Duration,
    /// What a login proves itself with.
    pub(crate) credential: Credential,
    /// What becomes of objects that a login leaves behind.
    pub(crate) ownership: Ownership,
}

/// What becomes of objects that a login owns when it ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Ownership {
    /// They stay, and so does the login, disabled, until somebody has decided.
    #[default]
    Refuse,
    /// They become the administrator's.
    Reassign,
    /// They are dropped.
    Drop,
}

/// Parameters of a role.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct RoleInput {
    /// The name of the role.
    name: Text,
    /// The connection that logins are made with.
    #[serde(default)]
    db_name: Given<Text>,
    /// Statements that make a login. `{{name}}`, `{{password}}` and `{{expiration}}` are filled in.
    #[serde(default)]
    creation_statements: Given<Statements>,
    /// Statements that end a login, in the place of our own way.
    #[serde(default)]
    revocation_statements: Given<Statements>,
    /// Statements that extend a login, in the place of our own way.
    #[serde(default)]
    renew_statements: Given<Statements>,
    /// Kept for Vault's sake. A failed login is always rolled back as a whole.
    #[serde(default)]
    rollback_statements: Given<Statements>,
    /// How long a login lives. Zero is the mount's default.
    #[serde(default)]
    default_ttl: Given<Ttl>,
    /// The longest life of a login, renewals included. Zero is the mount's maximum.
    #[serde(default)]
    max_ttl: Given<Ttl>,
    /// What a login proves itself with: `password` or `rsa_private_key`.
    #[serde(default)]
    credential_type: Given<Text>,
    /// `password_policy` of a password; `key_bits` and `format` of a key.
    #[serde(default)]
    credential_config: Given<CredentialConfig>,
    /// What becomes of objects that a login owns when it ends: `refuse`, `reassign` or `drop`.
    #[serde(default)]
    revocation_ownership: Option<Ownership>,
}

impl Role {
    /// Finds a role.
    pub(crate) async fn find(cx: &Cx, name: &str) -> Result<Option<Stored<Self>>> {
        input::find(cx, &key(name)).await
    }

    fn change(&mut self, input: RoleInput) -> Result<(), DatabaseError> {
        let set = |place: &mut Vec<String>, statements: Given<Statements>| {
            if let Some(Statements(statements)) = statements.or_cleared(Statements::default()) {
                *place = statements;
            }
        };
        if let Some(name) = input.db_name.or_cleared(Text::default()) {
            self.db_name = name.into_string();
        }
        if self.db_name.is_empty() {
            return Err(DatabaseError::Invalid("database name is required".to_owned()));
        }
        set(&mut self.creation_statements, input.creation_statements);
        set(&mut self.revocation_statements, input.revocation_statements);
        set(&mut self.renew_statements, input.renew_statements);
        set(&mut self.rollback_statements, input.rollback_statements);
        self.revocation_statements
            .retain(|statement| !statement.is_empty());
        for statements in [
            &self.creation_statements,
            &self.revocation_statements,
            &self.renew_statements,
        ] {
            Script::parse(statements)?;
        }
        self.default_ttl = input
            .default_ttl
            .or_cleared(Ttl::default())
            .map_or(self.default_ttl, whole_seconds);
        self.max_ttl = input
            .max_ttl
            .or_cleared(Ttl::default())
            .map_or(self.max_ttl, whole_seconds);
        self.ownership = input.revocation_ownership.unwrap_or(self.ownership);
        let kind = input.credential_type.or_cleared(Text::default());
        let config = input.credential_config.or_cleared(CredentialConfig::default());
        self.credential.change(kind.as_ref().map(Text::as_str), config)
    }

    fn shown(&self) -> Value {
        let mut shown = json!({
            "db_name": self.db_name,
            "creation_statements": self.creation_statements,
            "revocation_statements": self.revocation_statements,
            "renew_statements": self.renew_statements,
            "rollback_statements": self.rollback_statements,
            "default_ttl": self.default_ttl.as_secs(),
            "max_ttl": self.max_ttl.as_secs(),
        });
        let (kind, config) = self.credential.shown();
        if let Some(members) = shown.as_object_mut() {
            members.insert("credential_type".to_owned(), kind.into());
            members.extend(config.map(|config| ("credential_config".to_owned(), config)));
            if self.ownership != Ownership::Refuse {
                members.insert("revocation_ownership".to_owned(), json!(self.ownership));
            }
        }
        shown
    }
}

/// Vault keeps seconds and cuts the rest off.
fn whole_seconds(ttl: Ttl) -> Duration {
    Duration::from_secs(ttl.0.as_secs())
}

fn key(name: &str) -> Key {
    Key::of("role").name(name)
}

pub(crate) async fn exists(cx: &Cx, name: &str) -> Result<bool> {
    Ok(cx.storage.get(&key(name)).await?.is_some())
}

pub(crate) async fn list(cx: Cx, input: PageInput) -> Result<Done> {
    Ok(Done::keys(
        cx.storage.list(&Key::of("role"), &input.page()).await?,
    ))
}

pub(crate) async fn read(cx: Cx, input: NameInput) -> Result<Done> {
    let found = Role::find(&cx, input.name.as_str()).await?;
    Ok(Done::data(found.ok_or_else(Error::not_found)?.record.shown()))
}

pub(crate) async fn write(cx: Cx, input: RoleInput) -> Result<Done> {
    let name = input.name.as_str().to_owned();
    let found = Role::find(&cx, &name).await?;
    let mut batch = Batch::new();
    batch.expect(key(&name), found.as_ref().map(|found| found.revision));
    let mut role = found.map(|found| found.record).unwrap_or_default();
    role.change(input)?;
    batch.put_json(key(&name), &role)?;
    Ok(Done::empty().commit(batch))
}

pub(crate) async fn delete(input: NameInput) -> Result<Done> {
    let mut batch = Batch::new();
    batch.delete(key(input.name.as_str()));
    Ok(Done::empty().commit(batch))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(role: &mut Role, input: Value) -> Result<(), String> {
        let mut input = input;
        input["name"] = "app".into();
        let input: RoleInput = serde_json::from_value(input).map_err(|e| e.to_string())?;
        role.change(input).map_err(|e| e.to_string())
    }

    fn check(inputs: &[Value], member: &str, expected: &Value) {
        let mut role = Role::default();
        changed(&mut role, json!({ "db_name": "pg" })).unwrap();
        for input in inputs {
            changed(&mut role, input.clone()).unwrap();
        }
        assert_eq!(
            role.shown().get(member).unwrap_or(&Value::Null),
            expected,
            "{inputs:?}"
        );
    }

    /// As recorded.
    #[test]
    fn what_is_not_sent_stays_and_what_is_empty_clears() {
        let full = json!({ "renew_statements": ["SELECT 1"], "rollback_statements": ["SELECT 2"], "default_ttl": 600,
            "credential_config": { "password_policy": "p" } });
        check(
            &[full.clone(), json!({})],
            "renew_statements",
            &json!(["SELECT 1"]),
        );
        check(
            &[full.clone(), json!({ "renew_statements": [] })],
            "renew_statements",
            &json!([]),
        );
        check(
            &[full.clone(), json!({ "rollback_statements": null })],
            "rollback_statements",
            &json!([]),
        );
        check(
            &[full.clone(), json!({ "default_ttl": "" })],
            "default_ttl",
            &json!(0),
        );
        check(
            &[full.clone(), json!({ "credential_config": {} })],
            "credential_config",
            &json!({ "password_policy": "p" }),
        );
        check(
            &[json!({ "revocation_statements": ["", "a", "  "] })],
            "revocation_statements",
            &json!(["a"]),
        );
        check(&[json!({ "default_ttl": "1500ms" })], "default_ttl", &json!(1));
        check(
            &[json!({ "credential_config": { "password_policy": "" } })],
            "credential_config",
            &Value::Null,
        );
        let rsa = json!({ "key_bits": 2048, "format": "pkcs8" });
        check(
            &[full, json!({ "credential_type": "rsa_private_key" })],
            "credential_config",
            &rsa,
        );
    }

    #[test]
    fn what_cannot_be_right_is_refused() {
        for (input, said) in [
            (json!({}), "database name is required"),
            (json!({ "db_name": "" }), "database name is required"),
            (json!({ "db_name": ["pg"] }), "expected a string"),
            (
                json!({ "db_name": "pg", "credential_type": "PASSWORD" }),
                "invalid credential_type \"PASSWORD\"",
            ),
            (
                json!({ "db_name": "pg", "credential_type": null }),
                "invalid credential_type \"\"",
            ),
            (
                json!({ "db_name": "pg", "credential_type": "client_certificate" }),
                "client_certificate",
            ),
            (
                json!({ "db_name": "pg", "credential_type": "rsa_private_key", "credential_config": { "key_bits": 1024 } }),
                "invalid key_bits: 1024",
            ),
            (
                json!({ "db_name": "pg", "creation_statements": "SELECT 1; COMMIT" }),
                "COMMIT",
            ),
            (
                json!({ "db_name": "pg", "creation_statements": { "a": 1 } }),
                "expected a list of strings",
            ),
            (
                json!({ "db_name": "pg", "revocation_ownership": "keep" }),
                "unknown variant `keep`",
            ),
        ] {
            let error = changed(&mut Role::default(), input.clone()).unwrap_err();
            assert!(error.contains(said), "{input}: {error}");
        }
    }
}
