//! `data/`: what a secret holds, version by version.

use super::Kv2;
use super::members::Members;
use super::rows::{Found, Reading, data_key};
use super::secret::Secret;
use super::settings::Settings;
use logical::field::{Given, Integer};
use logical::secret::Plaintext;
use logical::{Batch, Cx, Done, Error, Fields, Id, Reply, Result};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::sync::Arc;

/// What reading takes.
#[derive(Deserialize, JsonSchema)]
pub(super) struct ReadData {
    /// Path of the secret.
    path: String,
    /// Number of the version. Zero is the latest.
    version: Option<Integer>,
}

/// What writing and patching take.
#[derive(Deserialize, JsonSchema)]
pub(super) struct WriteData {
    /// Path of the secret.
    path: String,
    /// What the new version holds, or what a patch changes of the latest one: null removes a member.
    data: Option<Members>,
    /// On which condition.
    #[serde(default)]
    options: WriteOptions,
    /// Only reading looks at this.
    #[expect(
        dead_code,
        reason = "Vault knows it on the whole path and does not warn of it"
    )]
    version: Option<Integer>,
}

/// On which condition a version is added.
#[derive(Default, Deserialize, JsonSchema)]
#[schemars(inline)]
#[serde(default)]
struct WriteOptions {
    /// Number of the version that must be the latest; zero or null if the secret must not have any. Without it the
    /// write is done in any case.
    cas: Given<Integer>,
}

impl Kv2 {
    pub(super) async fn read_data(self: Arc<Self>, cx: Cx, input: ReadData) -> Result<Done> {
        let number = input.version.unwrap_or_default().0;
        let reading = self.rows(&cx).await?.read(&input.path, number, cx.now).await?;
        let Reading {
            secret,
            version,
            data,
        } = reading.ok_or_else(Error::not_found)?;
        let metadata = secret.value.describe(&version);
        let mut answer = Fields::new();
        answer.insert("metadata", metadata);
        answer.insert("data", data.map(|data| Value::Object(data.take())));
        Ok(Done::reply(match version.readable(cx.now) {
            Some(_) => Reply::Data(answer),
            // Vault tells a version that is gone from one that never was, and clients rely on it.
            None => Reply::Missing(answer),
        }))
    }

    pub(super) async fn write_data(self: Arc<Self>, cx: Cx, input: WriteData) -> Result<Done> {
        let Members(data) = input.data.ok_or_else(no_data)?;
        let rows = self.rows(&cx).await?;
        let engine = rows.config().await?;
        let secret = rows.secret_to_write(&input.path).await?;
        check_and_set(&engine.value, secret.value.as_ref(), input.options.cas)?;
        add_version(&cx, &engine, secret, &data)
    }

    pub(super) async fn patch_data(self: Arc<Self>, cx: Cx, input: WriteData) -> Result<Done> {
        let Members(patch) = input.data.ok_or_else(no_data)?;
        let rows = self.rows(&cx).await?;
        let Some(reading) = rows.read(&input.path, 0, cx.now).await? else {
            return Ok(nothing_to_patch());
        };
        let Reading {
            secret,
            version,
            data,
        } = reading;
        let engine = rows.config().await?;
        check_and_set(&engine.value, Some(&secret.value), input.options.cas)?;
        let Some(mut data) = data else {
            return Ok(Done::reply(Reply::Missing(Fields::of(
                secret.value.describe(&version),
            ))));
        };
        merge_patch(data.expose_mut(), patch.take());
        add_version(&cx, &engine, secret.into(), &data)
    }
}

/// The answer to a patch of what is not there: Vault says nothing but 404.
pub(super) fn nothing_to_patch() -> Done {
    Done::reply(Reply::Raw {
        status: 404,
        media: "application/json",
        body: Vec::new(),
    })
}

fn no_data() -> Error {
    Error::invalid("no data provided")
}

fn check_and_set(engine: &Settings, secret: Option<&Secret>, cas: Given<Integer>) -> Result<()> {
    let required = match secret {
        Some(secret) => engine.requires_cas(&secret.settings),
        None => engine.cas_required,
    };
    let current = secret.map_or(0, |secret| secret.current);
    match cas.or_cleared(Integer(0)) {
        None if required => Err(Error::invalid("check-and-set parameter required for this call")),
        Some(Integer(cas)) if u64::try_from(cas) != Ok(current) => Err(Error::invalid(
            "check-and-set parameter did not match the current version",
        )),
        None | Some(_) => Ok(()),
    }
}

/// Two rows are written: the secret's, and one for what the version holds. Those that are too many go with them.
fn add_version(
    cx: &Cx,
    engine: &Found<Settings>,
    secret: Found<Option<Secret>>,
    data: &Fields,
) -> Result<Done> {
    let mut batch = Batch::new();
    engine.expected_by(&mut batch);
    secret.expected_by(&mut batch);
    let mut row = secret.value.unwrap_or_else(|| Secret::new(cx.now));
    let id = Id::new(cx.now, cx.services.random());
    let (version, forgotten) = row.add(id, &engine.value, cx.now);
    batch.put_json(secret.key, &row)?;
    batch.put(data_key(id), Plaintext::new(data.to_text()?));
    for id in forgotten {
        batch.delete(data_key(id));
    }
    Ok(Done::data(row.describe(&version)).commit(batch))
}

/// RFC 7396: objects are merged, null removes, everything else replaces.
fn merge_patch(target: &mut Map<String, Value>, patch: Map<String, Value>) {
    for (name, change) in patch {
        match change {
            Value::Null => drop(target.remove(&name)),
            Value::Object(change) => match target.get_mut(&name) {
                Some(Value::Object(inner)) => merge_patch(inner, change),
                _ => {
                    let mut inner = Map::new();
                    merge_patch(&mut inner, change);
                    target.insert(name, Value::Object(inner));
                }
            },
            change => drop(target.insert(name, change)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::version_2;
    use logical::Operation::{self, Delete, Patch, Read, Update};
    use logical::testing::{Answer, Bench};
    use serde_json::{Value, json};
    use std::time::Duration;

    const MISMATCH: &str = "check-and-set parameter did not match the current version";
    const REQUIRED: &str = "check-and-set parameter required for this call";

    fn bench() -> Bench {
        Bench::new(version_2())
    }

    async fn write(bench: &Bench, data: Value) -> Answer {
        bench.ask(Update, "data/a", json!({ "data": data })).await
    }

    /// The number of the version that an answer is about, and what is in it.
    async fn read(bench: &Bench, asked: Value) -> (Value, Value) {
        let answer = bench.ask(Read, "data/a", asked).await.members();
        (answer["metadata"]["version"].clone(), answer["data"].clone())
    }

    /// The number of the version that a write made, or its refusal.
    async fn version(bench: &Bench, operation: Operation, body: Value) -> Result<u64, String> {
        match bench.ask(operation, "data/a", body).await {
            Answer::Data(metadata) => Ok(metadata["version"].as_u64().unwrap()),
            Answer::Refused(_, text) => Err(text),
            other => Err(format!("{other:?}")),
        }
    }

    #[tokio::test]
    async fn each_write_makes_a_version() {
        let bench = bench();
        let metadata = |version| {
            json!({
                "created_time": "2025-11-24T16:00:00Z", "custom_metadata": null, "deletion_time": "",
                "destroyed": false, "version": version,
            })
        };
        assert_eq!(write(&bench, json!({ "x": 1 })).await, Answer::Data(metadata(1)));
        assert_eq!(write(&bench, json!([])).await, Answer::Data(metadata(2)));
        let first = json!({ "data": { "x": 1 }, "metadata": metadata(1) });
        assert_eq!(
            bench.ask(Read, "data/a", json!({ "version": "1" })).await,
            Answer::Data(first)
        );
        assert_eq!(read(&bench, json!({})).await, (json!(2), json!({})));
        assert_eq!(
            read(&bench, json!({ "version": "" })).await,
            (json!(2), json!({}))
        );
    }

    #[tokio::test]
    async fn what_never_was_is_absent() {
        let bench = bench();
        write(&bench, json!({})).await;
        for (path, asked) in [
            ("data/none", json!({})),
            ("data/a", json!({ "version": 2 })),
            ("data/", json!({})),
        ] {
            assert_eq!(bench.ask(Read, path, asked).await, Answer::absent(), "{path}");
        }
        assert_eq!(bench.ask(Delete, "data/none", json!({})).await, Answer::Empty);
    }

    #[tokio::test]
    async fn a_write_must_bring_an_object() {
        let bench = bench();
        for body in [json!({}), json!({ "a": 1 }), json!({ "options": { "cas": 0 } })] {
            assert_eq!(
                bench.ask(Update, "data/a", body.clone()).await,
                Answer::invalid("no data provided")
            );
            assert_eq!(
                bench.ask(Patch, "data/a", body).await,
                Answer::invalid("no data provided")
            );
        }
        for data in [json!("text"), json!(7), json!(true), json!([1])] {
            let refused = write(&bench, data.clone()).await;
            assert!(matches!(refused, Answer::Refused(..)), "{data} is taken");
        }
        let body = json!({ "data": {}, "options": "cas=1" });
        assert!(matches!(
            bench.ask(Update, "data/a", body).await,
            Answer::Refused(..)
        ));
        assert!(bench.memory().keys().is_empty());
    }

    #[tokio::test]
    async fn check_and_set_names_the_latest_version() {
        let bench = bench();
        let mut current = 0;
        for (cas, taken) in [
            (json!(1), Err(MISMATCH)),
            (json!(0), Ok(())),
            (json!(0), Err(MISMATCH)),
            (json!("1"), Ok(())),
            (json!(null), Err(MISMATCH)),
            (json!(""), Err(MISMATCH)),
            (json!(-1), Err(MISMATCH)),
        ] {
            let done = version(&bench, Update, json!({ "data": {}, "options": { "cas": cas } })).await;
            current += u64::from(taken.is_ok());
            assert_eq!(done, taken.map(|()| current).map_err(str::to_owned), "cas {cas}");
        }
        for cas in [
            json!("x"),
            json!(1.5),
            json!(2.0),
            json!([2]),
            json!({}),
            json!(u64::MAX),
        ] {
            let done = version(&bench, Update, json!({ "data": {}, "options": { "cas": cas } })).await;
            assert!(done.is_err(), "cas {cas}");
        }
    }

    #[tokio::test]
    async fn engine_and_secret_can_require_check_and_set() {
        let bench = bench();
        bench.ask(Update, "config", json!({ "cas_required": true })).await;
        assert_eq!(write(&bench, json!({})).await, Answer::invalid(REQUIRED));
        let with = |cas| json!({ "data": {}, "options": { "cas": cas } });
        assert_eq!(version(&bench, Update, with(0)).await, Ok(1));
        assert_eq!(
            version(&bench, Patch, json!({ "data": {} })).await,
            Err(REQUIRED.to_owned())
        );
        bench
            .ask(Update, "config", json!({ "cas_required": false }))
            .await;
        assert_eq!(version(&bench, Update, json!({ "data": {} })).await, Ok(2));
        bench
            .ask(Update, "metadata/a", json!({ "cas_required": true }))
            .await;
        assert_eq!(
            version(&bench, Update, json!({ "data": {} })).await,
            Err(REQUIRED.to_owned())
        );
        assert_eq!(version(&bench, Patch, with(2)).await, Ok(3));
    }

    #[tokio::test]
    async fn of_many_writers_that_saw_the_same_version_one_wins() {
        let bench = bench();
        write(&bench, json!({})).await;
        let mut batches = Vec::new();
        for writer in 0..64 {
            let body = json!({ "data": { "writer": writer }, "options": { "cas": 1 } });
            batches.push(bench.propose(Update, "data/a", body).await.unwrap().batch);
        }
        let applied = batches
            .into_iter()
            .filter(|batch| bench.memory().apply(batch.clone()).is_ok());
        assert_eq!(applied.count(), 1);
        assert_eq!(read(&bench, json!({})).await, (json!(2), json!({ "writer": 0 })));
    }

    #[tokio::test]
    async fn a_write_is_decided_on_the_configuration_too() {
        let bench = bench();
        let batch = bench
            .propose(Update, "data/a", json!({ "data": {} }))
            .await
            .unwrap()
            .batch;
        bench.ask(Update, "config", json!({ "cas_required": true })).await;
        assert!(
            bench.memory().apply(batch).is_err(),
            "the write would pass the new rule by"
        );
    }

    #[tokio::test]
    async fn every_change_of_a_secret_is_decided_on_its_row() {
        for (operation, path, body) in [
            (Update, "data/a", json!({ "data": {} })),
            (Patch, "data/a", json!({ "data": {} })),
            (Delete, "data/a", json!({})),
            (Update, "delete/a", json!({ "versions": [2] })),
            (Update, "undelete/a", json!({ "versions": [1] })),
            (Update, "destroy/a", json!({ "versions": [2] })),
            (Update, "metadata/a", json!({ "max_versions": 1 })),
            (Patch, "metadata/a", json!({ "max_versions": 1 })),
            (Delete, "metadata/a", json!({})),
        ] {
            let bench = bench();
            write(&bench, json!({})).await;
            bench.ask(Delete, "data/a", json!({})).await;
            write(&bench, json!({})).await;
            let batch = bench.propose(operation, path, body).await.unwrap().batch;
            assert!(!batch.is_empty(), "{operation} {path}");
            write(&bench, json!({})).await;
            assert!(
                bench.memory().apply(batch).is_err(),
                "{operation} {path} overwrites another's write"
            );
        }
    }

    #[tokio::test]
    async fn a_patch_merges_as_rfc_7396_says() {
        let bench = bench();
        write(
            &bench,
            json!({ "a": 1, "b": { "c": 1, "d": { "e": 1 } }, "list": [1, 2], "null": null }),
        )
        .await;
        for (patch, expected) in [
            (json!({ "a": 2, "new": "x" }), json!({ "a": 2, "new": "x" })),
            (
                json!({ "b": { "c": null, "f": 5 } }),
                json!({ "b": { "d": { "e": 1 }, "f": 5 } }),
            ),
            (json!({ "b": "flat" }), json!({ "b": "flat" })),
            (
                json!({ "list": { "y": null, "z": 1 } }),
                json!({ "list": { "z": 1 } }),
            ),
            (json!({ "a": null, "absent": null }), json!({ "a": null })),
            (json!({}), json!({ "null": null })),
        ] {
            bench.ask(Patch, "data/a", json!({ "data": patch })).await;
            let (_, data) = read(&bench, json!({})).await;
            for (name, value) in expected.as_object().unwrap() {
                assert_eq!(
                    data.get(name).unwrap_or(&Value::Null),
                    value,
                    "{name} after {patch}"
                );
            }
        }
        let left = json!({ "b": "flat", "list": { "z": 1 }, "new": "x", "null": null });
        assert_eq!(read(&bench, json!({})).await, (json!(7), left));
    }

    #[tokio::test]
    async fn only_what_is_there_can_be_patched() {
        let bench = bench();
        let patch = json!({ "data": { "b": 1 } });
        let nothing = Answer::Raw(404, Vec::new());
        assert_eq!(bench.ask(Patch, "data/a", patch.clone()).await, nothing);
        bench
            .ask(Update, "metadata/a", json!({ "max_versions": 2 }))
            .await;
        assert_eq!(bench.ask(Patch, "data/a", patch.clone()).await, nothing);
        write(&bench, json!({})).await;
        bench.ask(Delete, "data/a", json!({})).await;
        let Answer::Missing(metadata) = bench.ask(Patch, "data/a", patch).await else {
            panic!("a deleted version cannot be patched");
        };
        assert_eq!(metadata["deletion_time"], "2025-11-24T16:00:00Z");
        let wrong = json!({ "data": {}, "options": { "cas": 0 } });
        assert_eq!(version(&bench, Patch, wrong).await, Err(MISMATCH.to_owned()));
    }

    #[tokio::test]
    async fn a_version_disappears_when_its_time_is_over() {
        let mut bench = bench();
        bench
            .ask(Update, "metadata/a", json!({ "delete_version_after": "2s" }))
            .await;
        let metadata = write(&bench, json!({ "x": 1 })).await.members();
        assert_eq!(metadata["deletion_time"], "2025-11-24T16:00:02Z");
        bench.pass(Duration::from_secs(1));
        assert_eq!(read(&bench, json!({})).await, (json!(1), json!({ "x": 1 })));
        bench.pass(Duration::from_secs(1));
        assert!(matches!(
            bench.ask(Read, "data/a", json!({})).await,
            Answer::Missing(_)
        ));
        assert_eq!(read(&bench, json!({})).await, (json!(1), json!(null)));
    }

    #[tokio::test]
    async fn whole_numbers_are_exact_beyond_53_bits() {
        let bench = bench();
        let text = r#"{"n":9007199254740993,"big":-123456789012345678901234567890}"#;
        write(&bench, serde_json::from_str(text).unwrap()).await;
        let (_, data) = read(&bench, json!({})).await;
        assert_eq!(data, serde_json::from_str::<Value>(text).unwrap());
    }

    #[tokio::test]
    async fn deep_values_are_kept() {
        let bench = bench();
        let deep = (0..200).fold(json!(1), |inner, _| json!({ "n": inner }));
        write(&bench, deep.clone()).await;
        assert_eq!(read(&bench, json!({})).await, (json!(1), deep));
    }

    #[tokio::test]
    async fn rows_that_are_forgotten_are_removed() {
        let bench = bench();
        bench.ask(Update, "config", json!({ "max_versions": 2 })).await;
        for _ in 0..5 {
            write(&bench, json!({})).await;
        }
        assert_eq!(
            bench.memory().keys().len(),
            1 + 1 + 2,
            "configuration, secret, two versions"
        );
        assert_eq!(
            bench.ask(Read, "data/a", json!({ "version": 3 })).await,
            Answer::absent()
        );
    }

    #[tokio::test]
    async fn warnings_name_what_is_not_known() {
        let bench = bench();
        let body = json!({ "data": {}, "extra": true, "another": 2, "version": 1, "path": "elsewhere" });
        let warned = bench.warnings(Update, "data/a", body).await;
        assert_eq!(
            warned[0],
            "Endpoint ignored these unrecognized parameters: [another extra]"
        );
        assert!(warned[1].ends_with("captured from the endpoint's path: [path]"));
    }
}
