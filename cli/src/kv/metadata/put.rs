//! `kv metadata put`: settings and own entries.

use client::{Request, Secret};
use serde_json::Value;

use super::super::mount::MOUNT;
use super::settings::{self, CAS_REQUIRED, CUSTOM_METADATA, DELETE_VERSION_AFTER, MAX_VERSIONS};
use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{FORMATTED, HTTP};
use crate::session::Session;

pub(super) static PUT: Command = Command {
    name: "put",
    synopsis: "Set what is known about a secret",
    usage: "[options] KEY",
    about: "
Sets what a mount is to know about a secret. The secret itself need not be there yet. Own entries that are not named go.

    $ vault kv metadata put -mount=secret -max-versions=5 -custom-metadata=owner=web app
",
    sections: &[
        HTTP,
        FORMATTED,
        Section::own(&[&CAS_REQUIRED, &CUSTOM_METADATA, &DELETE_VERSION_AFTER, &MAX_VERSIONS, &MOUNT]),
    ],
    takes: Takes::one(),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let path = super::path(session)?;
    let body = Value::Object(settings::given(&session.flags));
    write(session, Request::put(&path).json(&body))
}

/// Sends the settings and says so.
pub(super) fn write(session: &mut Session<'_>, request: Request) -> Result<Exit, Failure> {
    let path = request.path.clone();
    let answer = session
        .send(request)
        .context(|| format!("Error writing data to {path}"))?;
    match Secret::parse(&answer) {
        Some(secret) => session.show(&secret),
        None => session.succeed(&format!("Success! Data written to: {path}")),
    }
}
