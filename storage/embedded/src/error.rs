//! What goes wrong: when a store is opened, and while it is used.

use std::path::PathBuf;
use std::sync::Arc;
use std::{io, result};

pub(crate) type Result<T, E = Failure> = result::Result<T, E>;

/// Why a store cannot be opened. Each says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another server holds the lock.
    #[error(
        "open the storage directory {}: another server uses it; stop that one, or give this one a directory of its own",
        .0.display()
    )]
    InUse(PathBuf),
    /// The directory cannot be made, entered or written.
    #[error(
        "open the storage directory {}: {source}; it must be a directory that the user who runs the server can write",
        directory.display()
    )]
    Directory {
        /// Which directory.
        directory: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file holds something else.
    #[error(
        "open the store {}: this is not a file of Strongroom; move it away, or configure another path",
        .0.display()
    )]
    NotAStore(PathBuf),
    /// A later version of Strongroom wrote the file.
    #[error(
        "open the store {}: it has format {found}, and this version reads up to {known}; start a later version",
        file.display()
    )]
    Newer {
        /// Which file.
        file: PathBuf,
        /// Its format.
        found: i64,
        /// The latest format that this version reads.
        known: i64,
    },
    /// The database does not open.
    #[error("open the store {}: {source}", file.display())]
    Database {
        /// Which file.
        file: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// The writer's thread does not start.
    #[error("start the thread that writes the store: {0}")]
    Thread(io::Error),
}

/// Why an operation on an open store fails.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("read from the store")]
    Read(#[source] Arc<rusqlite::Error>),
    #[error("a key in the store is none of ours")]
    ForeignKey,
    #[error("an expectation of the batch does not hold")]
    Conflict,
    #[error("commit to the store: nothing was written")]
    Refused(#[source] Arc<rusqlite::Error>),
    #[error("commit to the store: too many commits are waiting")]
    QueueFull,
    #[error("the store closed itself, because it is unknown what is on the disk")]
    Closed,
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Read(Arc::new(error))
    }
}

impl From<Failure> for logical::Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Conflict => Self::conflict(),
            Failure::Closed => Self::sealed().caused_by(failure),
            Failure::ForeignKey => Self::internal(failure),
            Failure::Read(_) => Self::unavailable("the storage cannot be read").caused_by(failure),
            Failure::Refused(_) | Failure::QueueFull => {
                Self::unavailable("the storage cannot be written").caused_by(failure)
            }
        }
    }
}
