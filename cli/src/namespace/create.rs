//! `namespace create`.

use client::Request;
use serde_json::json;

use super::shown;
use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::Flag;
use crate::flags::shared::{FIELDS, HTTP};
use crate::paths;
use crate::session::Session;

pub(super) static CREATE: Command = Command {
    name: "create",
    synopsis: "Make a namespace",
    usage: "[options] PATH",
    about: "
Makes a namespace in the current one.

    $ vault namespace create team
    $ vault namespace create -namespace=team inner
",
    sections: &[HTTP, FIELDS, Section::own(&[&CUSTOM_METADATA])],
    takes: Takes::one(),
    action: Action::Run(run),
    ..Command::LEAF
};

static CUSTOM_METADATA: Flag = Flag::pairs(
    "custom-metadata",
    "An entry of one's own, as key=value. May be given several times.",
);

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let path = paths::bare(&session.argument(0));
    let body = json!({"custom_metadata": session.flags.pairs(&CUSTOM_METADATA)});
    let secret = session.find(Request::post(&format!("sys/namespaces/{path}")).json(&body));
    let secret = secret.context(|| "Error creating namespace".to_owned())?;
    secret.map_or(Ok(Exit::Success), |secret| shown::show(session, &secret))
}
