//! Who did what: audit entries, what they hide, and the devices that take them down.
//!
//! The corridor hands a `Subject` (who asks for what, and what was decided) and later an `Outcome` to the `Broker`.
//! Each device gets Vault's JSON lines in its own hand: its salt, its options. As long as there are devices, at least
//! one of them has to write, or the request is refused: what cannot be recorded does not happen.
//!
//! This crate never writes down a secret in the clear unless a device was told to (`log_raw`), never waits for a
//! client, and knows neither the store nor HTTP.
//!
//! Start with `subject.rs`, then `entry/mod.rs`, then `broker.rs`.

mod subject;

mod client_id;
mod entry;
mod headers;
mod instant;
mod json;
mod redactor;
mod salt;

mod config;
mod device;
mod error;

mod probe;
mod recorder;

mod broker;

pub use broker::{Broker, Settings};
pub use config::{DeviceConfig, Prefixing};
pub use error::AuditError;
pub use headers::AuditedHeaders;
pub use subject::{Decision, NewToken, Outcome, Subject};
