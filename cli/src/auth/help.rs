//! `auth help`: how to log in by a method.

use client::Request;
use serde_json::Value;

use crate::command::{Action, Command, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::HTTP;
use crate::login;
use crate::mounts::details::entry;
use crate::paths;
use crate::session::Session;

pub(super) static HELP: Command = Command {
    name: "help",
    synopsis: "Show how to log in by a method",
    usage: "[options] TYPE | PATH",
    about: "
Shows how to log in by a method, which is given by its type or by the path that it is at.

    $ vault auth help userpass
    $ vault auth help people/
",
    sections: &[HTTP],
    takes: Takes::one(),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let given = session.argument(0).trim().to_owned();
    if let Some(usage) = login::usage(session.program, &given) {
        session.terminal.say(&usage);
        return Ok(Exit::Success);
    }
    let path = paths::mount(&given);
    let methods = session
        .send(Request::get("sys/auth"))
        .context(|| "Error listing auth methods".to_owned())?;
    let method = methods
        .data()
        .and_then(Value::as_object)
        .and_then(|methods| methods.get(&path));
    let method = method
        .ok_or_else(|| Failure::misuse(format!("No auth method available on the server at {path:?}")))?;
    if let Some(usage) = login::usage(session.program, &entry(method, "type")) {
        session.terminal.say(&usage);
        return Ok(Exit::Success);
    }
    let help = session.send(Request::get(&format!("auth/{path}login")).parameter("help", "1"));
    let help = help
        .context(|| format!("Error retrieving help for {path}"))?
        .body
        .unwrap_or_default();
    session.terminal.say(entry(&help, "help").trim());
    Ok(Exit::Success)
}
