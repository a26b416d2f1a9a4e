//! Leases: registered, found, renewed, ended.
//!
//! A lease has a row under its own id and an empty one under its end, so that time is an index: the worker reads the
//! head of a range and sleeps until it is due. Nothing is loaded at unsealing, and nothing depends on how many leases
//! there are. Tokens that end have a lease too, which leads to their accessor.
//!
//! What a lease ends is somebody else's: `Endings` is introduced by the corridor.
//!
//! What is not here: which credential a plugin makes and how it ends it; what hangs on a token.
//!
//! Start with `record.rs`, then `leases.rs`, then `expiry.rs`.

mod expiry;
mod leases;
mod record;

pub use expiry::{Endings, Expiry};
pub use leases::{Due, Leases, Register};
pub use record::{Last, LeaseId, LeaseRecord, Trouble};
