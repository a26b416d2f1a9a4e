//! Tokens: made, recognised, used up, renewed, buried.
//!
//! A service token is `hvs.`, its accessor and 24 random characters; its row lies under the accessor and holds a keyed
//! hash of the whole, never the token. A token lives while its row does, its time lasts *and its parent lives*, which
//! is checked at every use: revoking a tree is one row, and sweeping what hung on it is work for later. A batch token
//! is sealed claims and has no row.
//!
//! The room never writes by itself: it hands out batches, and the corridor commits them.
//!
//! What is not here: leases and expiry (`leases`), what a token may do (`policy`), who is behind it (`identity`).
//!
//! Start with `token.rs`, then `tokens.rs`.

mod batch_token;
mod bury;
mod mint;
mod text;
mod token;
mod tokens;

pub use mint::{Birth, Born};
pub use text::{ROOT_LENGTH, TokenKeys};
pub use token::{Child, LoginRecord, Token};
pub use tokens::{Known, Tokens};
