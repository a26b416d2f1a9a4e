//! `kv metadata patch`: some of the settings and own entries.

use client::Request;
use serde_json::{Map, Value};

use super::super::mount::MOUNT;
use super::put;
use super::settings::{self, CAS_REQUIRED, CUSTOM_METADATA, DELETE_VERSION_AFTER, MAX_VERSIONS};
use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Exit, Failure};
use crate::flags::Flag;
use crate::flags::shared::{FORMATTED, HTTP};
use crate::session::Session;

pub(super) static PATCH: Command = Command {
    name: "patch",
    synopsis: "Change some of what is known about a secret",
    usage: "[options] KEY",
    about: "
Changes some of what a mount knows about a secret; the rest stays.

    $ vault kv metadata patch -mount=secret -remove-custom-metadata=owner app
",
    sections: &[
        HTTP,
        FORMATTED,
        Section::own(&[
            &CAS_REQUIRED,
            &CUSTOM_METADATA,
            &DELETE_VERSION_AFTER,
            &MAX_VERSIONS,
            &MOUNT,
            &REMOVE_CUSTOM_METADATA,
        ]),
    ],
    takes: Takes::one(),
    action: Action::Run(run),
    ..Command::LEAF
};

static REMOVE_CUSTOM_METADATA: Flag = Flag::list(
    "remove-custom-metadata",
    "Key of an own entry to take away. May be given several times.",
);

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let path = super::path(session)?;
    let mut settings = settings::given(&session.flags);
    let removed: Map<String, Value> = session
        .flags
        .list(&REMOVE_CUSTOM_METADATA)
        .into_iter()
        .map(|key| (key, Value::Null))
        .collect();
    if !removed.is_empty() {
        let entries = settings
            .entry("custom_metadata")
            .or_insert_with(|| Value::Object(Map::new()));
        if let Some(entries) = entries.as_object_mut() {
            entries.extend(removed);
        }
    }
    put::write(session, Request::patch(&path).json(&Value::Object(settings)))
}
