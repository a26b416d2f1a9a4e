//! `scan`: all names below a path, through all folders.

use client::Request;

use crate::command::{Action, Command, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{DETAILS, HTTP};
use crate::paths;
use crate::session::{Listing, Session};

pub(crate) static SCAN: Command = Command {
    name: "scan",
    synopsis: "List all names below a path, through all folders",
    usage: "[options] PATH",
    about: "
Lists all names below a path, through all folders.

    $ vault scan secret/metadata
",
    sections: &[HTTP, DETAILS],
    takes: Takes::one(),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let path = paths::bare(&session.argument(0));
    let request = Request::get(&path).parameter("scan", "true");
    let secret = session
        .find(request)
        .context(|| format!("Error scanning {path}"))?;
    session.show_list(&Listing {
        secret: secret.as_ref(),
        nothing: format!("No entries found at {path}"),
    })
}
