//! Vault's lenient wire types: what a parameter may look like, and what it means.
//!
//! Clients send `"5m"`, `300` and `"300"` for the same thing, and lists as text with commas. Each type here says so in
//! its own schema. Absent and zero are told
//! apart by `Option`, absent and null by `Given`.

mod duration;
mod given;
mod list;
mod part;
mod scalar;
mod token_parameters;

pub use duration::{Ttl, format_duration, parse_duration};
pub use given::Given;
pub use list::{CommaList, KeyValues, PageInput};
pub use part::Part;
pub use scalar::{Flag, Integer, Text};
pub use token_parameters::{OldTokenInput, TokenInput, TokenParameters, format_block};
