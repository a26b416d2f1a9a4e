//! `namespace delete`.

use client::{Request, Secret};

use crate::command::{Action, Command, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::HTTP;
use crate::paths;
use crate::session::Session;

pub(super) static DELETE: Command = Command {
    name: "delete",
    synopsis: "Delete a namespace",
    usage: "[options] PATH",
    about: "
Deletes a namespace with all that is in it. It must have no namespaces of its own.

    $ vault namespace delete team
",
    sections: &[HTTP],
    takes: Takes::one(),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let path = paths::mount(&session.argument(0));
    let request = Request::delete(&format!("sys/namespaces/{}", paths::bare(&path)));
    let answer = session
        .send(request)
        .context(|| "Error deleting namespace".to_owned())?;
    let in_progress = Secret::parse(&answer).is_some_and(|secret| secret.datum("status").is_some());
    if in_progress {
        session
            .terminal
            .say(&format!("Success! Namespace deletion scheduled: {path}"));
    } else {
        session.terminal.warn("Requested namespace does not exist");
    }
    Ok(Exit::Success)
}
