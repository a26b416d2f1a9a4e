//! `token revoke`.

use client::Request;
use serde_json::json;

use super::lookup::ACCESSOR;
use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::Flag;
use crate::flags::shared::HTTP;
use crate::session::Session;

pub(super) static REVOKE: Command = Command {
    name: "revoke",
    synopsis: "End a token",
    usage: "[options] [TOKEN | ACCESSOR]",
    about: "
Ends a token, and with it its children and all leases that it made.

    $ vault token revoke hvs.CAES...
    $ vault token revoke -mode=orphan hvs.CAES...
    $ vault token revoke -self
",
    sections: &[HTTP, Section::own(&[&ACCESSOR, &MODE, &SELF])],
    takes: Takes::anything(),
    action: Action::Run(run),
    ..Command::LEAF
};

static MODE: Flag = Flag::text(
    "mode",
    "\"orphan\" spares the children; \"path\" takes the argument for a path and ends all tokens that were made there.",
);
static SELF: Flag = Flag::switch("self", "End the user's own token.");

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    check(session)?;
    let given = session.argument(0).trim().to_owned();
    let request = if session.flags.switch(&SELF) {
        Request::put("auth/token/revoke-self")
    } else if session.flags.switch(&ACCESSOR) {
        Request::post("auth/token/revoke-accessor").json(&json!({"accessor": given}))
    } else {
        match session.flags.text(&MODE) {
            "orphan" => Request::put("auth/token/revoke-orphan").json(&json!({"token": given})),
            "path" => Request::put(&format!("sys/leases/revoke-prefix/{given}")),
            _ => Request::put("auth/token/revoke").json(&json!({"token": given})),
        }
    };
    session
        .send(request)
        .context(|| "Error revoking token".to_owned())?;
    session.terminal.say("Success! Revoked token (if it existed)");
    Ok(Exit::Success)
}

/// Refuses flags and arguments that do not go together.
fn check(session: &Session<'_>) -> Result<(), Failure> {
    let (number, mode) = (session.arguments.len(), session.flags.text(&MODE));
    let (own, accessor) = (session.flags.switch(&SELF), session.flags.switch(&ACCESSOR));
    let fault = match mode {
        _ if own && accessor => "Cannot use -self with -accessor!".to_owned(),
        _ if own && !mode.is_empty() => "Cannot use -self with -mode!".to_owned(),
        _ if own && number > 0 => format!("Too many arguments with -self (expected 0, got {number})"),
        _ if own => return Ok(()),
        _ if number > 1 => format!("Too many arguments (expected 1 or -self, got {number})"),
        _ if number < 1 => format!("Not enough arguments (expected 1 or -self, got {number})"),
        "orphan" | "path" if accessor => format!("Cannot use -accessor with -mode={mode}!"),
        "" | "orphan" | "path" => return Ok(()),
        mode => format!("Invalid mode: {mode}"),
    };
    Err(Failure::misuse(fault))
}
