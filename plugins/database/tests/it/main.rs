//! The database engine against a real PostgreSQL.

mod house;
mod postgres;
mod proxy;

mod config;
mod creds;
mod recovery;
mod revocation;
mod rotation;
