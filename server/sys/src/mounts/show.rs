//! How mounts are shown.

use logical::{Done, Error, Result};
use serde_json::{Map, Value, json};
use server_mounts::{Mount, MountConfig, TableKind, UserLockout};

use super::whole_path;
use crate::Sys;

/// The version that answers name for plugins of our own.
pub(crate) const PLUGIN_VERSION: &str = concat!("v", env!("CARGO_PKG_VERSION"), "+builtin.strongroom");
/// Types that have no deprecation status, because the catalogue does not list them.
pub(crate) const UNLISTED: [&str; 6] = ["system", "identity", "cubbyhole", "token", "database", "generic"];

/// Every mount of a table, by path.
pub(crate) fn all(sys: &Sys, table: TableKind) -> Result<Done> {
    Ok(Done::data(Value::Object(listed(sys, table, |_| true))))
}

/// The mounts of a table that pass a test, by path.
pub(crate) fn listed(sys: &Sys, table: TableKind, shown: impl Fn(&Mount) -> bool) -> Map<String, Value> {
    let all = sys.house.rooms.mounts.all();
    let mounts = all
        .iter()
        .filter(|mount| mount.entry.table == table && shown(mount));
    mounts
        .map(|mount| {
            (
                mount.entry.shown_path().to_owned(),
                Value::Object(described(mount)),
            )
        })
        .collect()
}

/// One mount. Vault answers 400 for one that is not there, and clients match on its text.
pub(crate) fn one(sys: &Sys, table: TableKind, path: &str) -> Result<Done> {
    let shown = path.trim_matches('/');
    match sys.house.rooms.mounts.at(&whole_path(table, path)) {
        Some(mount) => Ok(Done::data(Value::Object(described(&mount)))),
        None if table == TableKind::Auth => Err(Error::invalid(format!("No auth engine at {shown}/"))),
        None => Err(Error::invalid(format!("No secret engine mount at {shown}/"))),
    }
}

/// What is shown of a mount.
pub(crate) fn described(mount: &Mount) -> Map<String, Value> {
    let entry = &mount.entry;
    let mut shown = members(json!({
        "type": entry.kind,
        "description": entry.description,
        "accessor": entry.accessor,
        "uuid": entry.uuid,
        "local": entry.local,
        "seal_wrap": entry.seal_wrap,
        "external_entropy_access": entry.external_entropy_access,
        "options": entry.options,
        "config": config(&entry.config),
        "plugin_version": "",
        "running_plugin_version": PLUGIN_VERSION,
        "running_sha256": "",
    }));
    if !UNLISTED.contains(&entry.kind.as_str()) {
        shown.insert("deprecation_status".to_owned(), json!("supported"));
    }
    shown
}

/// What is configured: zero is the system's, and what nobody tuned is not there.
fn config(config: &MountConfig) -> Value {
    let mut shown = members(json!({
        "default_lease_ttl": config.default_lease_ttl,
        "max_lease_ttl": config.max_lease_ttl,
        "force_no_cache": config.force_no_cache,
    }));
    tuned(&mut shown, config);
    if let Some(lockout) = &config.user_lockout {
        shown.insert("user_lockout_config".to_owned(), locks(lockout));
    }
    Value::Object(shown)
}

/// Adds what was tuned besides times.
pub(super) fn tuned(shown: &mut Map<String, Value>, config: &MountConfig) {
    let tuning = &config.tuning;
    let lists = [
        ("audit_non_hmac_request_keys", &tuning.audit_non_hmac_request_keys),
        (
            "audit_non_hmac_response_keys",
            &tuning.audit_non_hmac_response_keys,
        ),
        ("passthrough_request_headers", &tuning.passthrough_request_headers),
        ("allowed_response_headers", &tuning.allowed_response_headers),
    ];
    for (name, list) in lists {
        if let Some(list) = list.as_ref().filter(|list| !list.is_empty()) {
            shown.insert(name.to_owned(), json!(list));
        }
    }
    for (name, text) in [
        ("listing_visibility", &tuning.listing_visibility),
        ("token_type", &tuning.token_type),
    ] {
        if let Some(text) = text.as_ref().filter(|text| !text.is_empty()) {
            shown.insert(name.to_owned(), json!(text));
        }
    }
}

/// When users are locked out, as it was tuned.
pub(super) fn locks(lockout: &UserLockout) -> Value {
    json!({
        "user_lockout_threshold": lockout.threshold,
        "user_lockout_duration": lockout.duration,
        "user_lockout_counter_reset_duration": lockout.counter_reset,
        "user_lockout_disable": lockout.disable,
    })
}

pub(super) fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
