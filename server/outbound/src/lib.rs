//! The one dialer: whoever in the house wants something from somebody else's server asks here.
//!
//! It limits time and size, follows no redirect, repeats nothing, uses no proxy and no cookie, and keeps connections
//! open for each set of trusted certificates. Addresses that only the machine itself may ask (link-local ones, the
//! clouds' metadata services) are refused after the name was resolved, and the address that was checked is the address
//! that is dialled. Loopback and private networks are allowed, because API servers live there.
//!
//! It may never put a bearer, a body or a query into an error, and no other crate names an HTTP client.
//!
//! Start with `dialer.rs`.

mod dialer;

mod addresses;
mod clients;
mod failure;
mod resolver;
mod trust;

pub use dialer::Dialer;
