//! `plugin list`.

use client::Request;
use serde_json::Value;

use super::{KINDS, unsupported};
use crate::command::{Action, Command, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{DETAILED, DETAILS, HTTP};
use crate::output::{Format, Table, cell};
use crate::session::Session;

pub(super) static LIST: Command = Command {
    name: "list",
    synopsis: "Lists available plugins",
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
    let request = match kind.as_str() {
        "" => Request::get("sys/plugins/catalog"),
        kind => Request::list(&format!("sys/plugins/catalog/{kind}")),
    };
    let answer = session
        .send(request)
        .context(|| "Error listing available plugins".to_owned())?;
    if session.format != Format::Table {
        return session.show_value(answer.data().unwrap_or(&Value::Null));
    }
    let plugins = plugins(answer.data(), &kind);
    let text = match (session.switch(&DETAILED), kind.is_empty()) {
        (true, _) => table(["Name", "Type", "Version", "Deprecation Status"], &plugins),
        (false, true) => table(["Name", "Type", "Version"], &plugins),
        (false, false) => table(["Name", "Version"], &plugins),
    };
    session.terminal.say(&text);
    Ok(Exit::Success)
}

/// What is known about each plugin, by column.
fn plugins(data: Option<&Value>, kind: &str) -> Vec<Value> {
    if let Some(detailed) = data
        .and_then(|data| data.get("detailed"))
        .and_then(Value::as_array)
    {
        return detailed.clone();
    }
    let names = data
        .and_then(|data| data.get("keys"))
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    names
        .map(|name| serde_json::json!({"name": name, "type": kind}))
        .collect()
}

fn table<const N: usize>(header: [&str; N], plugins: &[Value]) -> String {
    let mut table = Table::new(header);
    for plugin in plugins {
        table.row(header.map(|title| cell(plugin.get(title.to_lowercase().replace(' ', "_")))));
    }
    table.draw()
}
