//! `sys/version-history`: which versions ran on this store, and since when.

use logical::{Access, Batch, Done, Key, Operation, Page, Reply, Result, Store, Table, Time};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

use crate::Sys;
use crate::mounts::Nothing;

/// A version that ran, as its row says it.
#[derive(Serialize, Deserialize)]
struct Ran {
    /// When it ran first.
    installed: Time,
}

pub(crate) fn routes(table: Table<Sys>) -> Table<Sys> {
    table.route("version-history", Access::Token, |r| {
        r.on(
            Operation::List,
            "List the versions that ran here.",
            |sys, _, _: Nothing| async move { list(&sys).await },
        );
    })
}

/// Keeps a version that runs for the first time. Called at unsealing.
pub async fn note_version(store: &dyn Store, version: &str, now: Time) -> Result<()> {
    if store.get(&key(version)).await?.is_some() {
        return Ok(());
    }
    let mut batch = Batch::new();
    batch.put_json(key(version), &Ran { installed: now })?;
    store.commit(batch).await.map(|_| ())
}

async fn list(sys: &Sys) -> Result<Done> {
    let store = sys.house.store.as_ref();
    let mut versions = Vec::new();
    for version in store.list(&rows(), &Page::all()).await? {
        if let Some(row) = store.get(&key(&version)).await? {
            versions.push((row.json::<Ran>()?.installed, version));
        }
    }
    versions.sort();
    let mut previous = None;
    let mut info = BTreeMap::new();
    let mut keys = Vec::new();
    for (installed, version) in versions {
        let shown = json!({
            "timestamp_installed": installed.to_string(),
            "previous_version": previous,
            "commit_date": "",
        });
        info.insert(version.clone(), shown);
        keys.push(version.clone());
        previous = Some(version);
    }
    Ok(Done::reply(Reply::Keys { keys, info }))
}

fn rows() -> Key {
    Key::of("version")
}

fn key(version: &str) -> Key {
    rows().name(version)
}
