//! `sys/internal/inspect`: where requests go, for whoever looks for a mistake. The configuration must allow it.

use logical::{Access, Done, Error, Operation, Result, Table};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use server_mounts::{Mount, TableKind};

use crate::Sys;

/// What the router can be asked by. The reference has them all, and answers the same mounts for each.
const TAGS: [&str; 3] = ["root", "uuid", "accessor"];

#[derive(Deserialize, JsonSchema)]
struct Tag {
    /// `root`, `uuid` or `accessor`.
    tag: String,
}

pub(crate) fn routes(table: Table<Sys>) -> Table<Sys> {
    table.route("internal/inspect/router/{tag}", Access::Sudo, |r| {
        r.on(
            Operation::Read,
            "List where requests go.",
            |sys, _, input| async move { router(&sys, &input) },
        );
    })
}

fn router(sys: &Sys, input: &Tag) -> Result<Done> {
    if !sys.operator.may_inspect() {
        return Err(Error::invalid(
            "the Vault configuration must set \"introspection_endpoint\" to true to enable this endpoint",
        ));
    }
    if !TAGS.contains(&input.tag.as_str()) {
        let text = format!(
            "no router is known by {:?}; ask for {}",
            input.tag,
            TAGS.join(", ")
        );
        return Err(Error::invalid(text));
    }
    let mounts = sys.house.rooms.mounts.all();
    let shown: Vec<Value> = mounts.iter().map(|mount| described(mount)).collect();
    let members = Map::from_iter([(input.tag.clone(), Value::Array(shown))]);
    Ok(Done::data(Value::Object(members)))
}

fn described(mount: &Mount) -> Value {
    let entry = &mount.entry;
    let is_auth = entry.table == TableKind::Auth;
    json!({
        "mount_namespace": "",
        "mount_path": entry.path,
        "mount_type": entry.kind,
        "mount_table": if is_auth { "auth" } else { "secret" },
        "uuid": entry.uuid,
        "accessor": entry.accessor,
        "storage_prefix": format!("data/{}/", entry.id),
        "tainted": false,
    })
}
