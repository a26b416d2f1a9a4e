//! `audit disable`.

use client::Request;

use crate::command::{Action, Command, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::HTTP;
use crate::paths;
use crate::session::Session;

pub(super) static DISABLE: Command = Command {
    name: "disable",
    synopsis: "Remove an audit device",
    usage: "[options] PATH",
    about: "
Removes an audit device. What it has written stays where it is.

    $ vault audit disable file/
",
    sections: &[HTTP],
    takes: Takes::one(),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let path = paths::mount(&session.argument(0));
    let request = Request::delete(&format!("sys/audit/{path}"));
    session
        .send(request)
        .context(|| "Error disabling audit device".to_owned())?;
    session.terminal.say(&format!(
        "Success! Disabled audit device (if it was enabled) at: {path}"
    ));
    Ok(Exit::Success)
}
