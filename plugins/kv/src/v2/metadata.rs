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
                "error converting input for field \"delete_version_after\": cannot provide negative value",
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

#[cfg(test)]
mod tests {
    use crate::version_2;
    use logical::Operation::{Delete, List, Patch, Read, Scan, Update};
    use logical::testing::{Answer, Bench};
    use serde_json::{Value, json};
    use std::time::Duration;

    fn bench() -> Bench {
        Bench::new(version_2())
    }

    async fn metadata(bench: &Bench) -> Value {
        bench.ask(Read, "metadata/m", json!({})).await.members()
    }

    async fn write(bench: &Bench, body: Value) -> Answer {
        bench.ask(Update, "metadata/m", body).await
    }

    #[tokio::test]
    async fn metadata_can_come_before_data() {
        let mut bench = bench();
        let body =
            json!({ "max_versions": 3, "delete_version_after": "1h30m", "custom_metadata": { "a": 1 } });
        assert_eq!(write(&bench, body).await, Answer::Empty);
        bench.pass(Duration::from_secs(1));
        bench.ask(Update, "data/m", json!({ "data": {} })).await;
        let expected = json!({
            "cas_required": false, "created_time": "2025-11-24T16:00:00Z", "current_metadata_version": 1,
            "current_version": 1, "custom_metadata": { "a": "1" }, "delete_version_after": "1h30m0s",
            "max_versions": 3, "metadata_cas_required": false, "oldest_version": 0,
            "updated_time": "2025-11-24T16:00:01Z",
            "versions": { "1": {
                "created_time": "2025-11-24T16:00:01Z", "deletion_time": "2025-11-24T17:30:01Z", "destroyed": false,
            } },
        });
        assert_eq!(metadata(&bench).await, expected);
    }

    #[tokio::test]
    async fn nothing_known_creates_nothing() {
        let bench = bench();
        for body in [json!({}), json!({ "unknown": 1 }), json!({ "metadata_cas": 7 })] {
            assert_eq!(write(&bench, body).await, Answer::Empty);
        }
        assert_eq!(bench.ask(Read, "metadata/m", json!({})).await, Answer::absent());
    }

    #[tokio::test]
    async fn a_refused_change_changes_nothing() {
        let bench = bench();
        write(&bench, json!({ "max_versions": 5 })).await;
        let set = metadata(&bench).await;
        for body in [
            json!({ "max_versions": 1.5 }),
            json!({ "max_versions": -1 }),
            json!({ "cas_required": "maybe" }),
            json!({ "delete_version_after": "-1s" }),
            json!({ "custom_metadata": "a=1" }),
            json!({ "max_versions": 9, "custom_metadata": { "a": "" } }),
        ] {
            assert!(
                matches!(write(&bench, body.clone()).await, Answer::Refused(..)),
                "{body}"
            );
            let patched = bench.ask(Patch, "metadata/m", body.clone()).await;
            assert!(matches!(patched, Answer::Refused(..)), "{body}");
            assert_eq!(metadata(&bench).await, set);
        }
    }

    #[tokio::test]
    async fn a_patch_changes_what_it_names() {
        let bench = bench();
        let missing = bench.ask(Patch, "metadata/m", json!({ "max_versions": 1 })).await;
        assert_eq!(missing, Answer::Raw(404, Vec::new()));
        write(
            &bench,
            json!({ "max_versions": 5, "cas_required": true, "custom_metadata": { "a": "1", "b": "2" } }),
        )
        .await;
        for (patch, name, shown) in [
            (json!({ "max_versions": 7 }), "max_versions", json!(7)),
            (json!({ "max_versions": null }), "max_versions", json!(0)),
            (json!({ "cas_required": null }), "cas_required", json!(false)),
            (
                json!({ "delete_version_after": "2h" }),
                "delete_version_after",
                json!("2h0m0s"),
            ),
            (
                json!({ "delete_version_after": "0s" }),
                "delete_version_after",
                json!("0s"),
            ),
            (
                json!({ "custom_metadata": { "b": null } }),
                "custom_metadata",
                json!({ "a": "1" }),
            ),
            (
                json!({ "custom_metadata": { "c": "3" } }),
                "custom_metadata",
                json!({ "a": "1", "c": "3" }),
            ),
            (json!({ "custom_metadata": null }), "custom_metadata", json!(null)),
            (json!({ "unknown": 1 }), "current_metadata_version", json!(9)),
        ] {
            assert_eq!(bench.ask(Patch, "metadata/m", patch.clone()).await, Answer::Empty);
            assert_eq!(metadata(&bench).await[name], shown, "{patch}");
        }
    }

    #[tokio::test]
    async fn a_write_replaces_all_notes() {
        let bench = bench();
        for (custom, shown) in [
            (json!({ "a": "1" }), json!({ "a": "1" })),
            (json!({ "b": "2" }), json!({ "b": "2" })),
            (json!({}), json!(null)),
            (json!({ "c": "3" }), json!({ "c": "3" })),
            (json!(null), json!(null)),
        ] {
            write(&bench, json!({ "custom_metadata": custom })).await;
            assert_eq!(metadata(&bench).await["custom_metadata"], shown, "{custom}");
        }
    }

    #[tokio::test]
    async fn metadata_have_check_and_set_of_their_own() {
        let bench = bench();
        let mismatch = Answer::invalid("metadata check-and-set parameter does not match the current version");
        let required = Answer::invalid("metadata check-and-set parameter required for this call");
        let first = Answer::invalid("metadata_cas must be 0 when creating new metadata");
        assert_eq!(
            write(&bench, json!({ "max_versions": 1, "metadata_cas": 1 })).await,
            first
        );
        assert_eq!(
            write(&bench, json!({ "max_versions": 1, "metadata_cas": 0 })).await,
            Answer::Empty
        );
        assert_eq!(
            write(&bench, json!({ "max_versions": 2, "metadata_cas": 0 })).await,
            mismatch
        );
        assert_eq!(
            write(&bench, json!({ "metadata_cas_required": true })).await,
            Answer::Empty
        );
        assert_eq!(write(&bench, json!({ "max_versions": 4 })).await, required);
        assert_eq!(
            write(
                &bench,
                json!({ "metadata_cas_required": false, "metadata_cas": 2 })
            )
            .await,
            Answer::Empty
        );
        bench
            .ask(Update, "config", json!({ "metadata_cas_required": true }))
            .await;
        assert_eq!(write(&bench, json!({ "max_versions": 4 })).await, required);
    }

    #[tokio::test]
    async fn what_the_engine_mandates_is_said() {
        let bench = bench();
        bench.ask(Update, "config", json!({ "cas_required": true })).await;
        let warned = bench
            .warnings(Update, "metadata/m", json!({ "cas_required": false }))
            .await;
        let text =
            "\"cas_required\" set to false, but is mandated by backend config. This value will be ignored.";
        assert_eq!(warned, [text]);
    }

    #[tokio::test]
    async fn a_secret_goes_with_everything_it_had() {
        let bench = bench();
        for _ in 0..3 {
            bench.ask(Update, "data/m", json!({ "data": {} })).await;
        }
        assert_eq!(bench.ask(Delete, "metadata/m", json!({})).await, Answer::Empty);
        assert!(bench.memory().keys().is_empty());
        assert_eq!(bench.ask(Delete, "metadata/m", json!({})).await, Answer::Empty);
    }

    #[tokio::test]
    async fn a_secret_exists_as_long_as_its_metadata() {
        let bench = bench();
        for path in ["data/m", "metadata/m"] {
            assert_eq!(bench.exists(path).await.unwrap(), Some(false));
        }
        bench.ask(Update, "data/m", json!({ "data": {} })).await;
        bench.ask(Update, "destroy/m", json!({ "versions": [1] })).await;
        assert_eq!(bench.exists("data/m").await.unwrap(), Some(true));
        assert_eq!(
            bench.exists("destroy/m").await.unwrap(),
            None,
            "only data and metadata tell"
        );
    }

    #[tokio::test]
    async fn secrets_are_listed_page_by_page() {
        let bench = bench();
        for path in ["a", "a/1", "b", "c/1", "c/d/2", "é", "Z"] {
            bench
                .ask(Update, &format!("data/{path}"), json!({ "data": {} }))
                .await;
        }
        for (asked, names) in [
            (json!({}), &["Z", "a", "a/", "b", "c/", "é"][..]),
            (json!({ "after": "a", "limit": "2" }), &["a/", "b"]),
            (json!({ "after": "bb", "limit": -1 }), &["c/", "é"]),
            (json!({ "after": "é" }), &[]),
        ] {
            assert_eq!(bench.ask(List, "metadata/", asked).await, Answer::keys(names));
        }
        assert_eq!(
            bench.ask(List, "metadata/c/", json!({})).await,
            Answer::keys(&["1", "d/"])
        );
        assert_eq!(
            bench.ask(Scan, "metadata/c/", json!({})).await,
            Answer::keys(&["1", "d/2"])
        );
        assert_eq!(bench.ask(List, "metadata/b/", json!({})).await, Answer::keys(&[]));
    }

    #[tokio::test]
    async fn a_folder_is_no_secret() {
        let bench = bench();
        let text = "cannot write to a path ending in '/'";
        let refused = bench
            .ask(Update, "metadata/a/", json!({ "max_versions": 1 }))
            .await;
        assert_eq!(refused, Answer::invalid(text));
        assert_eq!(bench.ask(Read, "metadata/a/", json!({})).await, Answer::absent());
        assert_eq!(bench.ask(Delete, "metadata/", json!({})).await, Answer::Empty);
    }
}
