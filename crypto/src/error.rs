//! What can go wrong with keys and sealed bytes.

use logical::Error;
use thiserror::Error as Fault;

/// A failure of cryptography. None of its texts holds a byte of what failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Fault)]
pub enum CryptoError {
    /// The bytes were altered, moved, or sealed under another key.
    #[error("the sealed bytes do not open under this key")]
    Unopened,
    /// A secret cannot be split into that many shares with that threshold.
    #[error("a secret is split into 2 to 255 shares, of which at least 2 and at most all are needed")]
    Split,
    /// Shares that cannot come from one secret.
    #[error("the shares do not fit together")]
    Shares,
    /// Bytes that are no public key, or one of a kind that is not known here.
    #[error("the bytes are no RSA, P-256 or P-384 public key")]
    Key,
    /// Bytes that are no OpenPGP key, or one that does not hold together.
    #[error("the bytes are no OpenPGP public key whose parts are bound to each other")]
    PgpKey,
    /// An OpenPGP key that was made for signatures only, or taken back.
    #[error("the OpenPGP key has no part that is meant for encryption")]
    PgpUse,
}

impl From<CryptoError> for Error {
    fn from(error: CryptoError) -> Self {
        match error {
            CryptoError::Unopened => Self::internal(error),
            CryptoError::Split
            | CryptoError::Shares
            | CryptoError::Key
            | CryptoError::PgpKey
            | CryptoError::PgpUse => Self::invalid(error.to_string()),
        }
    }
}
