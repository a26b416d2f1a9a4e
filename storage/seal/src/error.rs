//! What can be wrong with a share, in Vault's words: clients show them to operators.

use crypto::CryptoError;
use logical::Error;
use thiserror::Error as Fault;

/// Why a share, or shares together, cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Fault)]
pub enum SealError {
    /// Too few bytes for any share.
    #[error("invalid key: key is shorter than minimum {min} bytes")]
    Short {
        /// The shortest share there is.
        min: usize,
    },
    /// Too many bytes for any share.
    #[error("invalid key: key is longer than maximum {max} bytes")]
    Long {
        /// The longest share there is.
        max: usize,
    },
    /// A single share, which is the key itself, or shares put together, of another length than a key has.
    #[error("invalid key: failed to setup unseal key: crypto/aes: invalid key size {length}")]
    Length {
        /// How many bytes there are.
        length: usize,
    },
    /// Shares that cannot come from one key.
    #[error("invalid key: {0}")]
    Shares(CryptoError),
    /// Numbers of shares that make no sense.
    #[error("invalid seal configuration: {0}")]
    Config(CryptoError),
    /// The same share once more.
    #[error("given key has already been provided during this generation operation")]
    Repeated,
    /// An automatic opening was asked for.
    #[error("a shamir seal opens with key shares only")]
    NoShare,
}

impl From<SealError> for Error {
    fn from(error: SealError) -> Self {
        Self::invalid(error.to_string())
    }
}
