//! Mounting.

use logical::field::{CommaList, Flag, Given, KeyValues, Text, parse_duration};
use logical::{Cx, Done, Error, Result, Tuning};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use server_mounts::{MountConfig, MountEntry, TableKind};
use std::collections::BTreeMap;

use super::tune::check_token_kind;
use super::{version, whole_path};
use crate::Sys;

/// Types that the house mounts itself.
const HOUSE_KINDS: [&str; 5] = ["system", "identity", "cubbyhole", "token", "ns_system"];

/// Where no secrets engine is mounted.
pub(crate) const RESERVED: [&str; 5] = ["sys/", "auth/", "identity/", "cubbyhole/", "audit/"];

/// How something is to be mounted.
#[derive(Deserialize, JsonSchema)]
pub(super) struct Enable {
    /// Where to mount it.
    path: String,
    /// The plugin's type; `plugin` to name it by `plugin_name`.
    #[serde(default, rename = "type")]
    kind: Text,
    /// The plugin's type, where `type` is `plugin`.
    #[serde(default)]
    plugin_name: Text,
    /// What operators should know of it.
    #[serde(default)]
    description: Text,
    /// Times to live and tuning.
    #[serde(default)]
    config: Map<String, Value>,
    /// Options of the plugin.
    #[serde(default)]
    options: Given<KeyValues>,
    /// Kept and shown; there is no replication.
    #[serde(default)]
    local: Flag,
    /// Kept and shown; there is no hardware seal.
    #[serde(default)]
    seal_wrap: Flag,
    /// Kept and shown; there is no external entropy.
    #[serde(default)]
    external_entropy_access: Flag,
    /// The plugin's version; only the built-in one can be named.
    #[serde(default)]
    plugin_version: Text,
}

/// Mounts a secrets engine or an auth method.
pub(super) fn enable(sys: &Sys, cx: &Cx, table: TableKind, input: Enable) -> Result<Done> {
    let path = whole_path(table, &input.path);
    check_path(table, &path)?;
    let config = config(&input.config, &sys.house.rooms.mounts)?;
    let (kind, version) = kind(&input)?;
    if table == TableKind::Auth && kind == "token" {
        return Err(Error::invalid("token credential backend cannot be instantiated"));
    }
    if HOUSE_KINDS.contains(&kind.as_str()) {
        return Err(Error::invalid(format!("mount type of {kind:?} is not mountable")));
    }
    if !sys.house.rooms.mounts.factories().has(table, &kind) {
        return Err(Error::invalid(format!("plugin not found in the catalog: {kind}")));
    }
    check_plugin_version(&input, table, &kind)?;
    // Options that are null are shown as null; none at all are none.
    let (mut options, said) = match input.options {
        Given::Value(options) => (options.0, true),
        Given::Absent => (BTreeMap::new(), true),
        Given::Null => (BTreeMap::new(), false),
    };
    if options.contains_key("version") && kind != "kv" {
        let what = if table == TableKind::Auth {
            "auth method"
        } else {
            "secrets engine"
        };
        let text = format!("{what} {kind:?} does not allow setting a version");
        return Err(Error::invalid(text));
    }
    options.extend(version.map(|version| ("version".to_owned(), version.to_owned())));
    let mut entry = MountEntry::new(table, &path, &kind, cx.now, sys.house.random());
    entry.description = input.description.into_string();
    entry.local = input.local.0;
    entry.seal_wrap = input.seal_wrap.0;
    entry.external_entropy_access = input.external_entropy_access.0;
    entry.options = (said || !options.is_empty()).then_some(options);
    entry.config = config;
    if table == TableKind::Auth {
        entry
            .config
            .tuning
            .token_type
            .get_or_insert_with(|| "default-service".to_owned());
    }
    let change = sys.house.rooms.mounts.enable(entry)?;
    Ok(Done::empty().commit(change.batch).then(change.apply))
}

fn check_path(table: TableKind, path: &str) -> Result<()> {
    let bare = path.trim_end_matches('/');
    if bare.is_empty() || bare == "auth" && table == TableKind::Auth {
        return Err(Error::invalid("path cannot be empty"));
    }
    let mut reserved = RESERVED.iter();
    if table == TableKind::Secrets && reserved.any(|taken| path.starts_with(taken)) {
        return Err(Error::invalid(format!("cannot mount {path:?}")));
    }
    if bare.split('/').any(|part| part != part.trim()) {
        return Err(Error::invalid("path must not begin or end in blanks"));
    }
    Ok(())
}

/// One version of each plugin is built in; the newer place of the member is `config`.
fn check_plugin_version(input: &Enable, table: TableKind, kind: &str) -> Result<()> {
    let in_config = input.config.get("plugin_version").and_then(Value::as_str);
    let named = in_config.unwrap_or(input.plugin_version.as_str());
    if version::is_named(named)? {
        let what = if table == TableKind::Auth {
            "auth"
        } else {
            "secrets"
        };
        let text = format!("cannot select non-builtin version of {what} plugin {kind}");
        return Err(Error::invalid(text));
    }
    Ok(())
}

/// The plugin's type, and the KV version that a type like `kv-v2` stands for.
fn kind(input: &Enable) -> Result<(String, Option<&'static str>)> {
    let named = input
        .config
        .get("plugin_name")
        .and_then(Value::as_str)
        .unwrap_or(input.plugin_name.as_str());
    let kind = match input.kind.as_str() {
        "" => return Err(Error::invalid("backend type must be specified as a string")),
        "plugin" if named.is_empty() => {
            return Err(Error::invalid("plugin_name must be provided for plugin backend"));
        }
        "plugin" => named,
        kind => kind,
    };
    Ok(match kind {
        "kv-v1" => ("kv".to_owned(), Some("1")),
        "kv-v2" => ("kv".to_owned(), Some("2")),
        kind => (kind.to_owned(), None),
    })
}

fn config(given: &Map<String, Value>, mounts: &server_mounts::Mounts) -> Result<MountConfig> {
    let unfit = || Error::invalid("unable to convert given mount config information");
    let seconds = |name: &str, label: &str| -> Result<u64> {
        let text = match given.get(name) {
            None | Some(Value::Null) => return Ok(0),
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(_) => return Err(unfit()),
        };
        let parsed = if text == "system" {
            Some(std::time::Duration::ZERO)
        } else {
            parse_duration(&text)
        };
        parsed.map(|ttl| ttl.as_secs()).ok_or_else(|| {
            let text = format!("unable to parse {label} TTL of {text}: time: invalid duration {text:?}");
            Error::invalid(text)
        })
    };
    let config = MountConfig {
        default_lease_ttl: seconds("default_lease_ttl", "default")?,
        max_lease_ttl: seconds("max_lease_ttl", "max")?,
        force_no_cache: match given.get("force_no_cache") {
            None | Some(Value::Null) => false,
            Some(value) => value.as_bool().ok_or_else(unfit)?,
        },
        tuning: tuning(given)?,
        user_lockout: None,
    };
    check_times(&config, mounts)?;
    Ok(config)
}

fn check_times(config: &MountConfig, mounts: &server_mounts::Mounts) -> Result<()> {
    let system = mounts.limits().max_lease_ttl.as_secs();
    if config.max_lease_ttl > 0 && config.default_lease_ttl > config.max_lease_ttl {
        return Err(Error::invalid(
            "given default lease TTL greater than given max lease TTL",
        ));
    }
    if config.max_lease_ttl == 0 && config.default_lease_ttl > system {
        let text = format!("given default lease TTL greater than system max lease TTL of {system}");
        return Err(Error::invalid(text));
    }
    Ok(())
}

fn tuning(given: &Map<String, Value>) -> Result<Tuning> {
    let list = |name: &str| -> Result<Option<Vec<String>>> {
        let Some(value) = given.get(name).filter(|value| !value.is_null()) else {
            return Ok(None);
        };
        let list: CommaList = serde_json::from_value(value.clone())
            .map_err(|_| Error::invalid("unable to convert given mount config information"))?;
        Ok(Some(list.0))
    };
    let text = |name: &str| {
        given
            .get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let listing_visibility = text("listing_visibility");
    check_visibility(listing_visibility.as_deref())?;
    let token_type = text("token_type");
    token_type.as_deref().map_or(Ok(()), check_token_kind)?;
    Ok(Tuning {
        audit_non_hmac_request_keys: list("audit_non_hmac_request_keys")?,
        audit_non_hmac_response_keys: list("audit_non_hmac_response_keys")?,
        passthrough_request_headers: list("passthrough_request_headers")?,
        allowed_response_headers: list("allowed_response_headers")?,
        listing_visibility,
        token_type,
    })
}

/// Refuses what is no visibility.
pub(super) fn check_visibility(visibility: Option<&str>) -> Result<()> {
    match visibility {
        None | Some("" | "hidden" | "unauth") => Ok(()),
        Some(other) => Err(Error::invalid(format!("invalid listing_visibility {other}"))),
    }
}
