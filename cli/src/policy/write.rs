//! `policy write`.

use std::io::Read as _;
use std::path::Path;

use client::Request;
use serde_json::json;

use crate::command::{Action, Command, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::files;
use crate::flags::shared::HTTP;
use crate::session::Session;

pub(super) static WRITE: Command = Command {
    name: "write",
    synopsis: "Write a policy from a file",
    usage: "[options] NAME PATH",
    about: "
Writes a policy from a file, or from standard input if the file is \"-\".

    $ vault policy write api-service policy.hcl
    $ cat policy.hcl | vault policy write api-service -
",
    sections: &[HTTP],
    takes: Takes::two(),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let (given, file) = (session.argument(0), session.argument(1));
    let name = given.trim().to_lowercase();
    if name != given {
        session.terminal.warn(&format!(
            "Policy name was converted from \"{given}\" to \"{name}\""
        ));
    }
    let text = text(session, file.trim())?;
    let request = Request::put(&super::path(&name)).json(&json!({"policy": text}));
    session
        .send(request)
        .context(|| "Error uploading policy".to_owned())?;
    session.terminal.say(&format!("Success! Uploaded policy: {name}"));
    Ok(Exit::Success)
}

fn text(session: &mut Session<'_>, file: &str) -> Result<String, Failure> {
    if file == "-" {
        let mut text = String::new();
        let read = session.terminal.read_to_string(&mut text);
        read.map_err(|error| Failure::refused(format!("Error reading policy: {}", files::reason(&error))))?;
        return Ok(text);
    }
    files::read_text(Path::new(file))
        .map_err(|reason| Failure::refused(format!("Error opening policy file: {reason}")))
}
