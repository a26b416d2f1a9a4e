//! `token lookup`.

use client::Request;
use serde_json::json;

use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::Flag;
use crate::flags::shared::{FORMATTED, HTTP};
use crate::session::Session;

pub(super) static LOOKUP: Command = Command {
    name: "lookup",
    synopsis: "Show what is known about a token",
    usage: "[options] [TOKEN | ACCESSOR]",
    about: "
Shows what is known about a token: the one that is given, or the user's own.

    $ vault token lookup
    $ vault token lookup -accessor 9793c9b3-e04a-46f3-e7b8-748d7da248da
",
    sections: &[HTTP, FORMATTED, Section::own(&[&ACCESSOR])],
    takes: Takes::between(0, 1, "0-1"),
    action: Action::Run(run),
    ..Command::LEAF
};

pub(super) static ACCESSOR: Flag = Flag::switch("accessor", "The argument is an accessor, not a token.");

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let given = session.argument(0).trim().to_owned();
    let request = match session.flags.switch(&ACCESSOR) {
        true => {
            needs_accessor(session)?;
            Request::post("auth/token/lookup-accessor").json(&json!({"accessor": given}))
        }
        false if given.is_empty() => Request::get("auth/token/lookup-self"),
        false => Request::post("auth/token/lookup").json(&json!({"token": given})),
    };
    let secret = session
        .find(request)
        .context(|| "Error looking up token".to_owned())?;
    let secret =
        secret.ok_or_else(|| Failure::refused("Error looking up token: the server answered nothing"))?;
    session.show(&secret)
}

/// Refuses `-accessor` without one.
pub(super) fn needs_accessor(session: &Session<'_>) -> Result<(), Failure> {
    match session.arguments.len() {
        1 => Ok(()),
        number => Err(Failure::misuse(format!(
            "Not enough arguments with -accessor (expected 1, got {number})"
        ))),
    }
}
