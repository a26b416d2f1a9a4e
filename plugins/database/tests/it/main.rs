//! The database engine against a real PostgreSQL.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "all of this is a test, and a test that cannot go on fails"
)]

mod house;
mod postgres;
mod proxy;

mod config;
mod creds;
mod encryption;
mod recovery;
mod revocation;
mod rotation;
