//! What a login proves itself with: `credential_type` and `credential_config` of a role.

use crate::error::DatabaseError;
use logical::field::{Integer, Text};
use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};

/// What a login proves itself with.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Credential {
    /// A password that follows a policy; an empty name is the connection's.
    Password { policy: String },
    /// A key pair. Can be written; no login of PostgreSQL's can be made with it.
    RsaPrivateKey { bits: i64, format: String },
}

/// What a credential is like.
#[derive(Default, JsonSchema)]
#[schemars(transparent)]
pub(crate) struct CredentialConfig(Map<String, Value>);

impl Default for Credential {
    fn default() -> Self {
        Self::Password {
            policy: String::new(),
        }
    }
}

impl Credential {
    /// Its type, and its configuration where that says something.
    pub(crate) fn shown(&self) -> (&'static str, Option<Value>) {
        match self {
            Self::Password { policy } if policy.is_empty() => ("password", None),
            Self::Password { policy } => ("password", Some(json!({ "password_policy": policy }))),
            Self::RsaPrivateKey { bits, format } => (
                "rsa_private_key",
                Some(json!({ "key_bits": bits, "format": format })),
            ),
        }
    }

    /// A new kind starts from its defaults; an empty configuration changes nothing.
    pub(crate) fn change(
        &mut self,
        kind: Option<&str>,
        config: Option<CredentialConfig>,
    ) -> Result<(), DatabaseError> {
        let CredentialConfig(mut config) = config.unwrap_or_default();
        let is_password = matches!(self, Self::Password { .. });
        match kind.unwrap_or(if is_password {
            "password"
        } else {
            "rsa_private_key"
        }) {
            "password" if is_password && config.is_empty() => Ok(()),
            "password" => {
                let policy: Text = member(&mut config, "password_policy")?;
                *self = Self::Password {
                    policy: policy.into_string(),
                };
                Ok(())
            }
            "rsa_private_key" if !is_password && config.is_empty() => Ok(()),
            "rsa_private_key" => {
                *self = rsa(&mut config)?;
                Ok(())
            }
            "client_certificate" => Err(invalid(
                "PostgreSQL logins have passwords; credential_type client_certificate is not supported",
            )),
            other => Err(DatabaseError::Invalid(format!(
                "invalid credential_type {other:?}"
            ))),
        }
    }
}

fn rsa(config: &mut Map<String, Value>) -> Result<Credential, DatabaseError> {
    let Integer(bits) = member(config, "key_bits")?;
    let format = member::<Text>(config, "format")?.into_string();
    if ![0, 2048, 3072, 4096].contains(&bits) {
        return Err(invalid(&format!("invalid key_bits: {bits}")));
    }
    if !format.is_empty() && !format.eq_ignore_ascii_case("pkcs8") {
        return Err(invalid(&format!("invalid format: {format}")));
    }
    Ok(Credential::RsaPrivateKey {
        bits: if bits == 0 { 2048 } else { bits },
        format: if format.is_empty() {
            "pkcs8".to_owned()
        } else {
            format
        },
    })
}

fn member<T: for<'de> Deserialize<'de> + Default>(
    config: &mut Map<String, Value>,
    name: &str,
) -> Result<T, DatabaseError> {
    match config.remove(name) {
        None | Some(Value::Null) => Ok(T::default()),
        Some(value) => T::deserialize(value).map_err(|e| invalid(&format!("{name}: {e}"))),
    }
}

fn invalid(text: &str) -> DatabaseError {
    DatabaseError::Invalid(format!("credential_config validation failed: {text}"))
}

impl<'de> Deserialize<'de> for CredentialConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Object(members) => Ok(Self(members)),
            _ => Err(D::Error::custom("expected names and values")),
        }
    }
}
