//! `operator rotate`: a new key for storage.

use client::Request;

use super::key_status;
use crate::command::{Action, Command};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{FORMATTED, HTTP};
use crate::output::Format;
use crate::session::Session;

pub(super) static ROTATE: Command = Command {
    name: "rotate",
    synopsis: "Make a new key for storage",
    about: "
Makes a new key for what is written to storage from now on. Older keys still open what they have encrypted.

    $ vault operator rotate
",
    sections: &[HTTP, FORMATTED],
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    session
        .send(Request::put("sys/rotate"))
        .context(|| "Error rotating key".to_owned())?;
    let answer = session
        .ask(Request::get("sys/key-status"))
        .context(|| "Error reading key status".to_owned())?;
    if session.format == Format::Table {
        session.terminal.say("Success! Rotated key\n");
    }
    key_status::show(session, &answer)
}
