//! `kv metadata delete`: a secret with all its versions, for good.

use client::Request;

use super::super::mount::MOUNT;
use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{FORMATTED, HTTP};
use crate::session::Session;

pub(super) static DELETE: Command = Command {
    name: "delete",
    synopsis: "Delete a secret with all its versions",
    usage: "[options] KEY",
    about: "
Deletes a secret with all its versions, and what is known about it. Nothing brings it back.

    $ vault kv metadata delete -mount=secret app
",
    sections: &[HTTP, FORMATTED, Section::own(&[&MOUNT])],
    takes: Takes::one(),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let path = super::path(session)?;
    session
        .send(Request::delete(&path))
        .context(|| format!("Error deleting {path}"))?;
    session.succeed(&format!("Success! Data deleted (if it existed) at: {path}"))
}
