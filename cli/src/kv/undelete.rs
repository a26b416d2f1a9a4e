//! `kv undelete`: versions that have been deleted, back.

use client::{Request, Secret};
use serde_json::json;

use super::delete::VERSIONS;
use super::mount::{Location, MOUNT};
use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{FORMATTED, HTTP};
use crate::session::Session;

pub(super) static UNDELETE: Command = Command {
    name: "undelete",
    synopsis: "Bring deleted versions back",
    usage: "[options] KEY",
    about: "
Brings back versions that have been deleted.

    $ vault kv undelete -mount=secret -versions=3 app
",
    sections: &[HTTP, FORMATTED, Section::own(&[&MOUNT, &VERSIONS])],
    takes: Takes::one(),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let refusals = Refusals {
        no_versions: "No versions provided, use the \"-versions\" flag to specify the version to undelete.",
        keeps_none: "Undelete not supported on KV Version 1",
    };
    on_versions(session, "undelete", &refusals)
}

/// What is said when there is nothing to do it on.
pub(super) struct Refusals {
    /// No version was named.
    pub(super) no_versions: &'static str,
    /// The mount keeps none.
    pub(super) keeps_none: &'static str,
}

/// Does something to the versions that are named.
pub(super) fn on_versions(
    session: &mut Session<'_>,
    what: &str,
    refusals: &Refusals,
) -> Result<Exit, Failure> {
    let versions = session.flags.words(&VERSIONS);
    if versions.is_empty() {
        return Err(Failure::misuse(refusals.no_versions));
    }
    let location = Location::of_argument(session)?;
    location.must_keep_versions(Failure::misuse, refusals.keeps_none)?;
    let path = location.path(what);
    let request = Request::put(&path).json(&json!({"versions": versions}));
    let answer = session
        .send(request)
        .context(|| format!("Error writing data to {path}"))?;
    match Secret::parse(&answer) {
        Some(secret) => session.show(&secret),
        None => session.succeed(&format!("Success! Data written to: {path}")),
    }
}
