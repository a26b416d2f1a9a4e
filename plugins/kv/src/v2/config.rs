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
