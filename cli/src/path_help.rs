//! `path-help`: what the server says about a path.

use client::Request;

use crate::command::{Action, Command, Takes};
use crate::failure::{Exit, Failure};
use crate::flags::shared::{FORMATTED, HTTP};
use crate::golang;
use crate::output::Format;
use crate::paths;
use crate::session::Session;

pub(crate) static PATH_HELP: Command = Command {
    name: "path-help",
    synopsis: "Show what the server says about a path",
    usage: "[options] PATH",
    about: "
Shows what the server says about a path and its parameters; for the path of a mount, about all paths below it. As JSON
it is an OpenAPI document.

    $ vault path-help database
    $ vault path-help database/roles/readonly
",
    sections: &[HTTP, FORMATTED],
    takes: Takes::one(),
    action: Action::Run(run),
    ..Command::LEAF
};

const SEALED: &str = "Error: Vault is sealed.\n\nThe \"path-help\" command requires the Vault to be unsealed so that \
                      the mount\npoints of the secret engines are known.";

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let path = paths::bare(&session.argument(0));
    let answer =
        session
            .send(Request::get(&path).parameter("help", "1"))
            .map_err(|failure| match failure {
                sealed if sealed.text().contains("Vault is sealed") => Failure::refused(SEALED),
                other => other.context("Error retrieving help"),
            })?;
    let body = answer.body.unwrap_or_default();
    if session.format != Format::Table {
        return session.show_value(body.get("openapi").unwrap_or(&body));
    }
    let text = body.get("help").map(golang::plain).unwrap_or_default();
    session.terminal.say(text.trim());
    Ok(Exit::Success)
}
