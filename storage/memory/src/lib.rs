//! Bytes at rest in memory: for tests, and for the dev server.
//!
//! Keeps every law of a backend except the last one: what it holds is gone when the process ends.
//!
//! Start with `memory.rs`; `rows.rs` holds the ordered map and how a batch changes it.

mod memory;
mod rows;

pub use memory::Memory;
