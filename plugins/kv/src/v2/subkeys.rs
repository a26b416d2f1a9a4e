//! `subkeys/`: which members a secret has, without what they hold.

use super::Kv2;
use super::rows::Reading;
use logical::field::Integer;
use logical::{Cx, Done, Error, Fields, Reply, Result};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// What reading subkeys takes.
#[derive(Deserialize, JsonSchema)]
pub(super) struct ReadSubkeys {
    /// Path of the secret.
    path: String,
    /// Number of the version. Zero is the latest.
    version: Option<Integer>,
    /// How many levels of objects within objects are shown. Zero shows all.
    depth: Option<Integer>,
}

impl Kv2 {
    pub(super) async fn read_subkeys(self: Arc<Self>, cx: Cx, input: ReadSubkeys) -> Result<Done> {
        let number = input.version.unwrap_or_default().0;
        let reading = self.rows(&cx).await?.read(&input.path, number, cx.now).await?;
        let Reading {
            secret,
            version,
            data,
        } = reading.ok_or_else(Error::not_found)?;
        let levels = match u64::try_from(input.depth.unwrap_or_default().0) {
            Ok(0) | Err(_) => u64::MAX,
            Ok(levels) => levels,
        };
        let answer = |subkeys: Option<Map<String, Value>>| {
            Fields::of(json!({ "metadata": secret.value.describe(&version), "subkeys": subkeys }))
        };
        Ok(Done::reply(match data {
            Some(data) => Reply::Data(answer(Some(subkeys(data.expose(), levels)))),
            None => Reply::Missing(answer(None)),
        }))
    }
}

/// The names of the members. Null stands for whatever is no object, for an empty one, and for what lies deeper.
fn subkeys(members: &Map<String, Value>, levels: u64) -> Map<String, Value> {
    let below = |value: &Value| match value {
        Value::Object(inner) if levels > 1 && !inner.is_empty() => Value::Object(subkeys(inner, levels - 1)),
        _ => Value::Null,
    };
    let shown = members.iter().map(|(name, value)| (name.clone(), below(value)));
    shown.collect()
}

#[cfg(test)]
mod tests {
    use crate::version_2;
    use logical::Operation::{Delete, Read, Update};
    use logical::testing::{Answer, Bench};
    use serde_json::{Value, json};

    async fn bench() -> Bench {
        let bench = Bench::new(version_2());
        let data = json!({ "a": 1, "b": { "c": { "d": 1 }, "f": [{ "g": 1 }] }, "none": {} });
        bench.ask(Update, "data/s", json!({ "data": data })).await;
        bench
    }

    #[tokio::test]
    async fn only_names_are_shown_level_by_level() {
        let bench = bench().await;
        let whole = json!({ "a": null, "b": { "c": { "d": null }, "f": null }, "none": null });
        for (depth, expected) in [
            (json!(null), whole.clone()),
            (json!(0), whole.clone()),
            (json!(1), json!({ "a": null, "b": null, "none": null })),
            (
                json!("2"),
                json!({ "a": null, "b": { "c": null, "f": null }, "none": null }),
            ),
            (json!(99), whole.clone()),
        ] {
            let answer = bench
                .ask(Read, "subkeys/s", json!({ "depth": depth }))
                .await
                .members();
            assert_eq!(answer["subkeys"], expected, "{depth}");
        }
    }

    #[tokio::test]
    async fn a_deleted_version_has_none() {
        let bench = bench().await;
        bench.ask(Delete, "data/s", json!({})).await;
        let Answer::Missing(members) = bench.ask(Read, "subkeys/s", json!({})).await else {
            panic!("it is deleted");
        };
        assert_eq!(
            (&members["subkeys"], &members["metadata"]["version"]),
            (&Value::Null, &json!(1))
        );
        assert_eq!(bench.ask(Read, "subkeys/none", json!({})).await, Answer::absent());
        assert_eq!(
            bench.ask(Read, "subkeys/s", json!({ "version": 2 })).await,
            Answer::absent()
        );
    }
}
