//! `policy delete`.

use client::Request;

use crate::command::{Action, Command, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::HTTP;
use crate::session::Session;

pub(super) static DELETE: Command = Command {
    name: "delete",
    synopsis: "Delete a policy",
    usage: "[options] NAME",
    about: "
Deletes a policy. Tokens that have it keep the name, and with it nothing.

    $ vault policy delete api-service
",
    sections: &[HTTP],
    takes: Takes::one(),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let name = session.argument(0).trim().to_lowercase();
    session
        .send(Request::delete(&super::path(&name)))
        .context(|| format!("Error deleting {name}"))?;
    session.terminal.say(&format!("Success! Deleted policy: {name}"));
    Ok(Exit::Success)
}
