//! `operator step-down`.

use client::Request;

use crate::command::{Action, Command};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{ADDRESS, HTTP};
use crate::session::Session;

pub(super) static STEP_DOWN: Command = Command {
    name: "step-down",
    synopsis: "Let another node take over",
    about: "
Asks the active node to let another one take over.

    $ vault operator step-down
",
    sections: &[HTTP],
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    session
        .send(Request::put("sys/step-down"))
        .context(|| "Error stepping down".to_owned())?;
    let address = session
        .flags
        .given(&ADDRESS)
        .or_else(|| session.env.get(ADDRESS.variable))
        .unwrap_or(ADDRESS.default);
    let line = format!("Success! Stepped down: {address}");
    session.terminal.say(&line);
    Ok(Exit::Success)
}
