//! Turns what the operators hold into the unseal key.
//!
//! Whether the key is the right one is not known here: it shows when the barrier opens the root key with it. Shares are
//! wiped as soon as they have been put together or forgotten, and nothing here keeps the key.
//!
//! Start with `gathering.rs`, then `shamir.rs`.

mod error;

mod gathering;
mod shamir;

pub use error::SealError;
pub use gathering::{Gathered, Gathering};
pub use shamir::ShamirSeal;
