//! What a connection's details mean. They are kept as they were written, whatever they are; here they are understood.

use crate::error::DatabaseError;
use crate::password::Hashes;
use crate::target::{Credentials, Target};
use crate::tls::Papers;
use crate::username::Template;
use logical::Fields;
use logical::field::{Flag, Integer, Text, Ttl, parse_duration};
use logical::secret::SecretText;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::time::Duration;

/// Connections that are open at once, where the configuration does not say; Vault's number.
const OPEN_DEFAULT: usize = 4;

/// The details that mean something, for whoever documents them.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct DetailsDocument {
    /// Where the database is: a URL, or libpq's keywords and values. May contain `{{username}}` and `{{password}}`.
    connection_url: Option<Text>,
    /// The administrator.
    username: Option<Text>,
    /// The administrator's password. Never shown again.
    password: Option<SecretText>,
    /// How logins are named, in Go's template language.
    username_template: Option<Text>,
    /// Whether logins' passwords reach the database as they are (`password`) or hashed (`scram-sha-256`).
    password_authentication: Option<Text>,
    /// The most connections that are open at once. Zero is 4, less is no limit.
    max_open_connections: Option<Integer>,
    /// The most connections that stay open while nobody needs them. Zero is as many as may be open, less is none.
    max_idle_connections: Option<Integer>,
    /// How old a connection may become. Zero is no limit.
    max_connection_lifetime: Option<Ttl>,
    /// Whether user name and password are put into the URL as they are.
    disable_escaping: Option<Flag>,
    /// Certificates of authorities that may vouch for the server, in PEM.
    tls_ca: Option<Text>,
    /// The certificate that we show to the server, in PEM.
    tls_certificate: Option<Text>,
    /// The key of our certificate, in PEM. Never shown again.
    private_key: Option<SecretText>,
}

/// A connection's details, understood.
pub(crate) struct Settings {
    /// The administrator.
    pub(crate) username: String,
    /// The administrator's password.
    pub(crate) password: SecretText,
    /// The most connections that are open at once.
    pub(crate) open_max: usize,
    /// The most connections that stay open while nobody needs them.
    pub(crate) idle_max: usize,
    /// How old a connection may become; zero is no limit.
    pub(crate) lifetime: Duration,
    /// Whether the database gets a password only as its SCRAM verifier.
    pub(crate) hashes: Hashes,
    /// How logins are named.
    pub(crate) template: Template,
    /// Certificates and keys.
    pub(crate) papers: Papers,
    url: SecretText,
    disable_escaping: bool,
}

impl Settings {
    /// Reads the details.
    ///
    /// # Errors
    /// In words that show no value of theirs.
    pub(crate) fn read(details: &Fields) -> Result<Self, DatabaseError> {
        let text = |name| {
            read::<Text>(details, name, "string").map(|t| t.map(Text::into_string).unwrap_or_default())
        };
        let url = text("connection_url")?;
        if url.is_empty() {
            return Err(DatabaseError::Invalid(
                "connection_url cannot be empty".to_owned(),
            ));
        }
        let (username, password) = (text("username")?, SecretText::new(text("password")?));
        let has_variable = |value: &str| value.contains("{{username}}") || value.contains("{{password}}");
        if has_variable(&username) || has_variable(password.expose()) {
            return Err(DatabaseError::Invalid(
                "username and/or password cannot contain the template variables".to_owned(),
            ));
        }
        let open_max = count(details, "max_open_connections")?.filter(|n| *n != 0);
        let open_max = open_max.map_or(OPEN_DEFAULT, |n| usize::try_from(n).unwrap_or(usize::MAX));
        let idle_max = count(details, "max_idle_connections")?.filter(|n| *n != 0);
        let idle_max = idle_max.map_or(open_max, |n| usize::try_from(n).unwrap_or(0).min(open_max));
        Ok(Self {
            username,
            password,
            open_max,
            idle_max,
            lifetime: lifetime(&text("max_connection_lifetime")?)?,
            hashes: hashes(details)?,
            template: Template::parse(&text("username_template")?)?,
            papers: papers(&text("tls_ca")?, &text("tls_certificate")?, &text("private_key")?),
            url: SecretText::new(url),
            disable_escaping: read::<Flag>(details, "disable_escaping", "bool")?
                .unwrap_or_default()
                .0,
        })
    }

    /// Whether the URL asks for a user name that nobody has said yet.
    pub(crate) fn lacks_username(&self) -> bool {
        self.username.is_empty() && self.url.expose().contains("{{username}}")
    }

    /// Where the database is, for whoever opens it with a password.
    pub(crate) fn target(&self, password: &SecretText) -> Result<Target, DatabaseError> {
        if self.lacks_username() {
            return Err(DatabaseError::Invalid(
                "connection_url asks for {{username}}, and no username is configured".to_owned(),
            ));
        }
        Target::parse(
            self.url.expose(),
            &Credentials {
                username: &self.username,
                password: password.expose(),
                disable_escaping: self.disable_escaping,
            },
        )
    }
}

fn read<T: DeserializeOwned>(
    details: &Fields,
    name: &'static str,
    kind: &'static str,
) -> Result<Option<T>, DatabaseError> {
    let Some(value) = details.get(name).filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    T::deserialize(value)
        .map(Some)
        .map_err(|_| DatabaseError::Invalid(format!("'{name}' cannot parse value as '{kind}'")))
}

fn count(details: &Fields, name: &'static str) -> Result<Option<i64>, DatabaseError> {
    read::<Integer>(details, name, "int").map(|n| n.map(|n| n.0))
}

fn lifetime(text: &str) -> Result<Duration, DatabaseError> {
    let wrong = || {
        DatabaseError::Invalid(
            "invalid max_connection_lifetime: expected a duration such as 1h30m".to_owned(),
        )
    };
    parse_duration(text).ok_or_else(wrong)
}

fn hashes(details: &Fields) -> Result<Hashes, DatabaseError> {
    match details.get("password_authentication") {
        None | Some(Value::Null) => Ok(Hashes::Never),
        Some(Value::String(form)) if form.is_empty() || form == "password" => Ok(Hashes::Never),
        Some(Value::String(form)) if form == "scram-sha-256" => Ok(Hashes::Scram),
        Some(Value::String(form)) => Err(DatabaseError::Invalid(format!(
            "'{form}' is not a valid password authentication type"
        ))),
        Some(_) => Err(DatabaseError::Invalid(
            "password_authentication must be password or scram-sha-256".to_owned(),
        )),
    }
}

/// A key without its certificate is kept and means nothing, as in Vault.
fn papers(authorities: &str, certificate: &str, key: &str) -> Papers {
    let pem = |text: &str| Some(text.as_bytes().to_vec()).filter(|pem| !pem.is_empty());
    Papers {
        authorities: pem(authorities),
        identity: pem(certificate).zip(pem(key)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(details: &Value) -> Result<Settings, DatabaseError> {
        let mut fields = Fields::of(details.clone());
        if fields.get("connection_url").is_none() {
            fields.insert("connection_url", "postgresql://{{username}}:{{password}}@h/d");
        }
        Settings::read(&fields)
    }

    fn check(details: &Value, open_idle: (usize, usize)) {
        let settings = read(details).unwrap();
        assert_eq!((settings.open_max, settings.idle_max), open_idle, "{details}");
    }

    #[test]
    fn the_pool_is_as_large_as_the_details_say() {
        check(&json!({}), (4, 4));
        check(
            &json!({ "max_open_connections": 0, "max_idle_connections": 9 }),
            (4, 4),
        );
        check(
            &json!({ "max_open_connections": "3", "max_idle_connections": 1 }),
            (3, 1),
        );
        check(
            &json!({ "max_open_connections": -1, "max_idle_connections": -1 }),
            (usize::MAX, 0),
        );
    }

    #[test]
    fn what_cannot_be_understood_is_refused_and_not_shown() {
        for (details, said) in [
            (json!({ "connection_url": "" }), "connection_url"),
            (json!({ "username": "a{{password}}" }), "template variables"),
            (
                json!({ "password": "x{{username}}SENTINEL" }),
                "template variables",
            ),
            (json!({ "password": ["SENTINEL"] }), "'password'"),
            (
                json!({ "max_open_connections": "SENTINEL" }),
                "'max_open_connections'",
            ),
            (
                json!({ "max_connection_lifetime": "SENTINEL" }),
                "max_connection_lifetime",
            ),
            (json!({ "disable_escaping": "SENTINEL" }), "'disable_escaping'"),
            (json!({ "password_authentication": "md5" }), "'md5'"),
            (json!({ "password_authentication": 5 }), "password_authentication"),
            (
                json!({ "username_template": "{{.Nothing}}" }),
                "username template",
            ),
        ] {
            let error = read(&details)
                .err()
                .unwrap_or_else(|| panic!("{details} is taken"))
                .to_string();
            assert!(error.contains(said), "{error}");
            assert!(!error.contains("SENTINEL"), "{error}");
        }
    }
}
