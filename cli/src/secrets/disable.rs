//! `secrets disable`.

use client::Request;

use crate::command::{Action, Command, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::HTTP;
use crate::paths;
use crate::session::Session;

pub(super) static DISABLE: Command = Command {
    name: "disable",
    synopsis: "Remove a secrets engine",
    usage: "[options] PATH",
    about: "
Removes a secrets engine, with all that it holds. Leases that it made end.

    $ vault secrets disable team/
",
    sections: &[HTTP],
    takes: Takes::one(),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let path = paths::mount(&session.argument(0));
    let request = Request::delete(&format!("sys/mounts/{}", paths::bare(&path)));
    session
        .send(request)
        .context(|| format!("Error disabling secrets engine at {path}"))?;
    session.terminal.say(&format!(
        "Success! Disabled the secrets engine (if it existed) at: {path}"
    ));
    Ok(Exit::Success)
}
