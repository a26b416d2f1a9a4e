//! How a namespace is shown.

use client::Secret;
use serde_json::Value;

use crate::failure::{Exit, Failure};
use crate::flags::shared::FIELD;
use crate::output::{Format, Table, data_rows};
use crate::session::Session;

/// Shows a namespace: only what is known about it, without the envelope.
pub(super) fn show(session: &mut Session<'_>, secret: &Secret) -> Result<Exit, Failure> {
    let data = secret.data.clone().unwrap_or_default();
    if !session.flags.text(&FIELD).is_empty() {
        return session.show(secret);
    }
    if session.format != Format::Table {
        return session.show_value(&Value::Object(data));
    }
    session.terminal.say(&Table::of_pairs(data_rows(&data)).draw());
    Ok(Exit::Success)
}
