//! `patch`: a part of what is at a path.

use client::Request;

use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Exit, Failure};
use crate::flags::shared::{FIELDS, HTTP};
use crate::session::Session;
use crate::write::{self, FORCE};

pub(crate) static PATCH: Command = Command {
    name: "patch",
    synopsis: "Change a part of what is at a path",
    usage: "[options] PATH [DATA key=value ...]",
    about: "
Changes a part of what is at a path, by a JSON merge patch: a member that is null is taken away, others are added or
replaced, and what is not named stays. The data is given as for \"write\".

    $ vault patch pki/roles/web allow_localhost=false
    $ echo '{\"data\": {\"old\": null}}' | vault patch secret/data/app -
",
    sections: &[HTTP, FIELDS, Section::own(&[&FORCE])],
    takes: Takes::at_least(1, "1"),
    prints_raw: true,
    action: Action::Run(run),
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    write::write(session, Request::patch)
}
