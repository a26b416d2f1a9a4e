//! The envelope that most answers come in.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::{Answer, Error};

/// What a path answered: data, a login, or a wrapping. The members go out in the order of Vault's client.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Secret {
    /// The request's id in the audit log.
    #[serde(deserialize_with = "or_default")]
    pub request_id: String,
    /// The lease's id, if the data lives on one.
    #[serde(deserialize_with = "or_default")]
    pub lease_id: String,
    /// How long the lease lasts, in seconds.
    #[serde(deserialize_with = "or_default")]
    pub lease_duration: i64,
    /// Whether the lease can be renewed.
    #[serde(deserialize_with = "or_default")]
    pub renewable: bool,
    /// The data.
    pub data: Option<Map<String, Value>>,
    /// What the server has to remark.
    pub warnings: Option<Vec<String>>,
    /// A login.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth: Option<Auth>,
    /// A wrapping.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wrap_info: Option<WrapInfo>,
}

impl Secret {
    /// Reads the envelope of an answer; `None` if there is none, as in a 204.
    pub fn parse(answer: &Answer) -> Option<Self> {
        let body = answer.body.as_ref().filter(|body| body.is_object())?;
        Self::deserialize(body).ok()
    }

    /// Reads a value that may not be there.
    ///
    /// A 404 is a value if it carries data or warnings: the deleted version of a secret, say.
    pub fn optional(answer: Result<Answer, Error>) -> Result<Option<Self>, Error> {
        match answer {
            Ok(answer) => Ok(Self::parse(&answer)),
            Err(error) if error.status() == Some(404) => {
                let found = error.answer().and_then(Self::parse);
                Ok(found.filter(|secret| secret.data.is_some() || secret.warnings.is_some()))
            }
            Err(error) => Err(error),
        }
    }

    /// Returns a member of the data.
    pub fn datum(&self, name: &str) -> Option<&Value> {
        self.data.as_ref()?.get(name)
    }
}

/// A login.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Auth {
    /// The token.
    #[serde(deserialize_with = "or_default")]
    pub client_token: String,
    /// The token's accessor.
    #[serde(deserialize_with = "or_default")]
    pub accessor: String,
    /// All policies.
    pub policies: Option<Vec<String>>,
    /// The policies of the token itself.
    pub token_policies: Option<Vec<String>>,
    /// The policies of its entity and groups.
    pub identity_policies: Option<Vec<String>>,
    /// What the method noted about the login.
    pub metadata: Option<Map<String, Value>>,
    /// Whether the token has no parent.
    #[serde(deserialize_with = "or_default")]
    pub orphan: bool,
    /// The entity's id.
    #[serde(deserialize_with = "or_default")]
    pub entity_id: String,
    /// How long the token lasts, in seconds.
    #[serde(deserialize_with = "or_default")]
    pub lease_duration: i64,
    /// Whether it can be renewed.
    #[serde(deserialize_with = "or_default")]
    pub renewable: bool,
    /// A second factor that is still to be shown.
    pub mfa_requirement: Option<Value>,
}

/// A wrapping: the answer is kept by the server, for whoever brings this token.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct WrapInfo {
    /// The wrapping token.
    pub token: String,
    /// Its accessor.
    pub accessor: String,
    /// How long it lasts, in seconds.
    pub ttl: i64,
    /// When it was made.
    pub creation_time: String,
    /// For which request it was made.
    pub creation_path: String,
    /// The accessor of the token inside, if there is one.
    #[serde(deserialize_with = "or_default")]
    pub wrapped_accessor: String,
}

/// `null` is what is not there.
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &str) -> Secret {
        Secret::parse(&Answer::new(200, None, body.to_owned())).expect("an envelope")
    }

    #[test]
    fn nulls_are_nothing() {
        let secret =
            parse(r#"{"request_id": "r", "lease_id": null, "data": null, "auth": null, "wrap_info": null}"#);
        assert!(secret.lease_id.is_empty() && secret.data.is_none() && secret.auth.is_none());
    }

    #[test]
    fn absent_logins_and_wrappings_are_not_written() {
        let text = serde_json::to_string(&parse(
            r#"{"request_id": "r", "data": {"big": 12345678901234567890}}"#,
        ));
        let expected = concat!(
            r#"{"request_id":"r","lease_id":"","lease_duration":0,"renewable":false,"#,
            r#""data":{"big":12345678901234567890},"warnings":null}"#
        );
        assert_eq!(text.expect("JSON"), expected);
    }

    #[test]
    fn an_empty_body_is_no_envelope() {
        assert!(Secret::parse(&Answer::new(204, None, String::new())).is_none());
    }
}
