//! One suite that every backend passes, and a backend that fails on demand.
//!
//! A backend writes `storage_conformance::laws!(open)` in its tests, where `open` answers an empty store and whatever
//! has to be kept until the test ends; each law is a test of its own there. One that is durable adds
//! `storage_conformance::reopening_laws!(place)`.
//!
//! Whoever stands on a backend wraps it in `Faulty` and uses `sweep` to fail at every single operation.
//!
//! What is not here: anything that a server links. Start with `committing.rs`, then `faulty.rs`.

mod dice;
mod draft;

mod committing;
mod listing;
mod model;
mod racing;
mod reading;
mod reopening;
mod suite;
mod transfer;
mod watching;

mod faulty;
mod sweep;

pub use dice::Dice;
pub use draft::{Draft, key};
pub use faulty::{Fault, Faulty};
pub use reopening::Place;
pub use sweep::sweep;

/// The laws, one function each. A law gets an empty store; it fails by an error or a panic.
pub mod laws {
    pub use crate::committing::*;
    pub use crate::listing::*;
    pub use crate::model::*;
    pub use crate::racing::*;
    pub use crate::reading::*;
    pub use crate::reopening::laws::*;
    pub use crate::transfer::*;
    pub use crate::watching::*;
}
