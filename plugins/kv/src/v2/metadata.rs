//! `metadata/`: what is known of a secret, what it is set to, and which secrets there are.

use super::Kv2;
use super::custom::{Custom, patched, replaced};
use super::data::nothing_to_patch;
use super::members::Members;
use super::rows::{Found, data_key};
use super::secret::Secret;
use super::settings::{DeleteAfter, Settings, SettingsChange};
use logical::field::{Flag, Given, Integer, PageInput, Text};
use logical::{Batch, Captures, Cx, Done, Error, Fields, Reply, Result};
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

/// What reading, deleting and scanning take.
#[derive(Deserialize, JsonSchema)]
pub(super) struct Place {
    /// Path of the secret, or of the folder.
    path: String,
}

/// What listing takes.
#[derive(Deserialize, JsonSchema)]
pub(super) struct ListMetadata {
    /// Path of the folder.
    path: String,
    /// Only entries that sort behind this one are shown.
    after: Option<Text>,
    /// The most entries that are shown. Zero or less shows all.
    limit: Option<Integer>,
}

/// What changing metadata takes. What is not named stays.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct WriteMetadata {
    /// Path of the secret.
    path: String,
    /// How many versions are kept, unless the engine keeps more. Zero leaves it to the engine.
    max_versions: Given<Integer>,
    /// Whether every write must say which version it expects.
    cas_required: Given<Flag>,
    /// Whether every change of metadata must say which one it expects.
    metadata_cas_required: Given<Flag>,
    /// How long a version lives before it is deleted, unless the engine deletes sooner. Zero leaves it to the engine.
    delete_version_after: Option<DeleteAfter>,
    /// Notes about the secret: up to 64 texts by name. A write replaces all of them, a patch those that it names.
    custom_metadata: Given<Members>,
    /// Number of the metadata's version that must be the current one; zero if there must not be any.
    metadata_cas: Option<Integer>,
}

/// What a request changes, read and found right.
struct MetadataChange {
    settings: SettingsChange,
    custom: Option<Custom>,
    cas: Option<Integer>,
}

impl Kv2 {
    /// A secret exists as long as its metadata do, whatever becomes of its versions.
    pub(super) async fn exists(self: Arc<Self>, cx: Cx, captures: Captures) -> Result<bool> {
        let rows = self.rows(&cx).await?;
        Ok(rows.secret(captures.get("path")).await?.is_some())
    }

    pub(super) async fn read_metadata(self: Arc<Self>, cx: Cx, input: Place) -> Result<Done> {
        let secret = self.rows(&cx).await?.secret(&input.path).await?;
        let secret = secret.ok_or_else(Error::not_found)?;
        Ok(Done::reply(Reply::Data(Fields::of(secret.value.show()))))
    }

    pub(super) async fn list_metadata(self: Arc<Self>, cx: Cx, input: ListMetadata) -> Result<Done> {
        let ListMetadata { path, after, limit } = input;
        let page = PageInput { after, limit }.page();
        Ok(Done::keys(self.rows(&cx).await?.list(&path, &page).await?))
    }

    pub(super) async fn scan_metadata(self: Arc<Self>, cx: Cx, input: Place) -> Result<Done> {
        Ok(Done::keys(self.rows(&cx).await?.walk(&input.path).await?))
    }

    pub(super) async fn write_metadata(self: Arc<Self>, cx: Cx, input: WriteMetadata) -> Result<Done> {
        let path = input.path.clone();
        let change = MetadataChange::of(input, replaced)?;
        let rows = self.rows(&cx).await?;
        let engine = rows.config().await?;
        let secret = rows.secret_to_write(&path).await?;
        change_metadata(&cx, &engine, secret, change)
    }

    pub(super) async fn patch_metadata(self: Arc<Self>, cx: Cx, input: WriteMetadata) -> Result<Done> {
        let rows = self.rows(&cx).await?;
        let Some(secret) = rows.secret(&input.path).await? else {
            return Ok(nothing_to_patch());
        };
        let change = MetadataChange::of(input, |custom| patched(&secret.value.custom, custom))?;
        let engine = rows.config().await?;
        change_metadata(&cx, &engine, secret.into(), change)
    }

    /// Everything goes: the metadata, and what every version holds.
    pub(super) async fn delete_metadata(self: Arc<Self>, cx: Cx, input: Place) -> Result<Done> {
        let Some(secret) = self.rows(&cx).await?.secret(&input.path).await? else {
            return Ok(Done::empty());
        };
        let mut batch = Batch::new();
        secret.expected_by(&mut batch);
        for data in secret.value.data() {
            batch.delete(data_key(data));
        }
        batch.delete(secret.key);
        Ok(Done::empty().commit(batch))
    }
}

impl MetadataChange {
    fn of(
        input: WriteMetadata,
        custom: impl FnOnce(Given<Members>) -> Result<Option<Custom>>,
    ) -> Result<Self> {
        // Only the engine may say never: Vault refuses it of a secret.
        if input.delete_version_after == Some(DeleteAfter::Never) {
            return Err(Error::invalid(
                "delete_version_after of a secret cannot be negative",
            ));
        }
        Ok(Self {
            settings: SettingsChange::of(
                input.max_versions,
                input.cas_required,
                input.metadata_cas_required,
                input.delete_version_after,
            )?,
            custom: custom(input.custom_metadata)?,
            cas: input.metadata_cas,
        })
    }

    fn is_empty(&self) -> bool {
        self.settings.is_empty() && self.custom.is_none()
    }
}

fn change_metadata(
    cx: &Cx,
    engine: &Found<Settings>,
    secret: Found<Option<Secret>>,
    change: MetadataChange,
) -> Result<Done> {
    if change.is_empty() {
        return Ok(Done::empty());
    }
    check_metadata(&engine.value, secret.value.as_ref(), change.cas)?;
    let mut batch = Batch::new();
    engine.expected_by(&mut batch);
    secret.expected_by(&mut batch);
    let mut row = secret.value.unwrap_or_else(|| Secret::new(cx.now));
    change.settings.apply(&mut row.settings);
    row.custom = change.custom.unwrap_or(row.custom);
    row.metadata_version += 1;
    row.updated = cx.now;
    batch.put_json(secret.key, &row)?;
    let mut done = Done::empty().commit(batch);
    done.warnings = engine.value.overruled(&change.settings);
    Ok(done)
}

fn check_metadata(engine: &Settings, secret: Option<&Secret>, cas: Option<Integer>) -> Result<()> {
    let required = match secret {
        Some(secret) => engine.requires_metadata_cas(&secret.settings),
        None => engine.metadata_cas_required,
    };
    match (cas, secret) {
        (None, _) if required => Err(Error::invalid(
            "metadata check-and-set parameter required for this call",
        )),
        (None, _) => Ok(()),
        (Some(Integer(0)), None) => Ok(()),
        (Some(_), None) => Err(Error::invalid(
            "metadata_cas must be 0 when creating new metadata",
        )),
        (Some(Integer(cas)), Some(secret)) if u64::try_from(cas) == Ok(secret.metadata_version) => Ok(()),
        (Some(_), Some(_)) => Err(Error::invalid(
            "metadata check-and-set parameter does not match the current version",
        )),
    }
}
