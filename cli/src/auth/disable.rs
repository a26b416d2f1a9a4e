//! `auth disable`.

use client::Request;

use crate::command::{Action, Command, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::HTTP;
use crate::paths;
use crate::session::Session;

pub(super) static DISABLE: Command = Command {
    name: "disable",
    synopsis: "Remove an auth method",
    usage: "[options] PATH",
    about: "
Removes an auth method, with all that it holds. Tokens that it issued end.

    $ vault auth disable people/
",
    sections: &[HTTP],
    takes: Takes::one(),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let path = paths::mount(&session.argument(0));
    let request = Request::delete(&format!("sys/auth/{}", paths::bare(&path)));
    session
        .send(request)
        .context(|| format!("Error disabling auth method at {path}"))?;
    session.terminal.say(&format!(
        "Success! Disabled the auth method (if it existed) at: {path}"
    ));
    Ok(Exit::Success)
}
