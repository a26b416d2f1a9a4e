//! A new password, as whoever uses it gets it and as the database does.

use crate::error::DatabaseError;
use logical::secret::SecretText;
use logical::{Cx, ErrorKind, Result};
use postgres_protocol::password::scram_sha_256;

/// A new password.
pub(crate) struct Password {
    /// The password itself.
    pub(crate) text: SecretText,
    /// What statements have in its place: itself, or its SCRAM verifier.
    pub(crate) in_statements: SecretText,
}

impl Password {
    /// Makes one by a password policy; by the built-in one, if the name is empty.
    pub(crate) async fn make(cx: &Cx, policy: &str, hashes: Hashes) -> Result<Self> {
        let named = Some(policy).filter(|policy| !policy.is_empty());
        let text = cx
            .services
            .password(named)
            .await
            .map_err(|error| match error.kind() {
                ErrorKind::Invalid | ErrorKind::NotFound => {
                    DatabaseError::NoPassword(error.public().to_owned()).into()
                }
                _ => error,
            })?;
        let in_statements = match hashes {
            Hashes::Never => text.clone(),
            Hashes::Scram => SecretText::new(scram_sha_256(text.expose().as_bytes())),
        };
        Ok(Self { text, in_statements })
    }

    /// What may appear in no error.
    pub(crate) fn secrets(&self) -> [&SecretText; 2] {
        [&self.text, &self.in_statements]
    }
}

/// Whether a database gets to see passwords: `password_authentication`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hashes {
    /// It does, and hashes them itself.
    Never,
    /// It gets their SCRAM-SHA-256 verifier.
    Scram,
}
