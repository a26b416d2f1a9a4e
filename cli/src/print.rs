//! `print`: what the command line works with.

use crate::command::{Action, Command};
use crate::failure::{Exit, Failure};
use crate::session::Session;

pub(crate) static PRINT: Command = Command {
    name: "print",
    synopsis: "Print what the command line works with",
    about: "Prints what the command line works with.",
    action: Action::Group(&[&TOKEN]),
    ..Command::GROUP
};

static TOKEN: Command = Command {
    name: "token",
    synopsis: "Print the token",
    usage: "",
    about: "
Prints the token that requests are sent with: the one in the variable VAULT_TOKEN, or the one that a login kept.

    $ curl -H \"X-Vault-Token: $(vault print token)\" ...
",
    sections: &[crate::flags::shared::FORMATTED],
    takes: crate::command::Takes::anything(),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let token = session.token()?;
    session
        .terminal
        .say(token.as_ref().map_or("", |token| token.expose()));
    Ok(Exit::Success)
}
