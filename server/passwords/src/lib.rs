//! Password policies: how long a password is, and of which characters.
//!
//! A policy is a text that an operator wrote, in HCL or JSON; whoever needs a password names one, or takes the built-in
//! rules. A policy that was taken makes a password every time it is asked, and in a time that does not depend on luck.
//!
//! It may never keep or log what it makes.
//!
//! Start with `policy.rs`, then `draw.rs`.

mod draw;
mod error;
mod passwords;
mod policy;

pub use error::PasswordPolicyError;
pub use passwords::{PasswordPolicyRecord, Passwords};
pub use policy::PasswordPolicy;
