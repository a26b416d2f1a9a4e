//! The only crate that names a cipher, hash or signature crate.
//!
//! Two kinds of cryptography live here. What the barrier holds (`SecretKey`, `NameKey`, `aead`, `siv`, `shamir`) is in
//! types that are wiped when dropped, so that a sealed server has no key in memory. Everything else (hashes, HMAC) is
//! ring's, which is faster and does not wipe.
//!
//! It may never log, print or put into an error what it is given. It chooses no policy: which key seals what, and how
//! sealed bytes look on disk, is decided in `storage/barrier`.
//!
//! Start with `key.rs`, then `aead.rs`.

mod error;
mod key;
mod random;

mod digest;
mod hash;

mod der;
mod public_key;

mod openpgp;

pub mod aead;
pub mod shamir;
pub mod siv;

#[cfg(test)]
mod vectors;

pub use digest::HashAlgorithm;
pub use error::CryptoError;
pub use hash::{HmacKey, equal, hkdf_sha256, hmac_sha256, sha256};
pub use key::{NameKey, SecretKey};
pub use openpgp::PgpKey;
pub use public_key::{PublicKey, SignatureAlgorithm};
pub use random::SystemRandom;
