//! `sys/remount`: moving a mount. Its leases end, as in Vault, because their ids spell the old path.

use logical::field::Text;
use logical::{Access, Done, Error, Operation, Result, Shape, Table, random_uuid};
use parking_lot::Mutex;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use server_mounts::{Mount, TableKind};
use std::collections::VecDeque;
use std::sync::Arc;

use crate::Sys;
use crate::mounts::{RESERVED, is_protected, whole_path};

/// Moves whose status can still be asked.
const REMEMBERED: usize = 256;

#[derive(Deserialize, JsonSchema)]
struct Remount {
    /// Where it is mounted.
    #[serde(default)]
    from: Text,
    /// Where it is to be mounted.
    #[serde(default)]
    to: Text,
}

#[derive(Deserialize, JsonSchema)]
struct Status {
    /// The id that the move was answered with.
    migration_id: String,
}

pub(crate) fn routes(table: Table<Sys>) -> Table<Sys> {
    table
        .route("remount", Access::Sudo, |r| {
            r.shape(Shape::Doubled).on(
                Operation::Update,
                "Move a mount and end its leases.",
                |sys, _, input| async move { remount(&sys, input).await },
            );
        })
        .route("remount/status/{migration_id}", Access::Token, |r| {
            r.on(
                Operation::Read,
                "Read how far a move has come.",
                |sys, _, input: Status| async move { status(&sys, &input) },
            );
        })
}

async fn remount(sys: &Sys, input: Remount) -> Result<Done> {
    let (from, to) = (
        target("from", input.from.as_str())?,
        target("to", input.to.as_str())?,
    );
    let mount = movable(sys, &from, &to)?;
    sys.house.end_below(&from).await?;
    let change = sys.house.rooms.mounts.remount(&mount, &to)?;
    let id = random_uuid(sys.house.random());
    let (moves, done) = (
        Arc::clone(&sys.moves),
        Move {
            id: id.clone(),
            from,
            to,
        },
    );
    Ok(Done::data(json!({ "migration_id": id }))
        .warn("Mount move has been queued. Progress will be reported in Vault's server log, tagged with the returned migration_id")
        .commit(change.batch)
        .then(change.apply)
        .then(move || moves.remember(done)))
}

fn movable(sys: &Sys, from: &str, to: &str) -> Result<Arc<Mount>> {
    let protected = |path: &str| is_protected(path) || path == "auth/";
    if protected(from) {
        return Err(Error::invalid(format!("cannot remount {from:?}")));
    }
    if protected(to) {
        return Err(Error::invalid(format!("cannot remount to destination {to:?}")));
    }
    let Some(mount) = sys.house.rooms.mounts.at(from) else {
        return Err(Error::invalid(format!("no matching mount at {from:?}")));
    };
    match mount.entry.table {
        TableKind::Auth if !to.starts_with("auth/") => {
            let text = format!("cannot remount auth mount to non-auth mount {to:?}");
            return Err(Error::invalid(text));
        }
        TableKind::Secrets if RESERVED.iter().any(|reserved| to.starts_with(reserved)) => {
            return Err(Error::invalid(format!("cannot remount to destination {to}")));
        }
        _ => {}
    }
    if let Some(taken) = sys.house.rooms.mounts.conflict(to) {
        return Err(Error::invalid(format!("path already in use at {taken:?}")));
    }
    Ok(mount)
}

/// A path of a mount. Vault takes `../x`, which nobody could use again.
fn target(member: &str, path: &str) -> Result<String> {
    let whole = whole_path(TableKind::Secrets, path);
    if whole == "/" {
        let text = "both 'from' and 'to' path must be specified as a string";
        return Err(Error::invalid(text));
    }
    if path.split('/').any(|part| part != part.trim()) {
        let text = format!("'{member}' path cannot contain blanks at its ends, nor those of a part");
        return Err(Error::invalid(text));
    }
    logical::RequestPath::parse(&whole).map(|_| whole)
}

fn status(sys: &Sys, input: &Status) -> Result<Done> {
    let moves = sys.moves.0.lock();
    let done = moves
        .iter()
        .find(|done| done.id == input.migration_id)
        .ok_or_else(Error::not_found)?;
    Ok(Done::data(json!({
        "migration_id": done.id,
        "migration_info": { "source_mount": done.from, "target_mount": done.to, "status": "success" },
    })))
}

/// Moves are done when they are answered; this is for clients that ask all the same. Lost at a restart.
#[derive(Default)]
pub struct Moves(Mutex<VecDeque<Move>>);

struct Move {
    id: String,
    from: String,
    to: String,
}

impl Moves {
    fn remember(&self, done: Move) {
        let mut moves = self.0.lock();
        if moves.len() == REMEMBERED {
            moves.pop_front();
        }
        moves.push_back(done);
    }
}
