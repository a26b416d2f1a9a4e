//! How answers look: as tables, JSON, YAML, or one field alone.

mod field;
mod format;
mod heading;
mod secret;
mod table;
mod yaml;

pub(crate) use field::{field, printed};
pub(crate) use format::Format;
pub(crate) use heading::heading;
pub(crate) use secret::{data_rows, secret_rows};
pub(crate) use table::{Table, cell};
pub(crate) use yaml::yaml;

/// A value as indented JSON.
pub(crate) fn json<T: serde::Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string_pretty(value).unwrap_or_else(|error| error.to_string())
}
