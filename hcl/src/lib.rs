//! Reads HCL 1, the language of Vault's policies and configuration files, and its JSON form, with positions.
//! It accepts what HashiCorp's reader accepts (`tests/recorded-*.json` list the exceptions) and resolves nothing.
//!
//! ```
//! let root = hcl::parse(r#"
//!     path "secret/data/*" {
//!       capabilities = ["read"]
//!       ttl = 5
//!     }"#)?;
//! for block in root.blocks("path")? {
//!     let capabilities = block.body.attr("capabilities")?.expect("it is there").as_str_list()?;
//!     assert_eq!((block.label.text.as_str(), capabilities), ("secret/data/*", vec!["read"]));
//!     let unknown = block.body.unknown(&["capabilities"]).next().expect("`ttl` is unknown");
//!     assert_eq!((unknown.text.as_str(), unknown.span.line), ("ttl", 4));
//! }
//! # Ok::<(), hcl::Error>(())
//! ```
//!
//! It never panics, and its errors and `Debug` never show a value. Start with [`Object`], then `parser.rs`.

mod error;
mod number;
mod object;
mod span;
mod value;

mod document;
mod json;
mod limits;
mod parser;

mod cursor;
mod escape;
mod heredoc;
mod lexer;
mod quoted;
mod token;

pub use document::parse;
pub use error::Error;
pub use limits::{MAX_BYTES, MAX_DEPTH};
pub use number::Number;
pub use object::{Block, Item, Key, Object};
pub use span::Span;
pub use value::{Kind, Value};
