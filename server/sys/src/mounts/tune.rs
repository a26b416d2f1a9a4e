//! Tuning.

use logical::field::{CommaList, KeyValues, Text, parse_duration};
use logical::{Done, Error, Result, Tuning};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use server_mounts::{Mount, TableKind, Times, Tune};
use std::collections::BTreeMap;
use std::sync::Arc;

use super::enable::check_visibility;
use super::lockout::LockoutInput;
use super::show::{locks, members, tuned};
use super::{version, whole_path};
use crate::Sys;

/// What is to be tuned; what is not there stays as it is.
#[derive(Deserialize, JsonSchema)]
pub(super) struct TuneInput {
    /// Which mount.
    path: String,
    /// The life of a credential that asks for none; zero or `system` is the system's.
    default_lease_ttl: Option<Text>,
    /// The longest life of a credential; zero or `system` is the system's.
    max_lease_ttl: Option<Text>,
    /// What operators should know of it.
    description: Option<Text>,
    /// Options of the plugin.
    options: Option<KeyValues>,
    /// Members of requests that the audit log shows in the clear.
    audit_non_hmac_request_keys: Option<CommaList>,
    /// Members of answers that the audit log shows in the clear.
    audit_non_hmac_response_keys: Option<CommaList>,
    /// Whether unauthenticated listings show it: `hidden` or `unauth`.
    listing_visibility: Option<Text>,
    /// Headers of requests that the plugin gets to see.
    passthrough_request_headers: Option<CommaList>,
    /// Headers that the plugin may set in answers.
    allowed_response_headers: Option<CommaList>,
    /// What the tokens of an auth method are.
    token_type: Option<Text>,
    /// When users of an auth method are locked out.
    user_lockout_config: Option<LockoutInput>,
    /// The plugin's version; there is one, so none can be named.
    #[serde(default)]
    plugin_version: Text,
}

/// Mounts of which only the audit settings can be tuned.
const PROTECTED: [&str; 3] = ["sys/", "cubbyhole/", "identity/"];

/// What is in force: the system's times where nothing is configured.
pub(super) fn read(sys: &Sys, path: &str) -> Result<Done> {
    let mount = found(sys, TableKind::Secrets, path)?;
    let mut shown = members(json!({
        "default_lease_ttl": mount.facts.default_lease_ttl.as_secs(),
        "max_lease_ttl": mount.facts.max_lease_ttl.as_secs(),
        "force_no_cache": mount.entry.config.force_no_cache,
        "description": mount.entry.description,
    }));
    tuned(&mut shown, &mount.entry.config);
    if let Some(lockout) = &mount.entry.config.user_lockout {
        shown.extend(members(locks(lockout)));
    }
    if let Some(options) = mount.entry.options.as_ref().filter(|options| !options.is_empty()) {
        shown.insert("options".to_owned(), json!(options));
    }
    if mount.entry.external_entropy_access {
        shown.insert("external_entropy_access".to_owned(), json!(true));
    }
    Ok(Done::data(Value::Object(shown)))
}

/// Tunes a mount.
pub(super) fn write(sys: &Sys, table: TableKind, input: TuneInput) -> Result<Done> {
    let path = whole_path(table, &input.path);
    let none = || Error::invalid(format!("tune of path {path:?} failed: no mount entry found"));
    let mount = sys.house.rooms.mounts.at(&path).ok_or_else(none)?;
    check_protected(&mount, &input)?;
    check_plugin_version(&mount, input.plugin_version.as_str())?;
    let user_lockout = match input.user_lockout_config {
        Some(lockout) => lockout.of(&mount)?,
        None => None,
    };
    let visibility = input.listing_visibility.map(Text::into_string);
    check_visibility(visibility.as_deref())?;
    let token_type = input.token_type.map(Text::into_string);
    let token_type = token_type.map(|kind| {
        if kind.is_empty() {
            "default-service".to_owned()
        } else {
            kind
        }
    });
    check_token_type(&mount, token_type.as_deref())?;
    let times = Times {
        default_lease_ttl: seconds(input.default_lease_ttl)?,
        max_lease_ttl: seconds(input.max_lease_ttl)?,
    };
    check_times(sys, &mount, times)?;
    let options = input.options.map(|options| options.0);
    if let Some(version) = options.as_ref().and_then(|options| options.get("version")) {
        check_version(&mount, version)?;
    }
    let list = |list: Option<CommaList>| list.map(|list| list.0);
    let tune = Tune {
        times,
        description: input.description.map(Text::into_string),
        options,
        tuning: Tuning {
            audit_non_hmac_request_keys: list(input.audit_non_hmac_request_keys),
            audit_non_hmac_response_keys: list(input.audit_non_hmac_response_keys),
            passthrough_request_headers: list(input.passthrough_request_headers),
            allowed_response_headers: list(input.allowed_response_headers),
            listing_visibility: visibility,
            token_type,
        },
        user_lockout,
    };
    let upgrades = upgrades(&mount, tune.options.as_ref());
    let change = sys.house.rooms.mounts.tune(&mount, tune)?;
    let house = Arc::clone(&sys.house);
    let done = Done::empty()
        .commit(change.batch)
        .then(change.apply)
        .then(move || house.working.notify_one());
    Ok(if upgrades { done.warn(UPGRADING) } else { done })
}

/// What Vault says when a key/value engine becomes versioned.
const UPGRADING: &str = "Upgrading mount from version 1 to version 2. This mount will be unavailable for a brief period and will resume service shortly.";

fn upgrades(mount: &Mount, options: Option<&BTreeMap<String, String>>) -> bool {
    let version =
        |options: &BTreeMap<String, String>| options.get("version").is_some_and(|version| version == "2");
    mount.entry.kind == "kv"
        && options.is_some_and(version)
        && !mount.entry.options.as_ref().is_some_and(version)
}

fn found(sys: &Sys, table: TableKind, path: &str) -> Result<Arc<Mount>> {
    let mount = sys.house.rooms.mounts.at(&whole_path(table, path));
    mount.ok_or_else(|| {
        Error::invalid(format!(
            "cannot fetch sysview for path {:?}",
            whole_path(table, path)
        ))
    })
}

pub(super) fn seconds(text: Option<Text>) -> Result<Option<u64>> {
    let Some(text) = text else { return Ok(None) };
    match text.as_str() {
        "" => Ok(None),
        "system" => Ok(Some(0)),
        text => match parse_duration(text) {
            Some(ttl) => Ok(Some(ttl.as_secs())),
            None => Err(Error::invalid(format!(
                "time: invalid duration {text:?}; expected one such as 1h30m"
            ))),
        },
    }
}

/// The house's own mounts are as they are.
fn check_protected(mount: &Mount, input: &TuneInput) -> Result<()> {
    let path = mount.entry.path.as_str();
    if !PROTECTED.contains(&path) {
        return Ok(());
    }
    let asked = [
        ("default_lease_ttl", input.default_lease_ttl.is_some()),
        ("max_lease_ttl", input.max_lease_ttl.is_some()),
        ("description", input.description.is_some()),
        ("options", input.options.is_some()),
        ("listing_visibility", input.listing_visibility.is_some()),
        (
            "passthrough_request_headers",
            input.passthrough_request_headers.is_some(),
        ),
        (
            "allowed_response_headers",
            input.allowed_response_headers.is_some(),
        ),
        ("token_type", input.token_type.is_some()),
        ("user_lockout_config", input.user_lockout_config.is_some()),
        ("plugin_version", !input.plugin_version.as_str().is_empty()),
    ];
    match asked.into_iter().find(|(_, is_there)| *is_there) {
        Some((name, _)) => Err(Error::invalid(format!("cannot tune parameter {name} of {path}"))),
        None => Ok(()),
    }
}

fn check_plugin_version(mount: &Mount, version: &str) -> Result<()> {
    if version::is_named(version)? {
        let text = format!(
            "plugin not found in the catalog: {}, version={version}",
            mount.entry.kind
        );
        return Err(Error::invalid(text));
    }
    Ok(())
}

fn check_times(sys: &Sys, mount: &Mount, times: Times) -> Result<()> {
    let config = &mount.entry.config;
    let system = sys.house.rooms.mounts.limits();
    let or =
        |seconds: u64, system: std::time::Duration| if seconds == 0 { system.as_secs() } else { seconds };
    let default = times.default_lease_ttl.unwrap_or(config.default_lease_ttl);
    let max = or(
        times.max_lease_ttl.unwrap_or(config.max_lease_ttl),
        system.max_lease_ttl,
    );
    if default > max {
        let text = format!(
            "backend max lease TTL of {max} would be less than backend default lease TTL of {default}"
        );
        return Err(Error::invalid(text));
    }
    Ok(())
}

fn check_token_type(mount: &Mount, token_type: Option<&str>) -> Result<()> {
    match token_type {
        None => Ok(()),
        Some(_) if mount.entry.table == TableKind::Secrets => {
            Err(Error::invalid("'token_type' can only be modified on auth mounts"))
        }
        Some(_) if mount.entry.kind == "token" => Err(Error::invalid(
            "'token_type' cannot be set for 'token' or 'ns_token' auth mounts",
        )),
        Some(kind) => check_token_kind(kind),
    }
}

/// Refuses what tokens cannot be.
pub(super) fn check_token_kind(kind: &str) -> Result<()> {
    match kind {
        "service" | "batch" | "default-service" | "default-batch" => Ok(()),
        _ => Err(Error::invalid("invalid value for 'token_type'")),
    }
}

fn check_version(mount: &Mount, version: &str) -> Result<()> {
    let present = mount
        .entry
        .options
        .as_ref()
        .and_then(|options| options.get("version"))
        .map_or("1", String::as_str);
    match (mount.entry.kind.as_str(), version) {
        ("kv", "1") if present == "2" => Err(Error::invalid("cannot downgrade mount from version 2")),
        ("kv", "1" | "2") => Ok(()),
        ("kv", other) => Err(Error::invalid(format!("invalid version provided: {other}"))),
        (kind, _) => Err(Error::invalid(format!(
            "secrets engine {kind:?} does not allow setting a version"
        ))),
    }
}
