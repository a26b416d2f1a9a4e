//! `sys/*`, `auth/token/*` and `identity/*`: ordinary path tables over the rooms.
//!
//! A handler here does what a plugin's does: it reads, and answers with a batch. That it sees the whole store and may
//! answer with a token is a property of the mount, not of the path.
//!
//! What is not here: what must answer while the house is sealed (`sys/init`, `sys/unseal`, `sys/seal-status`,
//! `sys/health`, `sys/leader`): the bootstrap group of `http` asks the wiring for these.
//!
//! Start with `sys.rs`, which lists every table, then `mounts/mod.rs`.

mod audits;
mod capabilities;
mod counters;
mod cross_origin;
mod decode_token;
mod defaults;
mod identity;
mod inspect;
mod internal;
mod leases;
mod loggers;
mod mounts;
mod operator;
mod plugins;
mod policies;
mod remount;
mod server;
mod sys;
mod token;
mod tools;
mod versions;
mod wrapping;

pub use audits::StoredDevice;
pub use cross_origin::CrossOriginRecord;
pub use defaults::{default_mounts, default_policies, root_token};
pub use loggers::{LogLevel, Loggers};
pub use operator::{
    Keyholders, NewShares, Offer, RekeyAttempt, RekeyPlan, Rekeyed, Rekeying, RootAttempt, RootGeneration,
    RootPlan, RotationSettings, ShareBackup, Verification, Verified,
};
pub use remount::Moves;
pub use server_pipeline::document;
pub use sys::{KeyInUse, Operator, Sys, identity_table, system_table, token_table};
pub use versions::note_version;
