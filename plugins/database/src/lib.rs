//! Database credentials, made for each caller and dropped when their lease ends.
//!
//! Before a login is made its name is durable (an intent), so that a crash at any step leaves either no login or one
//! that recovery finds. A login is ended in steps that can be repeated: disabled, its sessions ended, dropped, looked
//! for again. Whatever fails leaves it disabled, with its lease, to be tried again.
//!
//! No password may appear in an error, an answer or a log, except the one answer that hands a login out. No name or
//! text reaches a statement without the quotes that its place asks for.
//!
//! Start with `engine.rs` (the paths), then `creds.rs`, `ending.rs` and `recovery.rs`.

mod engine;

mod config;
mod credential;
mod roles;

mod creds;
mod intent;
mod password;
mod renew;
mod revoke;

mod ending;
mod grants;
mod sessions;

mod recovery;
mod reset;
mod rotate_root;
mod rotation;

mod connection;
mod dialer;
mod session;
mod settings;
mod target;
mod tls;

mod glob;
mod input;
mod sql;
mod statements;
mod template;
mod username;

mod error;

pub use engine::{Database, database};
