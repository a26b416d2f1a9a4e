//! `sys/mounts` and `sys/auth`: one set of handlers for both tables.

mod enable;
mod lockout;
mod show;
mod tune;
mod version;

use logical::{Access, Done, Error, Operation, Shape, Table};
use schemars::JsonSchema;
use serde::Deserialize;
use server_mounts::TableKind;
use server_pipeline::Sweep;

use crate::Sys;
pub(crate) use enable::RESERVED;
pub(crate) use show::{PLUGIN_VERSION, UNLISTED, described, listed};
pub(crate) use version::is_named as is_version;

/// The path of a mount, as the request names it.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct MountPath {
    /// Where it is mounted.
    path: String,
}

pub(crate) fn routes(table: Table<Sys>) -> Table<Sys> {
    table
        .route("mounts", Access::Token, |r| {
            r.pure().shape(Shape::Doubled).on(Operation::Read, "List secrets engines.", |sys, _, _: Nothing| async move {
                show::all(&sys, TableKind::Secrets)
            });
        })
        .route("auth", Access::Token, |r| {
            r.pure().shape(Shape::Doubled).on(Operation::Read, "List auth methods.", |sys, _, _: Nothing| async move {
                show::all(&sys, TableKind::Auth)
            });
        })
        .route("mounts/{path+}", Access::Token, |r| {
            r.shape(Shape::Doubled)
                .on(Operation::Read, "Read how a secrets engine is mounted.", |sys, _, input: MountPath| async move {
                    show::one(&sys, TableKind::Secrets, &input.path)
                })
                .on(Operation::Update, "Mount a secrets engine.", |sys, cx, input| async move {
                    enable::enable(&sys, &cx, TableKind::Secrets, input)
                })
                .on(Operation::Delete, "Unmount a secrets engine and end its leases.", |sys, _, input: MountPath| async move {
                    disable(&sys, TableKind::Secrets, &input.path).await
                });
        })
        .route("auth/{path+}", Access::Sudo, |r| {
            r.shape(Shape::Doubled)
                .on(Operation::Read, "Read how an auth method is mounted.", |sys, _, input: MountPath| async move {
                    show::one(&sys, TableKind::Auth, &input.path)
                })
                .on(Operation::Update, "Mount an auth method.", |sys, cx, input| async move {
                    enable::enable(&sys, &cx, TableKind::Auth, input)
                })
                .on(Operation::Delete, "Unmount an auth method and end its tokens.", |sys, _, input: MountPath| async move {
                    disable(&sys, TableKind::Auth, &input.path).await
                });
        })
        .route("mounts/{path*}/tune", Access::Token, |r| {
            r.shape(Shape::Doubled)
                .on(Operation::Read, "Read how a mount is tuned.", |sys, _, input: MountPath| async move {
                    tune::read(&sys, &input.path)
                })
                .on(Operation::Update, "Tune a mount.", |sys, _, input| async move { tune::write(&sys, TableKind::Secrets, input) });
        })
        .route("auth/{path*}/tune", Access::Sudo, |r| {
            r.shape(Shape::Doubled)
                .on(Operation::Read, "Read how an auth method is tuned.", |sys, _, input: MountPath| async move {
                    tune::read(&sys, &format!("auth/{}", input.path))
                })
                .on(Operation::Update, "Tune an auth method.", |sys, _, input| async move { tune::write(&sys, TableKind::Auth, input) });
        })
}

/// No parameters.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct Nothing {}

/// The path in the table of all mounts, with a slash at the end.
pub(crate) fn whole_path(table: TableKind, path: &str) -> String {
    let bare = path.trim_matches('/');
    match table {
        TableKind::Secrets => format!("{bare}/"),
        TableKind::Auth => format!("auth/{bare}/"),
    }
}

/// Mounts that nobody unmounts.
pub(crate) fn is_protected(path: &str) -> bool {
    ["sys/", "identity/", "cubbyhole/", "auth/token/"].contains(&path)
}

/// Ends what the mount made, then takes it out. Its rows are swept afterwards, also over a restart.
async fn disable(sys: &Sys, table: TableKind, path: &str) -> logical::Result<Done> {
    let path = whole_path(table, path);
    if table == TableKind::Auth && is_protected(&path) {
        return Err(Error::invalid("token credential backend cannot be disabled"));
    }
    if is_protected(&path) {
        return Err(Error::invalid(format!("cannot unmount {path:?}")));
    }
    let Some(mount) = sys.house.rooms.mounts.at(&path) else {
        return Ok(Done::empty());
    };
    sys.house.end_below(&path).await?;
    let change = sys.house.rooms.mounts.disable(&mount);
    let (job, sweep) = (
        logical::Id::new(sys.house.now(), sys.house.random()),
        Sweep::Mount(mount.entry.id),
    );
    let mut batch = change.batch;
    batch.put_json(server_pipeline::House::job(job), &sweep)?;
    let house = std::sync::Arc::clone(&sys.house);
    Ok(Done::empty()
        .commit(batch)
        .then(change.apply)
        .then(move || house.sweep_behind(job, sweep)))
}
