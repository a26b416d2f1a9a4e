//! `kv`: secrets of the key/value engine, with or without versions.

mod delete;
mod destroy;
mod enable_versioning;
mod get;
mod list;
mod metadata;
mod mount;
mod patch;
mod put;
mod rollback;
mod scan;
mod undelete;
mod written;

use crate::command::{Action, Command};

pub(crate) static KV: Command = Command {
    name: "kv",
    synopsis: "Secrets of the key/value engine",
    about: "
Reads, writes and deletes secrets of the key/value engine. The commands find out by themselves whether a mount keeps
versions.

    $ vault kv put -mount=secret app password=swordfish

    $ vault kv get -mount=secret app
",
    action: Action::Group(&[
        &delete::DELETE,
        &destroy::DESTROY,
        &enable_versioning::ENABLE_VERSIONING,
        &get::GET,
        &list::LIST,
        &metadata::METADATA,
        &patch::PATCH,
        &put::PUT,
        &rollback::ROLLBACK,
        &scan::SCAN,
        &undelete::UNDELETE,
    ]),
    ..Command::GROUP
};
