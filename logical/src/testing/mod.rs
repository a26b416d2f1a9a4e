//! A bench for plugins: a mount in memory that asks a plugin as the corridor does, and commits what it answers.
//!
//! Only for tests, behind the feature `testing`. What it does not do: tokens, policies, leases, audit.

mod bench;
mod laws;
mod memory;

pub use bench::{Answer, Bench};
pub use laws::check_manifest;
pub use memory::Memory;
