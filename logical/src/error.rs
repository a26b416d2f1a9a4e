//! What the client may learn of a failure, and what only the operator may.

use std::borrow::Cow;
use std::fmt;

type Source = Box<dyn std::error::Error + Send + Sync>;

/// The result of whatever can be answered to a client.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure with two audiences: `public` goes to the client, the source chain to the operator's log.
pub struct Error {
    kind: ErrorKind,
    public: Cow<'static, str>,
    source: Option<Source>,
}

/// What a program can do about an error.
///
/// The list is restricted: add a variant only if a program must act differently on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The request cannot be right as it stands.
    Invalid,
    /// The caller may not do this. Says nothing about why.
    Denied,
    /// Nothing is there.
    NotFound,
    /// The path exists, the operation on it does not.
    Unsupported,
    /// The request is larger than a limit.
    TooLarge,
    /// The body is of a media type that the path does not take.
    WrongMedia,
    /// Somebody else changed what the request was decided on.
    Conflict,
    /// A quota is used up.
    RateLimited,
    /// The server is sealed.
    Sealed,
    /// This node does not serve requests.
    Standby,
    /// A part that is needed cannot be reached; the same request may work later.
    Unavailable,
    /// A fault of ours. The client gets no text of it.
    Internal,
}

impl Error {
    /// An error of a kind, with the text that the client gets.
    pub fn new(kind: ErrorKind, public: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            public: public.into(),
            source: None,
        }
    }

    /// The request cannot be right as it stands.
    pub fn invalid(public: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Invalid, public)
    }

    /// The caller may not do this; the reason goes to the log and the audit entry only.
    pub fn denied() -> Self {
        Self::new(ErrorKind::Denied, "permission denied")
    }

    /// Nothing is there, and that is all there is to say: Vault answers an empty list of errors.
    pub fn not_found() -> Self {
        Self::new(ErrorKind::NotFound, "")
    }

    /// The path exists, the operation on it does not.
    pub fn unsupported_operation() -> Self {
        Self::new(ErrorKind::Unsupported, "unsupported operation")
    }

    /// The path leads to a mount, and to nothing in it.
    pub fn unsupported_path() -> Self {
        Self::new(ErrorKind::NotFound, "unsupported path")
    }

    /// The server is sealed.
    pub fn sealed() -> Self {
        Self::new(ErrorKind::Sealed, "Vault is sealed")
    }

    /// A part that is needed cannot be reached.
    pub fn unavailable(public: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Unavailable, public)
    }

    /// A fault of ours; `context` says what was attempted, for the log.
    pub fn internal(context: impl Into<Source>) -> Self {
        Self {
            kind: ErrorKind::Internal,
            public: Cow::Borrowed("internal error"),
            source: Some(context.into()),
        }
    }

    /// What was decided on has changed meanwhile.
    pub fn conflict() -> Self {
        Self::new(ErrorKind::Conflict, "the record was changed by another request")
    }

    /// Keeps the cause for the operator's log.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Source>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What a program can do about it.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The text for the client. Empty where Vault answers no text.
    pub fn public(&self) -> &str {
        &self.public
    }
}

/// For the operator: the kind, the text, and the cause where there is one.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.public)?;
        let mut cause = self.source.as_ref().map(|s| &**s as &dyn std::error::Error);
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {self}", self.kind)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source
            .as_ref()
            .map(|s| &**s as &(dyn std::error::Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_gets_no_text_of_an_internal_fault() {
        let error = Error::internal("read mount table: disk on fire");
        assert_eq!(error.public(), "internal error");
        assert_eq!(
            error.to_string(),
            "internal error: read mount table: disk on fire"
        );
    }
}
