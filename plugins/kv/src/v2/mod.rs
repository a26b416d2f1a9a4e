//! Version 2: each secret keeps its latest versions, which can be deleted, shown again and destroyed one by one.
//!
//! A secret has one row, `secret.rs`, with its metadata and the list of its versions; what a version holds is a row of
//! its own. A read is two point reads, a write two rows.

mod config;
mod custom;
mod data;
mod elsewhere;
mod members;
mod metadata;
mod rows;
mod secret;
mod settings;
mod subkeys;
mod upgrade;
mod versions;

use logical::Operation::{Delete, List, Patch, Read, Scan, Update};
use logical::{Access, Table};
use std::sync::atomic::AtomicBool;

/// The engine of version 2, for one mount. All that it knows is in the store, except that it need not look again for
/// values of version 1.
#[derive(Default)]
pub struct Kv2 {
    upgraded: AtomicBool,
}

/// The table of version 2, for one mount.
pub fn version_2() -> Table<Kv2> {
    let table =
        Table::new(Kv2::default(), "kv", "Keeps secrets with their earlier versions.").works(Kv2::upgrade);
    elsewhere(single_versions(secrets(table)))
}

fn secrets(table: Table<Kv2>) -> Table<Kv2> {
    table
        .route("config", Access::Token, |r| {
            r.pure()
                .on(Read, "Shows what holds for every secret.", Kv2::read_config)
                .on(Update, "Changes what holds for every secret.", Kv2::write_config);
        })
        .route("data/{path*}", Access::Token, |r| {
            r.pure()
                .exists(Kv2::exists)
                .on(Read, "Reads a version of a secret.", Kv2::read_data)
                .on(Update, "Adds a version to a secret.", Kv2::write_data)
                .on(
                    Patch,
                    "Adds a version that changes members of the latest.",
                    Kv2::patch_data,
                )
                .on(
                    Delete,
                    "Deletes the latest version; it can be undeleted.",
                    Kv2::delete_latest,
                );
        })
        .route("subkeys/{path*}", Access::Token, |r| {
            r.pure().on(
                Read,
                "Shows which members a secret has, not what they hold.",
                Kv2::read_subkeys,
            );
        })
        .route("metadata/{path*}", Access::Token, |r| {
            r.pure()
                .exists(Kv2::exists)
                .on(Read, "Shows what is known of a secret.", Kv2::read_metadata)
                .on(Update, "Changes what a secret is set to.", Kv2::write_metadata)
                .on(
                    Patch,
                    "Changes what a secret is set to, note by note.",
                    Kv2::patch_metadata,
                )
                .on(
                    Delete,
                    "Removes a secret with all its versions, for ever.",
                    Kv2::delete_metadata,
                )
                .on(List, "Lists the names below a path.", Kv2::list_metadata)
                .on(
                    Scan,
                    "Lists the secrets below a path, folder by folder.",
                    Kv2::scan_metadata,
                );
        })
}

fn single_versions(table: Table<Kv2>) -> Table<Kv2> {
    table
        .route("delete/{path*}", Access::Token, |r| {
            r.on(
                Update,
                "Deletes versions; they can be undeleted.",
                Kv2::delete_versions,
            );
        })
        .route("undelete/{path*}", Access::Token, |r| {
            r.on(Update, "Shows deleted versions again.", Kv2::undelete_versions);
        })
        .route("destroy/{path*}", Access::Token, |r| {
            r.on(
                Update,
                "Removes what versions hold, for ever.",
                Kv2::destroy_versions,
            );
        })
}

/// Whatever else a client asks for: the paths of version 1, and those of version 2 without a name.
fn elsewhere(table: Table<Kv2>) -> Table<Kv2> {
    let table = table.route("{path*}", Access::Token, |r| {
        for (operation, _) in elsewhere::TRIED {
            r.on_call(operation, "Says that version 2 has other paths.", Kv2::wrong_path);
        }
    });
    let roots = ["data", "metadata", "delete", "undelete", "destroy"];
    roots.into_iter().fold(table, |table, root| {
        table.route(root, Access::Token, |r| {
            for operation in [Read, Update, Patch, Delete] {
                r.on_call(
                    operation,
                    "Says that the name of a secret is missing.",
                    Kv2::without_name,
                );
            }
        })
    })
}
