//! `policy`: what tokens may do.

mod delete;
mod fmt;
mod format;
mod list;
mod read;
mod write;

use crate::command::{Action, Command};
use crate::paths;

pub(crate) static POLICY: Command = Command {
    name: "policy",
    synopsis: "Policies",
    about: "
Reads and writes policies: texts that say what a token may do.

    $ vault policy write api-service policy.hcl

    $ vault policy list
",
    action: Action::Group(&[
        &delete::DELETE,
        &fmt::FMT,
        &list::LIST,
        &read::READ,
        &write::WRITE,
    ]),
    ..Command::GROUP
};

/// The API's path of a policy. Names have no capitals.
fn path(name: &str) -> String {
    format!("sys/policies/acl/{}", paths::bare(name).to_lowercase())
}
