//! The table, and the handlers behind it. Every member of a write is data.

use logical::secret::Plaintext;
use logical::{
    Access, Batch, Call, Captures, Cx, Done, Error, Fields, Id, Key, Operation, Page, Reply, Result, Table,
};
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

/// The engine. All that it knows is in the store.
pub struct Cubbyhole(());

/// What a read, a deletion or a listing takes.
#[derive(Deserialize, JsonSchema)]
struct Place {
    /// Path of the value, or of the folder.
    path: String,
}

/// The table.
pub fn cubbyhole() -> Table<Cubbyhole> {
    let table = Table::new(
        Cubbyhole(()),
        "cubbyhole",
        "Keeps secrets that only one token can see.",
    );
    table.route("{path*}", Access::Token, |r| {
        r.pure()
            .exists(Cubbyhole::exists)
            .on(
                Operation::Read,
                "Reads the value at a path of the token's own.",
                Cubbyhole::read,
            )
            .on_call(
                Operation::Update,
                "Replaces the value at a path of the token's own.",
                Cubbyhole::write,
            )
            .on(
                Operation::Delete,
                "Removes the value at a path of the token's own.",
                Cubbyhole::delete,
            )
            .on(
                Operation::List,
                "Lists the token's own names below a path.",
                Cubbyhole::list,
            );
    })
}

/// Everything that a token owns, by its accessor: what goes when the token dies. Relative to the plugin's view.
pub fn owned_by(accessor: Id) -> Key {
    Key::of("c").id(accessor)
}

impl Cubbyhole {
    /// Whoever has no store has nothing in it; the refusal is the handler's.
    async fn exists(self: Arc<Self>, cx: Cx, captures: Captures) -> Result<bool> {
        let key = own(&cx).ok().and_then(|own| own.leaf(captures.get("path")));
        match key {
            Some(key) => Ok(cx.storage.get(&key).await?.is_some()),
            None => Ok(false),
        }
    }

    async fn read(self: Arc<Self>, cx: Cx, input: Place) -> Result<Done> {
        let key = own(&cx)?.leaf(&input.path).ok_or_else(Error::not_found)?;
        let found = cx.storage.get(&key).await?.ok_or_else(Error::not_found)?;
        Ok(Done::reply(Reply::Data(Fields::parse(found.value.expose())?)))
    }

    /// Decides on nothing that it read, so the last of several writers wins.
    async fn write(self: Arc<Self>, cx: Cx, call: Call) -> Result<Done> {
        let key = place_to_write(own(&cx)?, call.captures.get("path"))?;
        if call.data.is_empty() {
            return Err(Error::invalid("missing data fields"));
        }
        let mut batch = Batch::new();
        batch.put(key, Plaintext::new(call.data.to_text()?));
        Ok(Done::empty().commit(batch))
    }

    async fn delete(self: Arc<Self>, cx: Cx, input: Place) -> Result<Done> {
        let mut batch = Batch::new();
        if let Some(key) = own(&cx)?.leaf(&input.path) {
            batch.delete(key);
        }
        Ok(Done::empty().commit(batch))
    }

    /// Vault does not page this list.
    async fn list(self: Arc<Self>, cx: Cx, input: Place) -> Result<Done> {
        let folder = own(&cx)?.folder(&input.path);
        Ok(Done::keys(cx.storage.list(&folder, &Page::all()).await?))
    }
}

/// Where the caller's values lie. Batch tokens have no accessor, and nothing that could be removed with them.
fn own(cx: &Cx) -> Result<Key> {
    let refused = || Error::invalid("cubbyhole operations are only supported by 'service' type tokens");
    cx.caller.accessor.map(owned_by).ok_or_else(refused)
}

fn place_to_write(own: Key, path: &str) -> Result<Key> {
    match own.leaf(path) {
        Some(key) => Ok(key),
        None if path.is_empty() => Err(Error::invalid("missing path")),
        None => Err(Error::invalid("cannot write to a path ending in '/'")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use logical::Operation::{Delete, List, Read, Update};
    use logical::testing::{Answer, Bench, check_manifest};
    use logical::{Caller, Plugin};
    use serde_json::{Value, json};

    fn accessor(number: u64) -> Id {
        format!("{number:024}").parse().unwrap()
    }

    fn token(number: u64) -> Caller {
        Caller {
            accessor: Some(accessor(number)),
            ..Caller::default()
        }
    }

    fn bench() -> Bench {
        let mut bench = Bench::new(cubbyhole());
        bench.caller = token(1);
        bench
    }

    async fn write(bench: &Bench, path: &str, data: Value) -> Answer {
        bench.ask(Update, path, data).await
    }

    async fn read(bench: &Bench, path: &str) -> Answer {
        bench.ask(Read, path, json!({})).await
    }

    #[tokio::test]
    async fn a_write_replaces_and_a_deletion_removes() {
        let bench = bench();
        assert_eq!(
            write(&bench, "app", json!({ "n": 1.50, "list": [null] })).await,
            Answer::Empty
        );
        assert_eq!(write(&bench, "app", json!({ "a": null })).await, Answer::Empty);
        assert_eq!(read(&bench, "app").await, Answer::Data(json!({ "a": null })));
        assert_eq!(bench.ask(Delete, "app", json!({})).await, Answer::Empty);
        assert_eq!(read(&bench, "app").await, Answer::absent());
    }

    #[tokio::test]
    async fn nobody_sees_anothers() {
        let mut bench = bench();
        write(&bench, "note", json!({ "of": "one" })).await;
        bench.caller = token(2);
        assert_eq!(read(&bench, "note").await, Answer::absent());
        assert_eq!(bench.ask(List, "", json!({})).await, Answer::keys(&[]));
        assert_eq!(bench.exists("note").await.unwrap(), Some(false));
        bench.ask(Delete, "note", json!({})).await;
        write(&bench, "note", json!({ "of": "two" })).await;
        bench.caller = token(1);
        assert_eq!(read(&bench, "note").await, Answer::Data(json!({ "of": "one" })));
    }

    #[tokio::test]
    async fn everything_of_a_token_lies_below_its_accessor() {
        let bench = bench();
        for path in ["a", "a/b/c"] {
            write(&bench, path, json!({ "x": 1 })).await;
        }
        let own = owned_by(accessor(1));
        for key in bench.memory().keys() {
            assert!(key.segments().starts_with(own.segments()));
        }
        assert!(owned_by(accessor(2)) != own);
    }

    #[tokio::test]
    async fn a_token_without_accessor_has_no_store() {
        let mut bench = bench();
        bench.caller = Caller::default();
        let refused = Answer::invalid("cubbyhole operations are only supported by 'service' type tokens");
        for operation in [Read, Update, Delete, List] {
            assert_eq!(
                bench.ask(operation, "x", json!({ "a": 1 })).await,
                refused,
                "{operation}"
            );
        }
        assert_eq!(bench.exists("x").await.unwrap(), Some(false));
    }

    #[tokio::test]
    async fn names_are_listed_folder_by_folder() {
        let bench = bench();
        for path in ["a", "a/b", "a/c/d", "Z", "10"] {
            write(&bench, path, json!({ "x": 1 })).await;
        }
        assert_eq!(
            bench.ask(List, "", json!({})).await,
            Answer::keys(&["10", "Z", "a", "a/"])
        );
        assert_eq!(bench.ask(List, "a/", json!({})).await, Answer::keys(&["b", "c/"]));
        assert_eq!(bench.exists("a").await.unwrap(), Some(true));
        assert_eq!(read(&bench, "a/").await, Answer::absent());
    }

    #[tokio::test]
    async fn a_write_needs_a_name_and_members() {
        let bench = bench();
        let member = json!({ "x": 1 });
        let folder = Answer::invalid("cannot write to a path ending in '/'");
        assert_eq!(write(&bench, "a/", member.clone()).await, folder);
        assert_eq!(write(&bench, "", member).await, Answer::invalid("missing path"));
        assert_eq!(
            write(&bench, "a", json!({})).await,
            Answer::invalid("missing data fields")
        );
    }

    #[test]
    fn the_manifest_explains_itself() {
        check_manifest(cubbyhole().manifest());
    }
}
