//! What goes wrong between us and a database, in words that hold no password.

use logical::secret::SecretText;
use logical::{Error, ErrorKind};

/// What stands in the place of a secret.
const MASK: &str = "***";

/// A failure of this plugin. Every text of it may be shown to the client.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DatabaseError {
    /// A role names a connection that is not configured.
    #[error("failed to find entry for connection with name: {0:?}")]
    NoConnection(String),
    /// The connection does not let this role make logins.
    #[error("{0:?} is not an allowed role")]
    NotAllowed(String),
    /// The role has nothing to run.
    #[error("empty creation statements")]
    NoStatements,
    /// There is no password to be had.
    #[error("failed to generate password: {0}")]
    NoPassword(String),
    /// What was written cannot be right.
    #[error("{0}")]
    Invalid(String),
    /// Statements that must not run, found before any of them did.
    #[error("statements refused: {0}")]
    Statements(String),
    /// The database could not be reached or did not let us in.
    #[error("failed to connect to {target}: {reason}")]
    Connect {
        /// Host, port, database and user.
        target: String,
        /// What came back.
        reason: String,
        /// Whether it was the password that was refused.
        is_refusal: bool,
    },
    /// A configuration was tried and does not work.
    #[error("error verifying connection: {0}")]
    NotVerified(String),
    /// The database said no. Nothing is left of the transaction.
    #[error("failed to execute query: ERROR: {message} (SQLSTATE {code})")]
    Refused {
        /// The five characters that PostgreSQL gives each kind of error.
        code: String,
        /// What the database said, with secrets masked.
        message: String,
    },
    /// The connection or our patience ended before the answer came: perhaps it was done, perhaps not.
    #[error("{attempt}: no answer from the database ({reason})")]
    NoAnswer {
        /// What was attempted.
        attempt: &'static str,
        /// What ended it.
        reason: String,
    },
    /// A login could not be ended. It is disabled, and its lease stays.
    #[error("{0}")]
    NotRevoked(String),
    /// The administrator's password cannot be changed as things are.
    #[error("unable to rotate root credentials: {0}")]
    NotRotated(&'static str),
}

impl DatabaseError {
    /// The same, said of a configuration that is tried: then it is what was written that cannot be right.
    pub(crate) fn creating(self) -> Self {
        Self::Invalid(format!("error creating database object: {self}"))
    }

    /// The same, said of a trial.
    pub(crate) fn verifying(self) -> Self {
        Self::NotVerified(self.to_string())
    }

    /// The same, without what a database may have quoted of secrets: parts of them within quotes too.
    pub(crate) fn masked(self, secrets: &[&SecretText]) -> Self {
        match self {
            Self::Refused { code, message } => Self::Refused {
                code,
                message: secrets
                    .iter()
                    .fold(message, |text, secret| mask(&text, secret.expose())),
            },
            other => other,
        }
    }

    /// Whether another transaction changed the same row of a catalog at the same moment. Run again, it may succeed.
    pub(crate) fn is_race(&self) -> bool {
        matches!(self, Self::Refused { code, message } if code == "XX000" && message.contains("concurrently"))
    }

    /// Whether it says so with this code of PostgreSQL's.
    pub(crate) fn has_code(&self, expected: &str) -> bool {
        matches!(self, Self::Refused { code, .. } if code == expected)
    }
}

impl From<DatabaseError> for Error {
    fn from(error: DatabaseError) -> Self {
        let text = error.to_string();
        match error {
            DatabaseError::Invalid(_) | DatabaseError::Statements(_) => Self::invalid(text),
            // Vault answers 500 with a text for all of these, and clients tell them by the text.
            DatabaseError::NoConnection(_)
            | DatabaseError::NotAllowed(_)
            | DatabaseError::NoStatements
            | DatabaseError::NoPassword(_)
            | DatabaseError::Connect { .. }
            | DatabaseError::NotVerified(_)
            | DatabaseError::Refused { .. }
            | DatabaseError::NoAnswer { .. }
            | DatabaseError::NotRevoked(_)
            | DatabaseError::NotRotated(_) => Self::new(ErrorKind::Internal, text),
        }
    }
}

/// A syntax error quotes the word that it stumbled over, which may be a part of a password.
fn mask(text: &str, secret: &str) -> String {
    if secret.is_empty() {
        return text.to_owned();
    }
    let text = text.replace(secret, MASK);
    let parts = text.split('"').enumerate();
    let masked = parts.map(|(place, part)| {
        let is_quoted = place % 2 == 1;
        if is_quoted && part.len() > 1 && secret.contains(part) {
            MASK
        } else {
            part
        }
    });
    masked.collect::<Vec<_>>().join("\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(said: &str, expected: &str) {
        let error = DatabaseError::Refused {
            code: "42601".to_owned(),
            message: said.to_owned(),
        };
        let masked = error.masked(&[&SecretText::from("s3cret-Part")]).to_string();
        assert_eq!(
            masked,
            format!("failed to execute query: ERROR: {expected} (SQLSTATE 42601)")
        );
    }

    #[test]
    fn what_a_database_quotes_of_a_password_is_masked() {
        check("near \"s3cret-Part\"", "near \"***\"");
        check("near \"Part\"", "near \"***\"");
        check("no s3cret-Part here", "no *** here");
        check("role \"app\" exists", "role \"app\" exists");
    }
}
