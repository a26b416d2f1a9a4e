//! From the text of policies to a decision about a request.
//!
//! `Policy` is a text that was read; `Acl` is what a set of policies comes to for one caller, merged and indexed, made
//! once and asked for every request; `authorize` turns a decision into the `Permit` that dispatch consumes. Nothing
//! else can make one, so that an unauthorised call does not type-check.
//!
//! It may never read a clock, a store or the network: moments and facts about the caller come in as arguments. What it
//! cannot make sense of is refused: when a policy is written, and again, as a denial, when a request is judged.
//!
//! Start with `policy.rs`, then `acl.rs`, then `grant.rs`; `pattern.rs` says which rule counts.

mod builtin;
mod error;
mod policy;
mod text;

mod block;
mod capability;
mod rule;

mod filter;
mod parameters;
mod pattern;
mod template;
mod wrapping;

mod acl;
mod facts;
mod grant;
mod tree;

mod decision;
mod permit;

mod resultant;
mod visibility;

pub use acl::Acl;
pub use builtin::{
    DEFAULT, DEFAULT_TEXT, RESPONSE_WRAPPING, RESPONSE_WRAPPING_TEXT, ROOT, is_fixed, normalized_name,
};
pub use capability::{Capabilities, Capability};
pub use decision::{Allowed, Decision, Denied, Question, Reason};
pub use error::PolicyError;
pub use facts::{AliasFacts, Facts, GroupFacts};
pub use permit::{Permit, authorize};
pub use policy::Policy;
pub use template::Values;
pub use text::decoded;
