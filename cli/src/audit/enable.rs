//! `audit enable`.

use client::Request;
use serde_json::json;

use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::Flag;
use crate::flags::shared::HTTP;
use crate::paths;
use crate::session::Session;
use crate::values;

pub(super) static ENABLE: Command = Command {
    name: "enable",
    synopsis: "Add an audit device",
    usage: "[options] TYPE [CONFIG key=value ...]",
    about: "
Adds an audit device. The server's configuration must allow that; it can declare devices itself.

    $ vault audit enable file file_path=/var/log/audit.log
",
    sections: &[HTTP, Section::own(&[&DESCRIPTION, &LOCAL, &PATH])],
    takes: Takes::anything(),
    action: Action::Run(run),
    ..Command::LEAF
};

static DESCRIPTION: Flag = Flag::text("description", "What the device is for.");
static LOCAL: Flag = Flag::switch("local", "Keep the device out of replication.");
static PATH: Flag = Flag::text("path", "Path of the device. Without the flag it is the type.");

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let kind = session.argument(0).trim().to_owned();
    if kind.is_empty() {
        let hint = "audit type missing. Valid types include 'file', 'socket' and 'syslog'.";
        return Err(Failure::misuse(format!("Error enabling audit device: {hint}")));
    }
    let path = match session.flags.text(&PATH) {
        "" => paths::mount(&kind),
        path => paths::mount(path),
    };
    let arguments = session.arguments_from(1);
    let options = values::parse_texts(&arguments, &mut session.terminal);
    let options = options.map_err(|reason| Failure::misuse(format!("Failed to parse K=V data: {reason}")))?;
    let body = json!({
        "type": kind,
        "description": session.flags.text(&DESCRIPTION),
        "options": options,
        "local": session.flags.switch(&LOCAL),
    });
    let request = Request::put(&format!("sys/audit/{path}")).json(&body);
    session
        .send(request)
        .context(|| "Error enabling audit device".to_owned())?;
    session
        .terminal
        .say(&format!("Success! Enabled the {kind} audit device at: {path}"));
    Ok(Exit::Success)
}
