//! The private store of each token, gone with the token.
//!
//! A value lies below the accessor of the token that wrote it, so nobody reaches another's: there is no path to it. The
//! tokens' room removes everything below an accessor when its token dies; [`owned_by`] says where that lies.
//!
//! What this may never do: take an accessor from a request. It comes with the caller, and only there.
//!
//! Start with `cubbyhole.rs`.

mod cubbyhole;

pub use cubbyhole::{Cubbyhole, cubbyhole, owned_by};
