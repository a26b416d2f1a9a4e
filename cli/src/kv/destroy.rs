//! `kv destroy`: versions of a secret, for good.

use super::delete::VERSIONS;
use super::mount::MOUNT;
use super::undelete::{Refusals, on_versions};
use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Exit, Failure};
use crate::flags::shared::{FORMATTED, HTTP};
use crate::session::Session;

pub(super) static DESTROY: Command = Command {
    name: "destroy",
    synopsis: "Remove versions for good",
    usage: "[options] KEY",
    about: "
Removes versions for good. Only that they were there remains to be seen.

    $ vault kv destroy -mount=secret -versions=3,4 app
",
    sections: &[HTTP, FORMATTED, Section::own(&[&MOUNT, &VERSIONS])],
    takes: Takes::one(),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let refusals = Refusals {
        no_versions: "No versions provided, use the \"-versions\" flag to specify the version to destroy.",
        keeps_none: "Destroy not supported on KV Version 1",
    };
    on_versions(session, "destroy", &refusals)
}
