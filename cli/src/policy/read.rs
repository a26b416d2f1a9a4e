//! `policy read`.

use client::Request;
use serde_json::json;

use crate::command::{Action, Command, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{FORMATTED, HTTP};
use crate::output::{Format, cell};
use crate::session::Session;

pub(super) static READ: Command = Command {
    name: "read",
    synopsis: "Print a policy",
    usage: "[options] NAME",
    about: "
Prints the text of a policy.

    $ vault policy read api-service
",
    sections: &[HTTP, FORMATTED],
    takes: Takes::one(),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let name = session.argument(0).trim().to_lowercase();
    let answer = match session.send(Request::get(&super::path(&name))) {
        Err(failure) if failure.status() == Some(404) => return Err(unknown(&name)),
        answer => answer.context(|| format!("Error reading policy named {name}"))?,
    };
    let text = cell(answer.member("policy"));
    if text.is_empty() {
        // The policy of root tokens has a name and no text.
        return Err(unknown(&name));
    }
    if session.format != Format::Table {
        return session.show_value(&json!({"policy": text}));
    }
    session.terminal.say(text.trim());
    Ok(Exit::Success)
}

fn unknown(name: &str) -> Failure {
    Failure::refused(format!("No policy named: {name}"))
}
