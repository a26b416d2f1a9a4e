//! `config`: what holds for every secret of the engine.

use super::Kv2;
use super::settings::{DeleteAfter, SettingsChange};
use logical::field::{Flag, Given, Integer};
use logical::{Batch, Cx, Done, Result};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

/// What reading the configuration takes.
#[derive(Deserialize, JsonSchema)]
pub(super) struct ReadConfig {}

/// What changing the configuration takes. What is not named stays.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct WriteConfig {
    /// How many versions of a secret are kept, unless the secret itself asks for more. Zero keeps ten.
    max_versions: Given<Integer>,
    /// Whether every write must say which version it expects.
    cas_required: Given<Flag>,
    /// Whether every change of metadata must say which one it expects.
    metadata_cas_required: Given<Flag>,
    /// How long a version lives before it is deleted, unless the secret itself asks for less. Zero is not set; a
    /// negative time keeps every version, whatever its secret asks for.
    delete_version_after: Option<DeleteAfter>,
}

impl Kv2 {
    pub(super) async fn read_config(self: Arc<Self>, cx: Cx, _input: ReadConfig) -> Result<Done> {
        let engine = self.rows(&cx).await?.config().await?.value;
        Ok(Done::data(json!({
            "cas_required": engine.cas_required,
            "delete_version_after": engine.delete_version_after.to_string(),
            "max_versions": engine.max_versions,
            "metadata_cas_required": engine.metadata_cas_required,
        })))
    }

    pub(super) async fn write_config(self: Arc<Self>, cx: Cx, input: WriteConfig) -> Result<Done> {
        let change = SettingsChange::of(
            input.max_versions,
            input.cas_required,
            input.metadata_cas_required,
            input.delete_version_after,
        )?;
        let mut engine = self.rows(&cx).await?.config().await?;
        if change.is_empty() {
            return Ok(Done::empty());
        }
        change.apply(&mut engine.value);
        let mut batch = Batch::new();
        engine.expected_by(&mut batch);
        batch.put_json(engine.key, &engine.value)?;
        Ok(Done::empty().commit(batch))
    }
}

#[cfg(test)]
mod tests {
    use crate::version_2;
    use logical::Operation::{Read, Update};
    use logical::testing::{Answer, Bench};
    use serde_json::{Value, json};

    async fn config(bench: &Bench) -> Value {
        bench.ask(Read, "config", json!({})).await.members()
    }

    #[tokio::test]
    async fn what_nobody_set_is_shown_as_zero() {
        let bench = Bench::new(version_2());
        let zero = json!({
            "cas_required": false, "delete_version_after": "0s", "max_versions": 0, "metadata_cas_required": false,
        });
        assert_eq!(config(&bench).await, zero);
    }

    #[tokio::test]
    async fn each_setting_is_changed_by_itself() {
        let bench = Bench::new(version_2());
        for (change, name, shown) in [
            (json!({ "max_versions": "4" }), "max_versions", json!(4)),
            (json!({ "cas_required": 1 }), "cas_required", json!(true)),
            (
                json!({ "delete_version_after": "3h25m19s" }),
                "delete_version_after",
                json!("3h25m19s"),
            ),
            (
                json!({ "delete_version_after": null }),
                "delete_version_after",
                json!("3h25m19s"),
            ),
            (json!({ "max_versions": null }), "max_versions", json!(0)),
            (json!({ "cas_required": null }), "cas_required", json!(false)),
            (
                json!({ "delete_version_after": "-24h" }),
                "delete_version_after",
                json!("-1s"),
            ),
            (
                json!({ "delete_version_after": "0s" }),
                "delete_version_after",
                json!("0s"),
            ),
        ] {
            assert_eq!(bench.ask(Update, "config", change.clone()).await, Answer::Empty);
            assert_eq!(config(&bench).await[name], shown, "{change}");
        }
    }

    #[tokio::test]
    async fn a_refused_change_changes_nothing() {
        let bench = Bench::new(version_2());
        bench
            .ask(
                Update,
                "config",
                json!({ "max_versions": 3, "delete_version_after": "1h" }),
            )
            .await;
        let set = config(&bench).await;
        for body in [
            json!({ "max_versions": "many" }),
            json!({ "max_versions": 1.5 }),
            json!({ "max_versions": -1 }),
            json!({ "cas_required": "yes" }),
            json!({ "delete_version_after": "1h30" }),
            json!({ "delete_version_after": true }),
            json!({ "max_versions": 9, "cas_required": "maybe" }),
        ] {
            let refused = bench.ask(Update, "config", body.clone()).await;
            assert!(matches!(refused, Answer::Refused(..)), "{body}");
            assert_eq!(config(&bench).await, set);
        }
    }

    #[tokio::test]
    async fn nothing_known_writes_nothing() {
        let bench = Bench::new(version_2());
        let done = bench
            .propose(Update, "config", json!({ "unknown": 1 }))
            .await
            .unwrap();
        assert!(
            done.batch.is_empty() && done.warnings.is_empty(),
            "a 204 stays a 204"
        );
    }
}
