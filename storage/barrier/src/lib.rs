//! The barrier: everything above it reads and writes in the clear, everything below it sees sealed bytes only.
//!
//! *Invariants.* What the store holds in the clear is our own words, ids, numbers and digests, never a name or a value.
//! A record that does not open is an error, never an absence. After `seal` no key and no opened record is left in
//! memory. Nobody reads older than what was acknowledged, cache or not.
//!
//! Not here: what records mean, who may read them, and how the unseal key is kept (`storage/seal`).
//!
//! Start with `barrier.rs`, then `view.rs`; what lies where on disk is in `foundation.rs` and `envelope.rs`.

mod error;
mod path;

mod envelope;
mod foundation;
mod keyring;
mod names;

mod cache;
mod freshness;

mod barrier;
mod lifecycle;
mod rotation;
mod sealing;
mod view;

pub use barrier::Barrier;
pub use error::BarrierError;
pub use lifecycle::{Founding, Status};
pub use rotation::KeyStatus;
pub use view::View;
