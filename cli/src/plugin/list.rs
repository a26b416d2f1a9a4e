//! `plugin list`.

use client::Request;
use serde_json::{Map, Value};

use super::{KINDS, unsupported};
use crate::command::{Action, Command, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{DETAILED, DETAILS, HTTP};
use crate::output::{Format, Table, cell};
use crate::session::Session;

pub(super) static LIST: Command = Command {
    name: "list",
    synopsis: "List the plugins",
    usage: "[options] [TYPE]",
    about: "
Lists the plugins that the server knows: all of them, or those of the type auth, database or secret.

    $ vault plugin list database
",
    sections: &[HTTP, DETAILS],
    takes: Takes::between(0, 1, "0 or 1"),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let kind = session.argument(0);
    if !kind.is_empty() && !KINDS.contains(&kind.as_str()) {
        return Err(Failure::refused(format!(
            "Error parsing type: {}",
            unsupported(&kind)
        )));
    }
    let answer = session.send(Request::get("sys/plugins/catalog"));
    let answer = answer.context(|| "Error listing available plugins".to_owned())?;
    let catalog = answer.data().cloned().unwrap_or_default();
    let plugins = plugins(&catalog, &kind);
    if session.format != Format::Table {
        return session.show_value(&for_programs(&catalog, &kind, &plugins));
    }
    let text = match (session.switch(&DETAILED), kind.is_empty()) {
        (true, _) => table(["Name", "Type", "Version", "Deprecation Status"], &plugins),
        (false, true) => table(["Name", "Type", "Version"], &plugins),
        (false, false) => table(["Name", "Version"], &plugins),
    };
    session.terminal.say(&text);
    Ok(Exit::Success)
}

/// What is known about each plugin of a kind, or of all kinds.
fn plugins(catalog: &Value, kind: &str) -> Vec<Value> {
    let detailed = catalog
        .get("detailed")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let wanted =
        detailed.filter(|plugin| kind.is_empty() || plugin.get("type").and_then(Value::as_str) == Some(kind));
    wanted.cloned().collect()
}

/// The names by kind, and what is known about each.
fn for_programs(catalog: &Value, kind: &str, plugins: &[Value]) -> Map<String, Value> {
    let kinds = KINDS.iter().filter(|name| kind.is_empty() || kind == **name);
    let names = kinds.map(|name| ((*name).to_owned(), catalog.get(name).cloned().unwrap_or_default()));
    names
        .chain([("details".to_owned(), Value::from(plugins))])
        .collect()
}

fn table<const N: usize>(header: [&str; N], plugins: &[Value]) -> String {
    let mut table = Table::new(header);
    for plugin in plugins {
        table.row(header.map(|title| cell(plugin.get(title.to_lowercase().replace(' ', "_")))));
    }
    table.draw()
}
