//! The door: opens the storage that the configuration names.
//!
//! Outsiders come through here; they name neither a backend nor the crates of this folder. The start of it is `open.rs`.

mod open;

pub use open::{OpenError, open};
pub use storage_barrier as barrier;
pub use storage_seal as seal;
