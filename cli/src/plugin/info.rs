//! `plugin info`.

use client::Request;

use super::{KINDS, unsupported};
use crate::command::{Action, Command, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{FIELDS, HTTP};
use crate::session::Session;

pub(super) static INFO: Command = Command {
    name: "info",
    synopsis: "Show a plugin",
    usage: "[options] TYPE NAME",
    about: "
Shows what is known about a plugin.

    $ vault plugin info secret kv
",
    sections: &[HTTP, FIELDS],
    takes: Takes::between(1, 2, "1 or 2"),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let (kind, name) = (session.argument(0), session.argument(1));
    if !KINDS.contains(&kind.as_str()) {
        return Err(Failure::refused(unsupported(&kind)));
    }
    let answer = session.send(Request::get(&format!("sys/plugins/catalog/{kind}/{name}")));
    let answer = answer.context(|| format!("Error reading plugin named {name}"))?;
    client::Secret::parse(&answer).map_or(Ok(Exit::Success), |secret| session.show(&secret))
}
