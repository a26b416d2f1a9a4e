//! Bytes to requests and answers to bytes. The only crate that names axum.
//!
//! A request's bytes become one `logical::Request`, the corridor answers it, and its answer becomes bytes again. What
//! must be answered while the server is sealed goes to `Bootstrap` instead.
//!
//! What this crate may never do: decide who may do what. Every refusal here is about the form of a request and is the
//! same for every caller. Nor does it write a token or a body into a log.
//!
//! Start with `door.rs`; `serve.rs` is what stands between it and the network.

mod contract;
mod settings;

mod door;

mod bootstrap;
mod method;
mod target;

mod body;
mod form;
mod headers;
mod json;
mod media;
mod query;
mod wrap_ttl;

mod answer;
mod buffer;
mod envelope;
mod refusal;
mod spelling;

mod cross_origin;
mod forwarded;
mod response_headers;

mod serve;

pub use contract::{Bootstrap, Corridor, Health};
pub use cross_origin::CrossOrigin;
pub use door::router;
pub use forwarded::Forwarded;
pub use response_headers::{BadResponseHeader, ResponseHeaders};
pub use serve::{Listener, Timeouts, serve};
pub use settings::{HttpSettings, Keyholders};
