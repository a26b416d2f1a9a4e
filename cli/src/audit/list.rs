//! `audit list`.

use client::Request;
use serde_json::Value;

use crate::command::{Action, Command};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{DETAILED, DETAILS, HTTP};
use crate::output::{Format, Table, cell};
use crate::session::Session;

pub(super) static LIST: Command = Command {
    name: "list",
    synopsis: "List the audit devices",
    about: "
Lists the audit devices.

    $ vault audit list -detailed
",
    sections: &[HTTP, DETAILS],
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let answer = session
        .send(Request::get("sys/audit"))
        .context(|| "Error listing audits".to_owned())?;
    let devices = answer
        .data()
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    if session.format != Format::Table {
        return session.show_value(&devices);
    }
    if devices.is_empty() {
        session.terminal.say("No audit devices are enabled.");
        return Ok(Exit::Refused);
    }
    let detailed = session.switch(&DETAILED);
    let mut table = match detailed {
        true => Table::new(["Path", "Type", "Description", "Replication", "Options"]),
        false => Table::new(["Path", "Type", "Description"]),
    };
    for (path, device) in &devices {
        let [kind, description] = ["type", "description"].map(|name| cell(device.get(name)));
        match detailed {
            true => table.row([
                path.clone(),
                kind,
                description,
                replication(device),
                options(device),
            ]),
            false => table.row([path.clone(), kind, description]),
        }
    }
    session.terminal.say(&table.draw());
    Ok(Exit::Success)
}

/// Whether other clusters know of it.
pub(crate) fn replication(entry: &Value) -> String {
    let local = entry.get("local").and_then(Value::as_bool).unwrap_or_default();
    (if local { "local" } else { "replicated" }).to_owned()
}

fn options(device: &Value) -> String {
    let options = device
        .get("options")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    let options: Vec<String> = options
        .map(|(name, value)| format!("{name}={}", cell(Some(value))))
        .collect();
    options.join(" ")
}
