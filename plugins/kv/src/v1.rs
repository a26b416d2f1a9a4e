//! Version 1: one value a path, replaced as a whole. Every member of a write is data.

use crate::walk::walk;
use logical::field::parse_duration;
use logical::secret::Plaintext;
use logical::{
    Access, Batch, Call, Captures, Cx, Done, Error, Fields, Key, Operation, Page, Reply, Result, Table,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// The engine of version 1. All that it knows is in the store.
pub struct Kv1(());

/// What a read, a deletion or a listing takes.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct Place {
    /// Path of the value, or of the folder.
    path: String,
}

/// The table of version 1.
pub fn version_1() -> Table<Kv1> {
    Table::new(Kv1(()), "kv", "Keeps one secret value at each path.").route("{path*}", Access::Token, |r| {
        r.pure()
            .exists(Kv1::exists)
            .on(Operation::Read, "Reads the value at a path.", Kv1::read)
            .on_call(Operation::Update, "Replaces the value at a path.", Kv1::write)
            .on(Operation::Delete, "Removes the value at a path.", Kv1::delete)
            .on(Operation::List, "Lists the names below a path.", Kv1::list)
            .on(
                Operation::Scan,
                "Lists the names below a path, and below these, and so on.",
                Kv1::scan,
            );
    })
}

/// Where the values lie; the upgrade to version 2 empties it.
pub(crate) fn values() -> Key {
    Key::of("d")
}

impl Kv1 {
    async fn exists(self: Arc<Self>, cx: Cx, captures: Captures) -> Result<bool> {
        match values().leaf(captures.get("path")) {
            Some(key) => Ok(cx.storage.get(&key).await?.is_some()),
            None => Ok(false),
        }
    }

    async fn read(self: Arc<Self>, cx: Cx, input: Place) -> Result<Done> {
        let key = values().leaf(&input.path).ok_or_else(Error::not_found)?;
        let found = cx.storage.get(&key).await?.ok_or_else(Error::not_found)?;
        let data = Fields::parse(found.value.expose())?;
        let ttl = time_to_live(&data).unwrap_or(cx.mount.default_lease_ttl);
        Ok(Done::reply(Reply::Cached { data, ttl }))
    }

    /// Decides on nothing that it read, so the last of several writers wins.
    async fn write(self: Arc<Self>, _cx: Cx, call: Call) -> Result<Done> {
        let key = place_to_write(call.captures.get("path"))?;
        if call.data.is_empty() {
            return Err(Error::invalid("missing data fields"));
        }
        let mut batch = Batch::new();
        batch.put(key, Plaintext::new(call.data.to_text()?));
        Ok(Done::empty().commit(batch))
    }

    async fn delete(self: Arc<Self>, _cx: Cx, input: Place) -> Result<Done> {
        let mut batch = Batch::new();
        if let Some(key) = values().leaf(&input.path) {
            batch.delete(key);
        }
        Ok(Done::empty().commit(batch))
    }

    /// Vault does not page this list.
    async fn list(self: Arc<Self>, cx: Cx, input: Place) -> Result<Done> {
        let folder = values().folder(&input.path);
        Ok(Done::keys(cx.storage.list(&folder, &Page::all()).await?))
    }

    async fn scan(self: Arc<Self>, cx: Cx, input: Place) -> Result<Done> {
        let folder = values().folder(&input.path);
        Ok(Done::keys(walk(&*cx.storage, &folder, usize::MAX).await?))
    }
}

fn place_to_write(path: &str) -> Result<Key> {
    match values().leaf(path) {
        Some(key) => Ok(key),
        None if path.is_empty() => Err(Error::invalid("missing path")),
        None => Err(Error::invalid("cannot write to a path ending in '/'")),
    }
}

/// How long a client may keep a value: its member `ttl`, or else `lease`, where that is a duration. Null and empty are
/// zero, as in Vault.
fn time_to_live(data: &Fields) -> Option<Duration> {
    match data.get("ttl").or_else(|| data.get("lease"))? {
        Value::Null => Some(Duration::ZERO),
        Value::String(text) => parse_duration(text),
        Value::Number(number) => parse_duration(&number.to_string()),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use logical::testing::{Answer, Bench, check_manifest};
    use serde_json::json;

    const DEFAULT: u64 = 2_764_800;

    async fn write(bench: &Bench, path: &str, data: Value) -> Answer {
        bench.ask(Operation::Update, path, data).await
    }

    async fn read(bench: &Bench, path: &str) -> Answer {
        bench.ask(Operation::Read, path, json!({})).await
    }

    async fn list(bench: &Bench, path: &str) -> Answer {
        bench.ask(Operation::List, path, json!({})).await
    }

    #[tokio::test]
    async fn a_write_replaces_the_value_as_a_whole() {
        let bench = Bench::new(version_1());
        assert_eq!(write(&bench, "a", json!({ "x": 1, "y": 2 })).await, Answer::Empty);
        assert_eq!(
            write(&bench, "a", json!({ "x": null, "path": "p" })).await,
            Answer::Empty
        );
        let value = json!({ "x": null, "path": "p" });
        assert_eq!(read(&bench, "a").await, Answer::Cached(value, DEFAULT));
        let gone = bench.ask(Operation::Delete, "a", json!({})).await;
        assert_eq!((gone, read(&bench, "a").await), (Answer::Empty, Answer::absent()));
    }

    #[tokio::test]
    async fn numbers_keep_their_spelling() {
        let bench = Bench::new(version_1());
        let text = r#"{"a":1.10,"b":12345678901234567890123.50,"c":-0}"#;
        write(&bench, "n", serde_json::from_str(text).unwrap()).await;
        assert_eq!(read(&bench, "n").await.members().to_string(), text);
    }

    #[tokio::test]
    async fn the_value_says_how_long_it_may_be_kept() {
        let bench = Bench::new(version_1());
        for (value, seconds) in [
            (json!({ "ttl": "30s" }), 30),
            (json!({ "ttl": 45 }), 45),
            (json!({ "ttl": "1.5h" }), 5400),
            (json!({ "ttl": "" }), 0),
            (json!({ "ttl": null }), 0),
            (json!({ "ttl": "30 s" }), DEFAULT),
            (json!({ "ttl": 2.5 }), DEFAULT),
            (json!({ "ttl": true }), DEFAULT),
            (json!({ "lease": "1h" }), 3600),
            (json!({ "lease": 20, "ttl": 10 }), 10),
            (json!({ "ttl": "bogus", "lease": "1h" }), DEFAULT),
            (json!({ "TTL": "30s" }), DEFAULT),
        ] {
            write(&bench, "t", value.clone()).await;
            assert_eq!(read(&bench, "t").await, Answer::Cached(value, seconds));
        }
    }

    #[tokio::test]
    async fn a_path_can_be_value_and_folder() {
        let bench = Bench::new(version_1());
        for path in ["a", "a/b", "a/c/d", "a-b"] {
            write(&bench, path, json!({ "x": 1 })).await;
        }
        assert_eq!(list(&bench, "").await, Answer::keys(&["a", "a-b", "a/"]));
        assert_eq!(list(&bench, "a/").await, Answer::keys(&["b", "c/"]));
        assert_eq!(list(&bench, "a-b/").await, Answer::keys(&[]));
        let scanned = bench.ask(Operation::Scan, "a/", json!({})).await;
        assert_eq!(scanned, Answer::keys(&["b", "c/d"]));
    }

    #[tokio::test]
    async fn a_folder_is_no_value() {
        let bench = Bench::new(version_1());
        let text = "cannot write to a path ending in '/'";
        assert_eq!(
            write(&bench, "a/", json!({ "x": 1 })).await,
            Answer::invalid(text)
        );
        assert_eq!(
            write(&bench, "", json!({ "x": 1 })).await,
            Answer::invalid("missing path")
        );
        assert_eq!(read(&bench, "a/").await, Answer::absent());
        assert_eq!(bench.ask(Operation::Delete, "a/", json!({})).await, Answer::Empty);
        assert_eq!(bench.exists("a/").await.unwrap(), Some(false));
    }

    #[tokio::test]
    async fn a_write_brings_members() {
        let bench = Bench::new(version_1());
        assert_eq!(
            write(&bench, "a", json!({})).await,
            Answer::invalid("missing data fields")
        );
        assert!(bench.memory().keys().is_empty());
    }

    #[tokio::test]
    async fn creating_and_updating_are_told_apart() {
        let bench = Bench::new(version_1());
        assert_eq!(bench.exists("a").await.unwrap(), Some(false));
        write(&bench, "a", json!({ "x": 1 })).await;
        assert_eq!(bench.exists("a").await.unwrap(), Some(true));
    }

    #[tokio::test]
    async fn only_reads_warn_of_unknown_parameters() {
        let bench = Bench::new(version_1());
        write(&bench, "a", json!({ "x": 1 })).await;
        let warned = bench
            .warnings(Operation::Read, "a", json!({ "version": "1" }))
            .await;
        assert_eq!(
            warned,
            ["Endpoint ignored these unrecognized parameters: [version]"]
        );
        assert!(
            bench
                .warnings(Operation::Update, "a", json!({ "version": 1 }))
                .await
                .is_empty()
        );
    }

    #[test]
    fn the_manifest_explains_itself() {
        check_manifest(logical::Plugin::manifest(&version_1()));
    }
}
