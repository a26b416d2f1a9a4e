//! `kv put`: a new version of a secret, in place of all that it held.

use client::Request;
use serde_json::{Map, Value, json};

use super::mount::{Location, MOUNT};
use super::written;
use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{FIELDS, HTTP};
use crate::flags::{Flag, Parsed};
use crate::session::Session;

pub(super) static PUT: Command = Command {
    name: "put",
    synopsis: "Write a secret",
    usage: "[options] KEY [DATA]",
    about: "
Writes a secret, in place of all that it held; a mount that keeps versions gets a new one. A value that begins with
\"@\" is the name of a file, and \"-\" is standard input. A single \"-\" or \"@file\" is all of the data, as JSON.

    $ vault kv put -mount=secret app user=web password=-
    $ vault kv put -mount=secret app @data.json
",
    sections: &[HTTP, FIELDS, Section::own(&[&CAS, &MOUNT])],
    takes: Takes::at_least(1, ">1"),
    action: Action::Run(run),
    ..Command::LEAF
};

pub(super) static CAS: Flag = Flag::integer(
    "cas",
    "Write only if the current version is this one; 0 means that there must be none. Without the flag, write anyway.",
)
.default("-1");

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let data = session.data_from(1)?;
    if session.arguments.len() == 1 {
        return Err(Failure::misuse("Must supply data"));
    }
    let location = Location::of_argument(session)?;
    let path = location.path("data");
    let body = match location.versioned {
        true => json!({"data": data, "options": options(&session.flags)}),
        false => Value::Object(data),
    };
    let answer = session
        .send(Request::put(&path).json(&body))
        .context(|| format!("Error writing data to {path}"))?;
    written::show(session, &answer, &path)
}

/// The options of a write.
pub(super) fn options(flags: &Parsed) -> Map<String, Value> {
    let cas = flags.integer(&CAS);
    let cas = (cas >= 0).then(|| ("cas".to_owned(), Value::from(cas)));
    cas.into_iter().collect()
}
