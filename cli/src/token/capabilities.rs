//! `token capabilities`.

use client::Request;
use serde_json::{Value, json};

use crate::command::{Action, Command, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{FORMATTED, HTTP};
use crate::golang;
use crate::output::Format;
use crate::session::Session;

pub(super) static CAPABILITIES: Command = Command {
    name: "capabilities",
    synopsis: "Show what a token may do with a path",
    usage: "[options] [TOKEN] PATH",
    about: "
Shows what a token may do with a path: the one that is given, or the user's own.

    $ vault token capabilities secret/data/app
    $ vault token capabilities hvs.CAES... database/creds/readonly
",
    sections: &[HTTP, FORMATTED],
    takes: Takes::between(1, 2, "1-2"),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let (first, second) = (session.argument(0), session.argument(1));
    let (request, path) = match session.arguments.len() {
        1 => (
            Request::post("sys/capabilities-self").json(&json!({"path": first})),
            first,
        ),
        _ => (
            Request::post("sys/capabilities").json(&json!({"path": second, "token": first})),
            second,
        ),
    };
    let answer = session
        .send(request)
        .context(|| "Error listing capabilities".to_owned())?;
    let found = answer
        .member(&path)
        .or_else(|| answer.member("capabilities"))
        .and_then(Value::as_array);
    let mut capabilities: Vec<String> = found.into_iter().flatten().map(golang::plain).collect();
    capabilities.sort();
    if session.format != Format::Table {
        return session.show_value(&capabilities);
    }
    session.terminal.say(&capabilities.join(", "));
    Ok(Exit::Success)
}
