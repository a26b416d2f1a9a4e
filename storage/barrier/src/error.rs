//! What the barrier refuses, and what it finds broken.

use logical::{Error, StoredKey};
use thiserror::Error as Fault;

/// Why the barrier does not do what it was asked.
#[derive(Debug, Fault)]
pub enum BarrierError {
    /// There is no key in memory.
    #[error("Vault is sealed")]
    Sealed,
    /// The store has been initialised before; somebody else may have been quicker.
    #[error("Vault is already initialized")]
    Initialized,
    /// There is nothing to unseal.
    #[error("Vault is not initialized")]
    Uninitialized,
    /// The key does not open the root key. Vault's text, which clients show to operators.
    #[error(
        "unable to retrieve stored keys: invalid key: failed to decrypt keys from storage: cipher: message \
         authentication failed"
    )]
    WrongKey,
    /// A name has more bytes than a segment may have.
    #[error("a name is longer than {max} bytes")]
    NameTooLong {
        /// The longest name there is.
        max: usize,
    },
    /// A path is longer, once sealed, than a key may be.
    #[error("a path is longer than can be stored")]
    PathTooLong,
    /// A row was altered, moved, cut, or sealed under a key that is not in the keyring.
    #[error("open {what} at {place:?}: the stored bytes are damaged")]
    Damaged {
        /// Which part of it.
        what: &'static str,
        /// Where it lies; names are sealed there.
        place: StoredKey,
    },
    /// Another version of the house made this store.
    #[error("the store has a format that this version does not know")]
    Format,
    /// A batch would write one of the rows that the barrier keeps for itself.
    #[error("write a row that belongs to the barrier")]
    Own,
}

impl From<BarrierError> for Error {
    fn from(error: BarrierError) -> Self {
        match error {
            BarrierError::Sealed => Self::sealed(),
            BarrierError::Initialized
            | BarrierError::Uninitialized
            | BarrierError::WrongKey
            | BarrierError::NameTooLong { .. }
            | BarrierError::PathTooLong => Self::invalid(error.to_string()),
            BarrierError::Damaged { .. } | BarrierError::Format | BarrierError::Own => Self::internal(error),
        }
    }
}
