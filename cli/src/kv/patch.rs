//! `kv patch`: a new version of a secret that differs from the one before in what is named.

use client::{Answer, Request};
use serde_json::{Map, Value, json};

use super::mount::{Location, MOUNT};
use super::put::{CAS, options};
use super::written;
use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::Flag;
use crate::flags::shared::{FIELDS, HTTP};
use crate::session::Session;

pub(super) static PATCH: Command = Command {
    name: "patch",
    synopsis: "Change a part of a secret",
    usage: "[options] KEY [DATA]",
    about: "
Writes a new version of a secret that differs from the one before in what is named; the rest stays. The data is given as
for \"kv put\". It needs a mount that keeps versions.

    $ vault kv patch -mount=secret app password=-
    $ vault kv patch -mount=secret -remove-data=old app
",
    sections: &[HTTP, FIELDS, Section::own(&[&CAS, &METHOD, &MOUNT, &REMOVE_DATA])],
    takes: Takes::at_least(1, ">1"),
    action: Action::Run(run),
    ..Command::LEAF
};

static METHOD: Flag = Flag::text(
    "method",
    "\"patch\" sends a merge patch, which needs the capability \"patch\"; \"rw\" reads the secret and writes it anew. \
     Without the flag a patch is tried first.",
);
static REMOVE_DATA: Flag = Flag::list("remove-data", "Key to take away. May be given several times.");

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let mut data = session.data_from(1)?;
    let removed = session.flags.list(&REMOVE_DATA);
    if session.arguments.len() == 1 && removed.is_empty() {
        return Err(Failure::misuse("Must supply data"));
    }
    data.extend(removed.into_iter().map(|key| (key, Value::Null)));
    let location = Location::of_argument(session)?;
    location.must_keep_versions(
        Failure::refused,
        "K/V engine mount must be version 2 for patch support",
    )?;
    let path = location.path("data");
    let answer = match session.flags.text(&METHOD) {
        "patch" => patch(session, &path, &data)?,
        "rw" => read_and_write(session, &path, data)?,
        "" => by_either(session, &path, data)?,
        method => {
            return Err(Failure::refused(format!(
                "Unsupported method provided to -method flag: {method}"
            )));
        }
    };
    written::show(session, &answer, &path)
}

/// Patches; if that is not allowed, or the server cannot, reads and writes.
fn by_either(session: &mut Session<'_>, path: &str, data: Map<String, Value>) -> Result<Answer, Failure> {
    match patch(session, path, &data) {
        Err(failure) if failure.status() == Some(405) => read_and_write(session, path, data),
        Err(failure) if failure.status() == Some(403) => {
            let answer = read_and_write(session, path, data)?;
            session.terminal.warn(&format!(
                "Data was written to {path} but we recommend that you add the \"patch\" capability to your ACL policy in order to use HTTP PATCH in the future."
            ));
            Ok(answer)
        }
        patched => patched,
    }
}

fn patch(session: &Session<'_>, path: &str, data: &Map<String, Value>) -> Result<Answer, Failure> {
    let body = json!({"data": data, "options": options(&session.flags)});
    session
        .send(Request::patch(path).json(&body))
        .context(|| format!("Error writing data to {path}"))
}

fn read_and_write(session: &Session<'_>, path: &str, changes: Map<String, Value>) -> Result<Answer, Failure> {
    let secret = session
        .find(Request::get(path))
        .context(|| format!("Error doing pre-read at {path}"))?;
    let secret = secret.ok_or_else(|| Failure::refused(format!("No value found at {path}")))?;
    let nothing = || {
        Failure::refused(format!(
            "No data found at {path}; patch only works on existing data"
        ))
    };
    let mut data = secret
        .datum("data")
        .and_then(Value::as_object)
        .cloned()
        .ok_or_else(nothing)?;
    for (key, value) in changes {
        if value.is_null() {
            drop(data.remove(&key))
        } else {
            drop(data.insert(key, value))
        }
    }
    let mut options = options(&session.flags);
    // Whoever has written in between must not be overwritten.
    let version = secret
        .datum("metadata")
        .and_then(|metadata| metadata.get("version"))
        .cloned()
        .unwrap_or_default();
    options.entry("cas").or_insert(version);
    let body = json!({"data": data, "options": options});
    session
        .send(Request::put(path).json(&body))
        .context(|| format!("Error writing data to {path}"))
}
