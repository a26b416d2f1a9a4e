//! The key/value secrets engine: version 1 keeps one value a path, version 2 keeps earlier versions too.
//!
//! A mount is one of the two; a version 1 mount becomes version 2 by tuning it, and `v2/upgrade.rs` moves its values.
//! Handlers read, decide and return a batch; nothing here commits but that upgrade.
//!
//! This plugin is the example that others follow. Start with `v1.rs`, which is small, then `v2/mod.rs`, whose table
//! names every path, then `v2/secret.rs`, which holds the rules, then `v2/data.rs`.

mod v1;
mod v2;
mod walk;

pub use v1::{Kv1, version_1};
pub use v2::{Kv2, version_2};
