//! `kv metadata get`: settings, own entries, and all versions.

use client::Request;
use serde_json::{Map, Value};

use super::super::mount::MOUNT;
use super::super::written::{map_table, path_heading};
use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{FORMATTED, HTTP};
use crate::output::Format;
use crate::session::Session;

pub(super) static GET: Command = Command {
    name: "get",
    synopsis: "Show what is known about a secret",
    usage: "[options] KEY",
    about: "
Shows what is known about a secret, and its versions.

    $ vault kv metadata get -mount=secret app
",
    sections: &[HTTP, FORMATTED, Section::own(&[&MOUNT])],
    takes: Takes::one(),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let path = super::path(session)?;
    let secret = session
        .find(Request::get(&path))
        .context(|| format!("Error reading {path}"))?;
    let secret = secret.ok_or_else(|| Failure::refused(format!("No value found at {path}")))?;
    let Some(data) = secret.data.as_ref().filter(|_| session.format == Format::Table) else {
        return session.show(&secret);
    };
    session.terminal.say(&path_heading("Metadata Path", &path));
    let tables = tables(data);
    session.terminal.say(&tables.join("\n\n"));
    Ok(Exit::Success)
}

/// The table of the settings, and one for each version.
fn tables(data: &Map<String, Value>) -> Vec<String> {
    let settings: Map<String, Value> = data
        .iter()
        .filter(|(name, _)| *name != "versions")
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let mut tables = vec![map_table("Metadata", &settings)];
    let versions = data
        .get("versions")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    let mut versions: Vec<(u64, &Map<String, Value>)> = versions
        .filter_map(|(number, version)| Some((number.parse().ok()?, version.as_object()?)))
        .collect();
    versions.sort_by_key(|(number, _)| *number);
    tables.extend(
        versions
            .iter()
            .map(|(number, version)| map_table(&format!("Version {number}"), version)),
    );
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_come_in_the_order_of_their_numbers() {
        let data = r#"{"current_metadata_version": 1, "versions": {"10": {"destroyed": false}, "9": {"destroyed": true}}}"#;
        let tables = tables(&serde_json::from_str(data).expect("JSON"));
        let headings: Vec<&str> = tables.iter().filter_map(|table| table.lines().next()).collect();
        assert_eq!(
            headings,
            [
                "============ Metadata ============",
                "==== Version 9 ====",
                "=== Version 10 ==="
            ]
        );
    }
}
