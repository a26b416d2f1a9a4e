//! `operator seal`.

use client::Request;

use crate::command::{Action, Command};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::HTTP;
use crate::session::Session;

pub(super) static SEAL: Command = Command {
    name: "seal",
    synopsis: "Seal the server",
    about: "
Lets the server forget its keys. Until it is unsealed again it answers nobody.

    $ vault operator seal
",
    sections: &[HTTP],
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    session
        .send(Request::put("sys/seal"))
        .context(|| "Error sealing".to_owned())?;
    session.terminal.say("Success! Vault is sealed.");
    Ok(Exit::Success)
}
