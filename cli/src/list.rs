//! `list`: the names below a path.

use client::Request;

use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::Flag;
use crate::flags::shared::{DETAILS, HTTP};
use crate::paths;
use crate::session::{Listing, Session};

pub(crate) static LIST: Command = Command {
    name: "list",
    synopsis: "List the names below a path",
    usage: "[options] PATH",
    about: "
Lists the names below a path. Names that end with a slash are folders.

    $ vault list secret/metadata
    $ vault list -limit=100 -after=app-07 secret/metadata
",
    sections: &[HTTP, DETAILS, Section::own(&[&AFTER, &LIMIT])],
    takes: Takes::one(),
    action: Action::Run(run),
    ..Command::LEAF
};

static AFTER: Flag = Flag::text("after", "List only names behind this one.");
static LIMIT: Flag = Flag::integer("limit", "List at most so many names.");

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let path = paths::bare(&session.argument(0));
    let mut request = Request::list(&path);
    for flag in [&AFTER, &LIMIT] {
        if let Some(value) = session.flags.given(flag) {
            request = request.parameter(flag.name, value);
        }
    }
    let secret = session
        .find(request)
        .context(|| format!("Error listing {path}"))?;
    session.show_list(&Listing {
        secret: secret.as_ref(),
        nothing: format!("No value found at {path}"),
    })
}
