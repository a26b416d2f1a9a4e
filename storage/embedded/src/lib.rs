//! Bytes at rest in one directory: SQLite with one writer.
//!
//! One thread writes. It takes all batches that wait, commits them in one transaction and syncs once, so throughput
//! grows with the number of writers while each of them still waits for the disk. Read connections beside it see what
//! was committed when they began, also when the disk is full.
//!
//! It may never acknowledge what is not on the disk, and never go on after a sync that failed: then it closes itself.
//!
//! Start with `embedded.rs`, then `writer.rs`; `fate.rs` decides what an error means.

mod embedded;
mod error;

mod batch;
mod checkpoint;
mod fate;
mod writer;

mod read;
mod readers;

mod directory;
mod file;

pub use embedded::Embedded;
pub use error::OpenError;
