//! What is mounted where, and which plugin answers a path.
//!
//! A mount is one row; its data names it by id, so moving a mount rewrites one row. All mounts are in memory, and
//! memory changes only after the row is durable: each change is a `Change`, a batch and what to do once it is
//! committed.
//!
//! What is not here: ending a mount's leases before it goes (the corridor does that), and who may mount (policies).
//!
//! Start with `entry.rs`, then `mounts.rs`.

mod change;
mod entry;
mod factories;
mod mount;
mod mounts;
mod router;

pub use change::{Change, Times, Tune};
pub use entry::{MountConfig, MountEntry, TableKind, UserLockout};
pub use factories::{Factories, Factory};
pub use mount::Mount;
pub use mounts::{Limits, Mounts};
