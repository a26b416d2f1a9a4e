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
