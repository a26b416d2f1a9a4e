//! What is said after a secret has been written.

use client::{Answer, Secret};

use crate::failure::{Exit, Failure};
use crate::flags::shared::FIELD;
use crate::output::{Format, Table, data_rows, heading};
use crate::session::Session;

/// Shows the new version, or says that there is one.
pub(super) fn show(session: &mut Session<'_>, answer: &Answer, path: &str) -> Result<Exit, Failure> {
    let Some(secret) = Secret::parse(answer) else {
        return session.succeed(&format!("Success! Data written to: {path}"));
    };
    let Some(data) = secret.data.as_ref().filter(|_| session.format == Format::Table) else {
        return session.show(&secret);
    };
    if !session.flags.text(&FIELD).is_empty() {
        return session.show(&secret);
    }
    session.terminal.say(&path_heading("Secret Path", path));
    session.terminal.say(&map_table("Metadata", data));
    Ok(Exit::Success)
}

/// A path under its heading, with an empty line after it.
pub(super) fn path_heading(title: &str, path: &str) -> String {
    format!("{}\n{path}\n", heading(title, path.chars().count()))
}

/// Data under a heading.
pub(super) fn map_table(title: &str, data: &serde_json::Map<String, serde_json::Value>) -> String {
    // As wide as the longest name, the gap behind it, and the word "Value": values do not count.
    let longest = data
        .keys()
        .map(|name| name.chars().count())
        .max()
        .unwrap_or_default();
    format!(
        "{}\n{}",
        heading(title, longest + 4 + 5),
        Table::of_pairs(data_rows(data)).draw()
    )
}
