//! `kv rollback`: an old version of a secret, written anew.

use client::{Request, Secret};
use serde_json::{Value, json};

use super::mount::{Location, MOUNT};
use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::Flag;
use crate::flags::shared::{FORMATTED, HTTP};
use crate::session::Session;

pub(super) static ROLLBACK: Command = Command {
    name: "rollback",
    synopsis: "Write an old version anew",
    usage: "[options] KEY",
    about: "
Writes an old version of a secret anew, as the newest.

    $ vault kv rollback -mount=secret -version=2 app
",
    sections: &[HTTP, FORMATTED, Section::own(&[&MOUNT, &VERSION])],
    takes: Takes::anything(),
    action: Action::Run(run),
    ..Command::LEAF
};

static VERSION: Flag = Flag::integer("version", "Version to write anew.");

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    if session.arguments.len() != 1 {
        let number = session.arguments.len();
        return Err(Failure::misuse(format!(
            "Invalid number of arguments (expected 1, got {number})"
        )));
    }
    let version = session.flags.integer(&VERSION);
    match session.flags.is_given(&VERSION) {
        false => return Err(Failure::misuse("Version flag must be specified")),
        true if version <= 0 => {
            return Err(Failure::misuse(format!(
                "Invalid value {version} for the version flag"
            )));
        }
        true => {}
    }
    let location = Location::of_argument(session)?;
    location.must_keep_versions(
        Failure::refused,
        "K/V engine mount must be version 2 for rollback support",
    )?;
    let path = location.path("data");
    let newest = existing(session, Request::get(&path), &path)?;
    let old = existing(
        session,
        Request::get(&path).parameter("version", &version.to_string()),
        &path,
    )?;
    if old.datum("data").is_none_or(Value::is_null) {
        let destroyed = metadata(&old, "destroyed") == Value::Bool(true);
        let end = if destroyed { "destroyed" } else { "deleted" };
        return Err(Failure::refused(format!(
            "Cannot roll back to a version that has been {end}"
        )));
    }
    // Whoever has written in between must not be overwritten.
    let body = json!({"data": old.datum("data"), "options": {"cas": metadata(&newest, "version")}});
    let written = session.find(Request::put(&path).json(&body));
    let written = written.context(|| format!("Error writing data to {path}"))?;
    written.map_or(Ok(Exit::Success), |secret| session.show(&secret))
}

fn existing(session: &Session<'_>, request: Request, path: &str) -> Result<Secret, Failure> {
    let secret = session
        .find(request)
        .context(|| format!("Error doing pre-read at {path}"))?;
    secret.ok_or_else(|| Failure::refused(format!("No value found at {path}")))
}

fn metadata(secret: &Secret, name: &str) -> Value {
    secret
        .datum("metadata")
        .and_then(|metadata| metadata.get(name))
        .cloned()
        .unwrap_or_default()
}
