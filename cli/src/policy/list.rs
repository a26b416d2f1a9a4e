//! `policy list`.

use client::Request;
use serde_json::Value;

use crate::command::{Action, Command};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{FORMATTED, HTTP};
use crate::golang;
use crate::output::Format;
use crate::session::Session;

pub(super) static LIST: Command = Command {
    name: "list",
    synopsis: "List the policies",
    about: "
Lists the names of all policies.

    $ vault policy list
",
    sections: &[HTTP, FORMATTED],
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let answer = session
        .send(Request::list("sys/policies/acl"))
        .context(|| "Error listing policies".to_owned())?;
    let names = answer
        .member("keys")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    if session.format != Format::Table {
        return session.show_value(&names);
    }
    names
        .iter()
        .for_each(|name| session.terminal.say(&golang::plain(name)));
    Ok(Exit::Success)
}
