//! `sys/plugins/*`: what can be mounted. Everything is built in, so nothing is registered or removed here.

use logical::field::{CommaList, Text};
use logical::{Access, Cx, Done, Error, Operation, Result, Table};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use server_mounts::{Change, Mount, TableKind};
use std::sync::Arc;

use crate::Sys;
use crate::mounts::{Nothing, PLUGIN_VERSION, UNLISTED, is_version};

/// Databases that the database engine has credentials for.
const DATABASES: [&str; 1] = ["postgresql-database-plugin"];
const STATUS: &str = "supported";

#[derive(Deserialize, JsonSchema)]
struct Kind {
    /// `secret`, `auth` or `database`.
    kind: String,
}

#[derive(Deserialize, JsonSchema)]
struct Named {
    /// `secret`, `auth` or `database`.
    kind: String,
    /// The plugin's name.
    name: String,
    /// The plugin's version; the built-in one has none to name.
    #[serde(default)]
    version: Text,
}

#[derive(Deserialize, JsonSchema)]
struct Reload {
    /// The plugin whose mounts are all built anew.
    #[serde(default)]
    plugin: Text,
    /// The mounts that are built anew.
    #[serde(default)]
    mounts: CommaList,
}

pub(crate) fn routes(table: Table<Sys>) -> Table<Sys> {
    table
        .route("plugins/catalog", Access::Token, |r| {
            r.on(
                Operation::Read,
                "List plugins of every type.",
                |sys, _, _: Nothing| async move { Ok(all(&sys)) },
            );
        })
        .route("plugins/catalog/{kind}", Access::Sudo, |r| {
            r.on(
                Operation::List,
                "List plugins of a type.",
                |sys, _, input: Kind| async move {
                    let names = names(&sys, &input.kind).ok_or_else(Error::unsupported_operation)?;
                    Ok(Done::keys(names))
                },
            )
            .on(
                Operation::Read,
                "Say that plugins are read by type and name.",
                |sys, _, input: Kind| async move { without_type(&sys, &input.kind) },
            );
        })
        .route("plugins/catalog/{kind}/{name}", Access::Sudo, |r| {
            r.on(
                Operation::Read,
                "Read what is known of a plugin.",
                |sys, _, input: Named| async move { one(&sys, &input) },
            )
            .on(
                Operation::Update,
                "Say that no plugin can be registered.",
                |_, _, _: Named| async move {
                    Err(Error::invalid(
                        "could not set plugin: every plugin is built in, and this server runs no others",
                    ))
                },
            )
            .on(
                Operation::Delete,
                "Remove a plugin that was registered, of which there are none.",
                |_, _, _: Named| async move { Ok(Done::empty()) },
            );
        })
        .route("plugins/reload/backend", Access::Token, |r| {
            r.on(
                Operation::Update,
                "Build what is mounted anew.",
                |sys, cx, input| async move { reload(&sys, &cx, &input) },
            );
        })
}

/// The names of a type's plugins, sorted; `None` if there is no such type.
fn names(sys: &Sys, kind: &str) -> Option<Vec<String>> {
    let table = match kind {
        "secret" => TableKind::Secrets,
        "auth" => TableKind::Auth,
        "database" => return Some(DATABASES.map(str::to_owned).to_vec()),
        _ => return None,
    };
    let mut names = sys.house.rooms.mounts.factories().kinds(table);
    names.retain(|name| !UNLISTED.contains(&name.as_str()));
    Some(names)
}

fn all(sys: &Sys) -> Done {
    let mut detailed = Vec::new();
    let mut shown = json!({});
    for kind in ["auth", "database", "secret"] {
        let names = names(sys, kind).unwrap_or_default();
        for name in &names {
            detailed.push(json!({
                "type": kind,
                "name": name,
                "builtin": true,
                "version": PLUGIN_VERSION,
                "deprecation_status": STATUS,
            }));
        }
        if let Some(shown) = shown.as_object_mut() {
            shown.insert(kind.to_owned(), json!(names));
        }
    }
    if let Some(shown) = shown.as_object_mut() {
        shown.insert("detailed".to_owned(), Value::Array(detailed));
    }
    Done::data(shown)
}

/// The older form, without a type: Vault answers it with a warning and nothing else.
fn without_type(sys: &Sys, name: &str) -> Result<Done> {
    if names(sys, name).is_some() {
        return Err(Error::unsupported_operation());
    }
    Ok(Done::empty().warn(format!(
        "Deprecated API endpoint, cannot read plugin information from catalog for {name:?}"
    )))
}

fn one(sys: &Sys, input: &Named) -> Result<Done> {
    let names = names(sys, &input.kind).unwrap_or_default();
    let other = is_version(input.version.as_str())? && input.version.as_str() != PLUGIN_VERSION;
    if other || !names.contains(&input.name) {
        return Err(Error::not_found());
    }
    Ok(Done::data(json!({
        "name": input.name,
        "builtin": true,
        "version": PLUGIN_VERSION,
        "args": null,
        "command": "",
        "sha256": "",
        "deprecation_status": STATUS,
    })))
}

/// Builds mounts anew, as a change of their options does: what they hold in memory goes, what is stored stays.
fn reload(sys: &Sys, cx: &Cx, input: &Reload) -> Result<Done> {
    let mounts = match (input.plugin.as_str(), input.mounts.0.as_slice()) {
        ("", []) => return Err(Error::invalid("plugin or mounts must be provided")),
        ("", paths) => paths.iter().map(|path| mount(sys, path)).collect::<Result<_>>()?,
        (plugin, []) => of_plugin(sys, plugin)?,
        _ => return Err(Error::invalid("plugin and mounts cannot be set at the same time")),
    };
    let changes = mounts.iter().map(|mount| sys.house.rooms.mounts.rebuild(mount));
    let changes: Vec<Change> = changes.collect::<Result<_>>()?;
    let mut done = Done::data(json!({ "reload_id": cx.request.id }));
    for change in changes {
        done = done.commit(change.batch).then(change.apply);
    }
    let house = Arc::clone(&sys.house);
    Ok(done.then(move || house.working.notify_one()))
}

fn mount(sys: &Sys, path: &str) -> Result<Arc<Mount>> {
    let path = format!("{}/", path.trim_matches('/'));
    let found = sys.house.rooms.mounts.at(&path);
    found.ok_or_else(|| Error::invalid(format!("cannot fetch mount entry on {path:?}")))
}

fn of_plugin(sys: &Sys, plugin: &str) -> Result<Vec<Arc<Mount>>> {
    let is_known = ["secret", "auth", "database"]
        .into_iter()
        .filter_map(|kind| names(sys, kind))
        .any(|names| names.iter().any(|name| name == plugin));
    if !is_known {
        let text = format!("plugin not found in the catalog: {plugin:?}");
        return Err(Error::invalid(text));
    }
    let kind = if DATABASES.contains(&plugin) {
        "database"
    } else {
        plugin
    };
    let all = sys.house.rooms.mounts.all();
    Ok(all.into_iter().filter(|mount| mount.entry.kind == kind).collect())
}
