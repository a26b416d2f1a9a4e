//! `kv list`: the secrets and folders in a folder.

use client::Request;

use super::mount::{Location, MOUNT};
use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{DETAILS, HTTP};
use crate::session::{Listing, Session};

pub(super) static LIST: Command = Command {
    name: "list",
    synopsis: "List secrets and folders",
    usage: "[options] PATH",
    about: "
Lists the secrets and folders in a folder. Folders end with a slash.

    $ vault kv list -mount=secret team/
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
    let secret = session
        .find(Request::list(&path))
        .context(|| format!("Error listing {path}"))?;
    session.show_list(&Listing {
        secret: secret.as_ref(),
        nothing: format!("No value found at {path}"),
    })
}
