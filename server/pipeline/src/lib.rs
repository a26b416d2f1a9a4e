//! The corridor: how one request goes through the house.
//!
//! `corridor.rs` has it as one function, a line a room: admit, route, identify, authorize, audit, serve, audit. It runs
//! in a task of its own, so that a client that hangs up interrupts nothing. One operation is one commit: what the
//! handler wrote, and the token, the lease or the wrapped answer that the corridor adds, become durable together.
//!
//! What cannot be recorded does not happen; what cannot be authorised is denied; what cannot be stored is not
//! acknowledged.
//!
//! What is not here: what any path means (plugins, `sys`), bytes and status lines (`http`).
//!
//! Start with `corridor.rs`, then `serve.rs`, then `ending.rs`.

mod admit;
mod authorize;
mod corridor;
mod help;
mod house;
mod identify;
mod login;
mod openapi;
mod route;
mod serve;
mod settle;
mod status;
mod wrapping;

mod cx;
mod policies;
mod scoped;

mod ending;
mod renewal;
mod turns;
mod work;

pub use ending::Sweep;
pub use house::{Ambient, Gate, House, Rooms};
pub use login::{auth_info, normal_policies, policies_of};
pub use openapi::document;
pub use policies::{Policies, PolicyRecord};
pub use renewal::Renewed;
pub use turns::Turns;
pub use wrapping::{Wrapped, WrappedRecord};
