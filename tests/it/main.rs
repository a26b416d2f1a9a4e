//! The server from outside: requests in, answers out, in one process and with a clock that only tests move.
//!
//! Start with `world/server.rs`, then `fail_closed.rs`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod world;

mod audit;
mod expiry;
mod fail_closed;
mod keyholders;
mod races;
mod secrecy;
mod tokens;
