//! `operator unseal`: one key share.

use client::Request;
use serde_json::{Value, json};

use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::Flag;
use crate::flags::shared::{FORMATTED, HTTP, NON_INTERACTIVE};
use crate::session::Session;
use crate::status::{seal_table, sealing};

pub(super) static UNSEAL: Command = Command {
    name: "unseal",
    synopsis: "Give a key share",
    usage: "[options] [KEY]",
    about: "
Gives the server one of the key shares. When it has enough of them, it opens. Without an argument the share is asked for,
which keeps it out of the shell's history.

    $ vault operator unseal
",
    sections: &[HTTP, FORMATTED, Section::own(&[&MIGRATE, &RESET])],
    takes: Takes::between(0, 1, "1"),
    action: Action::Run(run),
    ..Command::LEAF
};

static MIGRATE: Flag = Flag::switch("migrate", "The share belongs to the seal that is being left.");
static RESET: Flag = Flag::switch(
    "reset",
    "Let the server forget the shares that it has been given.",
);

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let mut body = match session.flags.switch(&RESET) {
        true => json!({"reset": true}),
        false => json!({"key": share(session)?}),
    };
    if let Some(body) = body.as_object_mut().filter(|_| session.flags.switch(&MIGRATE)) {
        body.insert("migrate".to_owned(), Value::Bool(true));
    }
    let answer = session
        .send(Request::put("sys/unseal").json(&body))
        .context(|| "Error unsealing".to_owned())?;
    let status = sealing(&answer);
    session.show_table(&seal_table(&status), &status)
}

fn share(session: &mut Session<'_>) -> Result<String, Failure> {
    let given = session.argument(0).trim().to_owned();
    if !given.is_empty() {
        return Ok(given);
    }
    if session.flags.switch(&NON_INTERACTIVE) {
        return Err(Failure::misuse(
            "Refusing to read from stdin with -non-interactive specified; specify unseal\nkey as an argument to this command",
        ));
    }
    let asked = session.terminal.ask(super::ASKED).map_err(|error| {
        Failure::misuse(format!(
            "Error asking for an unseal key: {error}.\nRun the command in a terminal, or give the key as its argument."
        ))
    })?;
    Ok(asked.trim().to_owned())
}
