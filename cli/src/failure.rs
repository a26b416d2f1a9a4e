//! How a command ends, and why one did not do what it was asked.

use crate::session::Described;

/// The exit statuses that scripts rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Success,
    /// The command line was wrong, or a field is missing; nothing was done.
    Misuse,
    /// The server refused, was not reached, had nothing there, or is sealed.
    Refused,
    /// There is no such command.
    Unknown,
}

impl Exit {
    /// Returns the number that the process ends with.
    pub(crate) fn code(self) -> i32 {
        match self {
            Self::Success => 0,
            Self::Misuse => 1,
            Self::Refused => 2,
            Self::Unknown => 127,
        }
    }
}

/// Why a command ended early.
pub(crate) enum Failure {
    /// Something to say on standard error.
    Said {
        /// The words.
        text: String,
        /// How the process ends.
        exit: Exit,
    },
    /// The command could not even begin: the environment, a flag of all commands or the token helper is at fault.
    Setup(String),
    /// A request that failed.
    Request {
        /// What was being done, outermost first.
        context: Vec<String>,
        /// What happened.
        error: client::Error,
    },
    /// Nothing failed: the request was to be shown instead of sent.
    Described(Box<Described>),
}

impl Failure {
    /// The command line is wrong.
    pub(crate) fn misuse(text: impl Into<String>) -> Self {
        Self::Said {
            text: text.into(),
            exit: Exit::Misuse,
        }
    }

    /// The command line is right, and it still cannot be done.
    pub(crate) fn refused(text: impl Into<String>) -> Self {
        Self::Said {
            text: text.into(),
            exit: Exit::Refused,
        }
    }

    /// Says what was being done when it failed.
    #[must_use]
    pub(crate) fn context(self, what: impl Into<String>) -> Self {
        match self {
            Self::Request { mut context, error } => {
                context.insert(0, what.into());
                Self::Request { context, error }
            }
            Self::Said { text, exit } => Self::Said {
                text: format!("{}: {text}", what.into()),
                exit,
            },
            // What the command was going to do has nothing to do with these.
            other @ (Self::Setup(_) | Self::Described(_)) => other,
        }
    }

    /// Returns the status of the server's refusal.
    pub(crate) fn status(&self) -> Option<u16> {
        match self {
            Self::Request { error, .. } => error.status(),
            _ => None,
        }
    }

    /// Returns the words.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Said { text, .. } | Self::Setup(text) => text.clone(),
            Self::Request { context, error } => {
                let mut words = context.clone();
                words.push(error.to_string());
                words.join(": ")
            }
            Self::Described(_) => String::new(),
        }
    }

    /// Returns how the process ends.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Said { exit, .. } => *exit,
            Self::Setup(_) | Self::Request { .. } => Exit::Refused,
            Self::Described(_) => Exit::Success,
        }
    }
}

impl From<client::Error> for Failure {
    fn from(error: client::Error) -> Self {
        Self::Request {
            context: Vec::new(),
            error,
        }
    }
}

/// Adds what was being done to a failure.
pub(crate) trait Context<T> {
    /// Says what was being done when it failed.
    fn context(self, what: impl FnOnce() -> String) -> Result<T, Failure>;
}

impl<T> Context<T> for Result<T, Failure> {
    fn context(self, what: impl FnOnce() -> String) -> Self {
        self.map_err(|failure| failure.context(what()))
    }
}
