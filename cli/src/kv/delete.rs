//! `kv delete`: versions of a secret, so that they can still be brought back.

use client::{Request, Secret};
use serde_json::json;

use super::mount::{Location, MOUNT};
use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::Flag;
use crate::flags::shared::{FIELDS, HTTP};
use crate::session::Session;

pub(super) static DELETE: Command = Command {
    name: "delete",
    synopsis: "Delete versions, so that they can be brought back",
    usage: "[options] KEY",
    about: "
Deletes a secret's newest version, or the versions that are named. On a mount that keeps versions the data is still there
and \"kv undelete\" brings it back; on another it is gone.

    $ vault kv delete -mount=secret app
    $ vault kv delete -mount=secret -versions=3,4 app
",
    sections: &[HTTP, FIELDS, Section::own(&[&MOUNT, &VERSIONS])],
    takes: Takes::one(),
    action: Action::Run(run),
    ..Command::LEAF
};

pub(super) static VERSIONS: Flag = Flag::list(
    "versions",
    "Versions, separated by commas. May be given several times.",
);

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let location = Location::of_argument(session)?;
    let path = location.path("data");
    let versions = session.flags.words(&VERSIONS);
    let request = match location.versioned && !versions.is_empty() {
        true => Request::put(&location.path("delete")).json(&json!({"versions": versions})),
        false => Request::delete(&path),
    };
    let answer = session
        .send(request)
        .context(|| format!("Error deleting {path}"))?;
    match Secret::parse(&answer) {
        Some(secret) => session.show(&secret),
        None => session.succeed(&format!("Success! Data deleted (if it existed) at: {path}")),
    }
}
