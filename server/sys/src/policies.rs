//! `sys/policies/acl` and the older `sys/policy`.

use logical::field::{Flag, Integer, PageInput, Text};
use logical::{Access, Batch, Cx, Done, Error, Fields, Operation, Reply, Result, Shape, Table};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use server_pipeline::{Policies, PolicyRecord};
use server_policy::Policy;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::Sys;

/// What nobody may change, because the house relies on it.
const FIXED: [&str; 2] = ["root", "response-wrapping"];

#[derive(Deserialize, JsonSchema)]
struct Name {
    /// The policy's name; capitals are small letters.
    name: String,
}

#[derive(Deserialize, JsonSchema)]
struct Write {
    /// The policy's name; capitals are small letters.
    name: String,
    /// The rules, as HCL or JSON.
    #[serde(default)]
    policy: Text,
    /// The older name of `policy`.
    #[serde(default)]
    rules: Text,
    /// The version that is replaced; -1 expects none.
    cas: Option<Integer>,
    /// Whether every change must name the version that it replaces.
    cas_required: Option<Flag>,
    /// Whether values in templates may hold slashes.
    #[serde(rename = "allow_slashes_in_identity_templates")]
    allow_slashes: Option<Flag>,
    /// Whether values in templates may hold `*` and `+`.
    #[serde(rename = "allow_wildcards_in_identity_templates")]
    allow_wildcards: Option<Flag>,
}

/// Which of the two families of paths was asked: they name the text differently.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Present,
    Old,
}

pub(crate) fn routes(table: Table<Sys>) -> Table<Sys> {
    table
        .route("policies/acl", Access::Token, |r| {
            r.pure()
                .on(Operation::List, "List policies.", |sys, _, page| async move {
                    list(&sys, &page, Family::Present).await
                });
        })
        .route("policies/acl/{name*}", Access::Token, |r| {
            r.folds("name")
                .exists(|sys, _, caught| async move { exists(&sys, caught.get("name")).await });
            r.on(
                Operation::Read,
                "Read a policy.",
                |sys, _, input: Name| async move { read(&sys, &input, Family::Present).await },
            )
            .on(
                Operation::Update,
                "Write a policy.",
                |sys, cx, input| async move { write(&sys, &cx, input, Family::Present).await },
            )
            .on(
                Operation::Delete,
                "Remove a policy.",
                |sys, _, input| async move { delete(&sys, &input).await },
            );
        })
        .route("policy", Access::Token, |r| {
            r.shape(Shape::Doubled)
                .on(Operation::Read, "List policies.", |sys, _, page| async move {
                    list(&sys, &page, Family::Old).await
                })
                .on(Operation::List, "List policies.", |sys, _, page| async move {
                    list(&sys, &page, Family::Old).await
                });
        })
        .route("policy/{name*}", Access::Token, |r| {
            r.shape(Shape::Doubled).folds("name");
            r.on(
                Operation::Read,
                "Read a policy.",
                |sys, _, input: Name| async move { read(&sys, &input, Family::Old).await },
            )
            .on(
                Operation::Update,
                "Write a policy.",
                |sys, cx, input| async move { write(&sys, &cx, input, Family::Old).await },
            )
            .on(
                Operation::Delete,
                "Remove a policy.",
                |sys, _, input| async move { delete(&sys, &input).await },
            );
        })
}

async fn list(sys: &Sys, page: &PageInput, family: Family) -> Result<Done> {
    let mut names = sys.house.rooms.policies.names().await?;
    names.retain(|name| name != "response-wrapping");
    names.push("root".to_owned());
    names.sort();
    let names = page.page().cut(names);
    Ok(match family {
        Family::Present => Done::reply(Reply::Keys {
            keys: names,
            info: BTreeMap::new(),
        }),
        Family::Old => Done::data(json!({ "keys": names, "policies": names })),
    })
}

async fn exists(sys: &Sys, name: &str) -> Result<bool> {
    Ok(sys.house.rooms.policies.get(&normal(name)).await?.is_some())
}

async fn read(sys: &Sys, input: &Name, family: Family) -> Result<Done> {
    let name = normal(&input.name);
    let record = sys.house.rooms.policies.get(&name).await?;
    let (record, modified) = match record {
        Some((record, _)) => (record.clone(), Some(record.modified.to_string())),
        None if name == "root" => (
            PolicyRecord {
                version: 0,
                ..PolicyRecord::first("", sys.house.now())
            },
            None,
        ),
        None => return Err(Error::not_found()),
    };
    let mut shown = Fields::of(json!({
        "name": name,
        "version": record.version,
        "cas_required": record.cas_required,
        "allow_slashes_in_identity_templates": record.allow_slashes,
        "allow_wildcards_in_identity_templates": record.allow_wildcards,
    }));
    let text = record.text;
    shown.insert(if family == Family::Old { "rules" } else { "policy" }, text);
    if let Some(modified) = modified {
        shown.insert("modified", modified);
    }
    Ok(Done::reply(Reply::Data(shown)))
}

async fn write(sys: &Sys, cx: &Cx, input: Write, family: Family) -> Result<Done> {
    let name = normal(&input.name);
    if FIXED.contains(&name.as_str()) {
        return Err(Error::invalid(format!("cannot update {name:?} policy")));
    }
    let old_name =
        family == Family::Old && input.policy.as_str().is_empty() && !input.rules.as_str().is_empty();
    let text = if old_name { input.rules } else { input.policy }.into_string();
    if text.trim().is_empty() {
        return Err(Error::invalid("'policy' parameter not supplied or empty"));
    }
    Policy::parse(&name, &text)
        .map_err(|error| Error::invalid(format!("failed to parse policy: {error}")))?;
    let present = sys.house.rooms.policies.get(&name).await?;
    let old = present.as_ref().map(|(record, _)| record.clone());
    let old = old.unwrap_or_else(|| PolicyRecord {
        version: 0,
        ..PolicyRecord::first("", cx.now)
    });
    let record = PolicyRecord {
        text,
        version: old.version + 1,
        modified: cx.now,
        cas_required: input.cas_required.map_or(old.cas_required, |flag| flag.0),
        expires: None,
        allow_slashes: input.allow_slashes.map_or(old.allow_slashes, |flag| flag.0),
        allow_wildcards: input.allow_wildcards.map_or(old.allow_wildcards, |flag| flag.0),
    };
    check_version(present.as_ref().map(|(record, _)| record), input.cas)?;
    let mut batch = Batch::new();
    let revision = present.map(|(_, revision)| revision);
    batch
        .expect(Policies::key(&name), revision)
        .put_json(Policies::key(&name), &record)?;
    let mut done = Done::empty().commit(batch).then(learn(sys, name.clone()));
    if cx.request.path.chars().any(char::is_uppercase) || input.name != name {
        done = done.warn(format!("policy name was converted to {name}"));
    }
    if old_name {
        done = done.warn("'rules' is deprecated, please use 'policy' instead");
    }
    Ok(done)
}

/// A change that names the version it replaces counts only for that one.
fn check_version(present: Option<&PolicyRecord>, cas: Option<Integer>) -> Result<()> {
    let version = present.map_or(0, |record| record.version);
    match cas {
        None if present.is_some_and(|record| record.cas_required) => {
            Err(Error::invalid("check-and-set parameter required for this call"))
        }
        Some(Integer(-1)) if present.is_none() => Ok(()),
        Some(Integer(cas)) if u64::try_from(cas).ok() != Some(version) => Err(Error::invalid(
            "check-and-set parameter did not match the current version",
        )),
        _ => Ok(()),
    }
}

async fn delete(sys: &Sys, input: &Name) -> Result<Done> {
    let name = normal(&input.name);
    if FIXED.contains(&name.as_str()) {
        return Err(Error::invalid(format!("cannot delete {name:?} policy")));
    }
    if name == "default" {
        return Err(Error::invalid("cannot delete default policy"));
    }
    let mut batch = Batch::new();
    batch.delete(Policies::key(&name));
    Ok(Done::empty().commit(batch).then(learn(sys, name)))
}

fn learn(sys: &Sys, name: String) -> impl FnOnce() + Send + 'static {
    let policies = Arc::clone(&sys.house.rooms.policies);
    move || policies.changed(&name)
}

fn normal(name: &str) -> String {
    name.trim().to_lowercase()
}
