//! Refusals that are made before anybody behind the door is asked.

use logical::{Error, ErrorKind};

/// A status and the texts that go with it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) errors: Vec<String>,
}

impl Refusal {
    /// A refusal with a text.
    pub(crate) fn new(status: u16, text: impl Into<String>) -> Self {
        Self {
            status,
            errors: vec![text.into()],
        }
    }

    /// A refusal for which Vault has no text.
    pub(crate) fn silent(status: u16) -> Self {
        Self {
            status,
            errors: Vec::new(),
        }
    }

    /// The request cannot be right as it stands.
    pub(crate) fn invalid(text: impl Into<String>) -> Self {
        Self::new(400, text)
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let status = status(error.kind());
        match error.public() {
            "" => Self::silent(status),
            text => Self::new(status, text),
        }
    }
}

/// No wildcard: whoever adds a kind decides here.
fn status(kind: ErrorKind) -> u16 {
    match kind {
        ErrorKind::Invalid | ErrorKind::Conflict => 400,
        ErrorKind::Denied => 403,
        ErrorKind::NotFound => 404,
        ErrorKind::Unsupported => 405,
        ErrorKind::TooLarge => 413,
        ErrorKind::WrongMedia => 415,
        ErrorKind::RateLimited => 429,
        ErrorKind::Standby => 473,
        ErrorKind::Internal => 500,
        ErrorKind::Sealed | ErrorKind::Unavailable => 503,
    }
}
