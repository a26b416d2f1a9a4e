//! `delete/`, `undelete/`, `destroy/`, and DELETE on `data/`: single versions hidden, shown again, or gone for ever.

use super::Kv2;
use super::rows::{Found, data_key};
use super::secret::Secret;
use logical::field::Integer;
use logical::{Batch, Cx, Done, Error, Result};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What deleting the latest version takes.
#[derive(Deserialize, JsonSchema)]
pub(super) struct DeleteLatest {
    /// Path of the secret.
    path: String,
}

/// What changing several versions takes. Those that are not there are passed over.
#[derive(Deserialize, JsonSchema)]
pub(super) struct ChangeVersions {
    /// Path of the secret.
    path: String,
    /// Numbers of the versions.
    #[serde(default)]
    versions: Numbers,
}

/// Numbers of versions: a list, one number, or one text with commas between them.
#[derive(Default)]
struct Numbers(Vec<i64>);

impl Kv2 {
    pub(super) async fn delete_latest(self: Arc<Self>, cx: Cx, input: DeleteLatest) -> Result<Done> {
        let Some(mut secret) = self.rows(&cx).await?.secret(&input.path).await? else {
            return Ok(Done::empty());
        };
        let latest = BTreeSet::from([secret.value.current]);
        delete(&cx, &mut secret, &latest)
    }

    pub(super) async fn delete_versions(self: Arc<Self>, cx: Cx, input: ChangeVersions) -> Result<Done> {
        let numbers = input.versions.named("No version number provided")?;
        match self.rows(&cx).await?.secret(&input.path).await? {
            Some(mut secret) => delete(&cx, &mut secret, &numbers),
            None => Ok(Done::empty()),
        }
    }

    pub(super) async fn undelete_versions(self: Arc<Self>, cx: Cx, input: ChangeVersions) -> Result<Done> {
        let numbers = input.versions.named("No version number provided")?;
        let rows = self.rows(&cx).await?;
        let Some(mut secret) = rows.secret(&input.path).await? else {
            return Ok(Done::empty());
        };
        let engine = rows.config().await?;
        let mut batch = Batch::new();
        engine.expected_by(&mut batch);
        // A version that comes back lives as long as a new one.
        let deletion = engine.value.deletion(&secret.value.settings, cx.now);
        let mut changed = false;
        for version in secret.value.versions_mut(&numbers) {
            changed |= version.undelete(deletion);
        }
        if changed {
            rewritten(&secret, batch)
        } else {
            Ok(Done::empty())
        }
    }

    pub(super) async fn destroy_versions(self: Arc<Self>, cx: Cx, input: ChangeVersions) -> Result<Done> {
        // Vault writes it small here, and large in the other two.
        let numbers = input.versions.named("no version number provided")?;
        let Some(mut secret) = self.rows(&cx).await?.secret(&input.path).await? else {
            return Ok(Done::empty());
        };
        let mut batch = Batch::new();
        for version in secret.value.versions_mut(&numbers) {
            if let Some(data) = version.destroy() {
                batch.delete(data_key(data));
            }
        }
        if batch.is_empty() {
            Ok(Done::empty())
        } else {
            rewritten(&secret, batch)
        }
    }
}

fn delete(cx: &Cx, secret: &mut Found<Secret>, numbers: &BTreeSet<u64>) -> Result<Done> {
    let mut changed = false;
    for version in secret.value.versions_mut(numbers) {
        changed |= version.delete(cx.now);
    }
    if changed {
        rewritten(secret, Batch::new())
    } else {
        Ok(Done::empty())
    }
}

fn rewritten(secret: &Found<Secret>, mut batch: Batch) -> Result<Done> {
    secret.expected_by(&mut batch);
    batch.put_json(secret.key.clone(), &secret.value)?;
    Ok(Done::empty().commit(batch))
}

impl Numbers {
    /// The numbers, of which there must be some. What can be no version's number is passed over like any other that is
    /// not there.
    fn named(self, none: &'static str) -> Result<BTreeSet<u64>> {
        if self.0.is_empty() {
            return Err(Error::invalid(none));
        }
        Ok(self
            .0
            .into_iter()
            .filter_map(|number| u64::try_from(number).ok())
            .collect())
    }
}

impl<'de> Deserialize<'de> for Numbers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let items = match Value::deserialize(deserializer)? {
            Value::String(text) => text
                .split(',')
                .filter(|t| !t.is_empty())
                .map(Value::from)
                .collect(),
            Value::Array(items) => items,
            number @ Value::Number(_) => vec![number],
            _ => return Err(D::Error::custom("expected a list of whole numbers")),
        };
        let number = |item| serde_json::from_value::<Integer>(item).map(|number| number.0);
        let numbers: Result<Vec<i64>, _> = items.into_iter().map(number).collect();
        numbers
            .map(Self)
            .map_err(|_| D::Error::custom("expected a list of whole numbers"))
    }
}

impl JsonSchema for Numbers {
    fn schema_name() -> Cow<'static, str> {
        "Numbers".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "array", "items": { "type": "integer" } })
    }

    fn inline_schema() -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::version_2;
    use logical::Operation::{Delete, Read, Update};
    use logical::testing::{Answer, Bench};
    use serde_json::json;
    use std::time::Duration;

    async fn filled(versions: u64) -> Bench {
        let bench = Bench::new(version_2());
        for n in 1..=versions {
            bench.ask(Update, "data/s", json!({ "data": { "n": n } })).await;
        }
        bench
    }

    /// One letter a version: live, deleted or destroyed (`x`).
    async fn states(bench: &Bench) -> String {
        let metadata = bench.ask(Read, "metadata/s", json!({})).await.members();
        let versions = metadata["versions"].as_object().unwrap();
        let state = |version: &Value| match (version["destroyed"] == true, version["deletion_time"] == "") {
            (true, _) => 'x',
            (false, true) => 'l',
            (false, false) => 'd',
        };
        versions.values().map(state).collect()
    }

    async fn change(bench: &Bench, path: &str, versions: Value) {
        let answer = bench.ask(Update, path, json!({ "versions": versions })).await;
        assert_eq!(answer, Answer::Empty, "{path} {versions}");
    }

    #[tokio::test]
    async fn versions_are_hidden_shown_and_destroyed() {
        let bench = filled(6).await;
        change(&bench, "delete/s", json!([1, 3, 99])).await;
        assert_eq!(states(&bench).await, "dldlll");
        change(&bench, "undelete/s", json!([3, 4])).await;
        assert_eq!(states(&bench).await, "dlllll");
        change(&bench, "destroy/s", json!([1, 2, 6, 99])).await;
        assert_eq!(states(&bench).await, "xxlllx");
        change(&bench, "undelete/s", json!([1, 2, 6])).await;
        change(&bench, "delete/s", json!([1, 2, 6])).await;
        assert_eq!(states(&bench).await, "xxlllx");
        assert_eq!(
            bench.memory().keys().len(),
            1 + 3,
            "the secret, and the data of three versions"
        );
        let Answer::Missing(answer) = bench.ask(Read, "data/s", json!({})).await else {
            panic!("the latest is destroyed");
        };
        assert_eq!(
            (&answer["data"], &answer["metadata"]["destroyed"]),
            (&Value::Null, &json!(true))
        );
    }

    #[tokio::test]
    async fn deleting_hides_the_latest_and_an_older_one_stays() {
        let bench = filled(2).await;
        assert_eq!(
            bench.ask(Delete, "data/s", json!({ "versions": [1] })).await,
            Answer::Empty
        );
        assert_eq!(states(&bench).await, "ld");
        let again = bench.propose(Delete, "data/s", json!({})).await.unwrap();
        assert!(again.batch.is_empty(), "it is deleted already");
        assert!(matches!(
            bench.ask(Read, "data/s", json!({ "version": 1 })).await,
            Answer::Data(_)
        ));
        change(&bench, "undelete/s", json!([2])).await;
        assert!(matches!(
            bench.ask(Read, "data/s", json!({})).await,
            Answer::Data(_)
        ));
    }

    #[tokio::test]
    async fn an_undeleted_version_lives_as_long_as_a_new_one() {
        let mut bench = Bench::new(version_2());
        bench
            .ask(Update, "metadata/s", json!({ "delete_version_after": "2s" }))
            .await;
        bench.ask(Update, "data/s", json!({ "data": {} })).await;
        bench.pass(Duration::from_secs(3));
        change(&bench, "undelete/s", json!([1])).await;
        let metadata = bench.ask(Read, "data/s", json!({})).await.members();
        assert_eq!(metadata["metadata"]["deletion_time"], "2025-11-24T16:00:05Z");
        bench
            .ask(Update, "metadata/s", json!({ "delete_version_after": 0 }))
            .await;
        change(&bench, "undelete/s", json!([1])).await;
        assert_eq!(states(&bench).await, "l");
    }

    #[test]
    fn versions_are_named_in_several_ways() {
        let check = |sent: Value, expected: Option<&[i64]>| {
            let numbers = serde_json::from_value::<Numbers>(sent.clone()).ok();
            assert_eq!(numbers.map(|n| n.0).as_deref(), expected, "{sent}");
        };
        check(json!([1, "2"]), Some(&[1, 2]));
        check(json!("2,3"), Some(&[2, 3]));
        check(json!("1,,2"), Some(&[1, 2]));
        check(json!(5), Some(&[5]));
        check(json!([-1]), Some(&[-1]));
        check(json!(""), Some(&[]));
        for refused in [
            json!("all"),
            json!([1.5]),
            json!(3.0),
            json!("1, 2"),
            json!(["1,2"]),
            json!({}),
            json!([[1]]),
        ] {
            check(refused, None);
        }
    }

    #[tokio::test]
    async fn some_version_must_be_named() {
        let bench = filled(1).await;
        for body in [
            json!({}),
            json!({ "versions": [] }),
            json!({ "versions": null }),
            json!({ "versions": "" }),
        ] {
            for path in ["delete/s", "undelete/none"] {
                let refused = Answer::invalid("No version number provided");
                assert_eq!(bench.ask(Update, path, body.clone()).await, refused);
            }
            let refused = Answer::invalid("no version number provided");
            assert_eq!(bench.ask(Update, "destroy/s", body).await, refused);
        }
        for path in [
            "delete/s",
            "undelete/s",
            "destroy/s",
            "delete/none",
            "undelete/none",
            "destroy/none",
        ] {
            change(&bench, path, json!([0])).await;
        }
    }
}
