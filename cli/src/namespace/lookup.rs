//! `namespace lookup`.

use client::Request;

use super::shown;
use crate::command::{Action, Command, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{FORMATTED, HTTP};
use crate::paths;
use crate::session::Session;

pub(super) static LOOKUP: Command = Command {
    name: "lookup",
    synopsis: "Show a namespace",
    usage: "[options] PATH",
    about: "
Shows what is known about a namespace.

    $ vault namespace lookup team
",
    sections: &[HTTP, FORMATTED],
    takes: Takes::one(),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let path = paths::bare(&session.argument(0));
    let secret = session.find(Request::get(&format!("sys/namespaces/{path}")));
    let secret = secret.context(|| "Error looking up namespace".to_owned())?;
    let secret = secret.ok_or_else(|| Failure::refused("Namespace not found"))?;
    shown::show(session, &secret)
}
