//! `namespace list`.

use client::Request;

use crate::command::{Action, Command};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{DETAILS, HTTP};
use crate::session::{Listing, Session};

pub(super) static LIST: Command = Command {
    name: "list",
    synopsis: "List the namespaces",
    about: "
Lists the namespaces in the current one.

    $ vault namespace list
",
    sections: &[HTTP, DETAILS],
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let secret = session
        .find(Request::list("sys/namespaces"))
        .context(|| "Error listing namespaces".to_owned())?;
    session.show_list(&Listing {
        secret: secret.as_ref(),
        nothing: "No namespaces found".to_owned(),
    })
}
