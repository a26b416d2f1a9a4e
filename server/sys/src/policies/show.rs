//! How policies are shown.

use logical::{Done, Error, Fields, Reply, Result};
use serde_json::{Value, json};
use server_pipeline::PolicyRecord;
use server_policy::{RESPONSE_WRAPPING, ROOT, normalized_name};
use std::collections::BTreeMap;

use super::Family;
use crate::Sys;

/// The names below a path; of all names `root` is the last. Paging is not offered here, as in the reference.
pub(super) async fn names(sys: &Sys, below: &str) -> Result<Done> {
    Ok(Done::keys(
        shown(sys, below)
            .await?
            .into_iter()
            .map(|(name, _)| name)
            .collect(),
    ))
}

/// The same in the older form, which says it twice.
pub(super) async fn old_names(sys: &Sys, below: &str) -> Result<Done> {
    let names: Vec<String> = shown(sys, below)
        .await?
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    if names.is_empty() {
        return Err(Error::not_found());
    }
    Ok(Done::data(json!({ "keys": names, "policies": names })))
}

/// The same with what each policy says; `root` is always the last, as in the reference.
pub(super) async fn details(sys: &Sys, below: &str) -> Result<Done> {
    let mut shown = shown(sys, below).await?;
    if !below.is_empty() {
        shown.push((ROOT.to_owned(), None));
    }
    let keys = shown.iter().map(|(name, _)| name.clone()).collect();
    let described = shown.into_iter().map(|(name, record)| {
        let members = described(&name, record.as_ref(), Family::Present);
        (name, Value::Object(members.take()))
    });
    Ok(Done::reply(Reply::Keys {
        keys,
        info: described.collect::<BTreeMap<_, _>>(),
    }))
}

/// One policy.
pub(super) async fn one(sys: &Sys, name: &str, family: Family) -> Result<Done> {
    let name = normalized_name(name);
    let record = live(sys, &name).await?;
    if record.is_none() && name != ROOT {
        return Err(Error::not_found());
    }
    Ok(Done::reply(Reply::Data(described(
        &name,
        record.as_ref(),
        family,
    ))))
}

/// The record of a policy that has not expired. One that has is gone, whether somebody has read it since or not.
pub(super) async fn live(sys: &Sys, name: &str) -> Result<Option<PolicyRecord>> {
    let now = sys.house.now();
    let found = sys.house.rooms.policies.get(name).await?;
    Ok(found
        .map(|(record, _)| record)
        .filter(|record| record.expires.is_none_or(|end| now < end)))
}

async fn shown(sys: &Sys, below: &str) -> Result<Vec<(String, Option<PolicyRecord>)>> {
    let mut found = Vec::new();
    for name in sys.house.rooms.policies.names().await? {
        if name != RESPONSE_WRAPPING
            && name != ROOT
            && name.starts_with(below)
            && let Some(record) = live(sys, &name).await?
        {
            found.push((name, Some(record)));
        }
    }
    if below.is_empty() {
        found.push((ROOT.to_owned(), None));
    }
    Ok(found)
}

fn described(name: &str, record: Option<&PolicyRecord>, family: Family) -> Fields {
    let (text, version) = record.map_or(("", 0), |record| (record.text.as_str(), record.version));
    let is = |flag: fn(&PolicyRecord) -> bool| record.is_some_and(flag);
    let mut shown = Fields::of(json!({
        "name": name,
        "version": version,
        "cas_required": is(|record| record.cas_required),
        "allow_slashes_in_identity_templates": is(|record| record.allow_slashes),
        "allow_wildcards_in_identity_templates": is(|record| record.allow_wildcards),
    }));
    shown.insert(if family == Family::Old { "rules" } else { "policy" }, text);
    if let Some(record) = record {
        shown.insert("modified", record.modified.to_string());
        if let Some(expires) = record.expires {
            shown.insert("expiration", expires.to_string());
        }
    }
    shown
}
