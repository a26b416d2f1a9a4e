//! `policy fmt`: a policy in the layout that everybody uses.

use std::fs;
use std::path::PathBuf;

use super::format::formatted;
use crate::command::{Action, Command, Takes};
use crate::env::Environment;
use crate::failure::{Exit, Failure};
use crate::files;
use crate::session::Session;

pub(super) static FMT: Command = Command {
    name: "fmt",
    synopsis: "Put a file into the usual layout",
    usage: "[options] PATH",
    about: "
Rewrites the file of a policy in the usual layout. The file is replaced.

    $ vault policy fmt policy.hcl
",
    takes: Takes::one(),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let given = session.argument(0);
    let path = expanded(given.trim(), session.env);
    let text = files::read_text(&path)
        .map_err(|reason| Failure::misuse(format!("Error reading source file: {reason}")))?;
    let formatted =
        formatted(&text).map_err(|error| Failure::misuse(format!("failed to parse policy: {error}")))?;
    fs::write(&path, formatted).map_err(|error| {
        Failure::misuse(format!(
            "Error writing result: open {}: {}",
            path.display(),
            files::reason(&error)
        ))
    })?;
    session
        .terminal
        .say(&format!("Success! Formatted policy: {}", path.display()));
    Ok(Exit::Success)
}

/// The path with `~` for the home folder.
fn expanded(path: &str, env: &Environment) -> PathBuf {
    match (path.strip_prefix("~/"), env.home()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(path),
    }
}
