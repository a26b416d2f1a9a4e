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
