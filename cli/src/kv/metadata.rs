//! `kv metadata`: what a mount knows about a secret besides its data.

mod delete;
mod get;
mod patch;
mod put;
mod settings;

use crate::command::{Action, Command};
use crate::failure::Failure;
use crate::session::Session;

use super::mount::Location;

pub(super) static METADATA: Command = Command {
    name: "metadata",
    synopsis: "What is known about a secret",
    about: "
Shows and changes what a mount knows about a secret besides its data: its versions, how many are kept and for how long,
and entries of one's own.
",
    action: Action::Group(&[&delete::DELETE, &get::GET, &patch::PATCH, &put::PUT]),
    ..Command::GROUP
};

/// The path of the metadata of the secret that the first argument names.
fn path(session: &Session<'_>) -> Result<String, Failure> {
    let location = Location::of_argument(session)?;
    location.must_keep_versions(Failure::misuse, "Metadata not supported on KV Version 1")?;
    Ok(location.path("metadata"))
}
