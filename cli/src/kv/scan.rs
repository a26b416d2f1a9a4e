//! `kv scan`: all secrets below a folder.

use client::Request;

use super::mount::{Location, MOUNT};
use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{DETAILS, HTTP};
use crate::session::{Listing, Session};

pub(super) static SCAN: Command = Command {
    name: "scan",
    synopsis: "List all secrets below a folder",
    usage: "[options] PATH",
    about: "
Lists all secrets below a folder, through all folders in it.

    $ vault kv scan -mount=secret team/
",
    sections: &[HTTP, DETAILS, Section::own(&[&MOUNT])],
    takes: Takes::between(0, 1, "1"),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    if session.arguments.is_empty() && session.flags.text(&MOUNT).is_empty() {
        Takes::one().check(0)?;
    }
    let path = Location::of_argument(session)?.path("metadata");
    let request = Request::get(&path).parameter("scan", "true");
    let secret = session
        .find(request)
        .context(|| format!("Error scanning {path}"))?;
    session.show_list(&Listing {
        secret: secret.as_ref(),
        nothing: format!("No entries found at {path}"),
    })
}
