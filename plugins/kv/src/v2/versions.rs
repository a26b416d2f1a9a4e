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
