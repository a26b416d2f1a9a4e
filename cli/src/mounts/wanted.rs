//! A mount that is to be made.

use std::collections::BTreeMap;

use client::Request;
use serde::Serialize;

use super::settings;
use crate::flags::Parsed;
use crate::paths;
use crate::session::Session;

/// The request's members, in the order of Vault's client.
#[derive(Serialize)]
struct Wanted<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    description: &'a str,
    config: Config<'a>,
    local: bool,
    seal_wrap: bool,
    external_entropy_access: bool,
    options: Option<BTreeMap<String, String>>,
}

#[derive(Serialize)]
struct Config<'a> {
    options: Option<()>,
    default_lease_ttl: String,
    max_lease_ttl: String,
    force_no_cache: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    audit_non_hmac_request_keys: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    audit_non_hmac_response_keys: Vec<String>,
    #[serde(skip_serializing_if = "str::is_empty")]
    listing_visibility: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    passthrough_request_headers: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    allowed_response_headers: Vec<String>,
    #[serde(skip_serializing_if = "str::is_empty")]
    token_type: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    plugin_version: &'a str,
}

/// Which mount is wanted.
pub(crate) struct Place {
    /// The type.
    pub(crate) kind: String,
    /// The path, with a slash at its end.
    pub(crate) path: String,
}

impl Place {
    /// Reads it off the command line. Without a path, a mount is where its type, or its plugin, says.
    pub(crate) fn of(session: &Session<'_>) -> Self {
        let mut kind = session.argument(0).trim().to_owned();
        let plugin = session.flags.text(&settings::PLUGIN_NAME);
        if kind == "plugin" && !plugin.is_empty() {
            kind = plugin.to_owned();
        }
        let path = match session.flags.text(&settings::PATH) {
            "" => paths::mount(&kind),
            path => paths::mount(path),
        };
        Self { kind, path }
    }
}

/// The request that makes it, below `sys/mounts/` or `sys/auth/`.
pub(crate) fn request(below: &str, place: &Place, flags: &Parsed) -> Request {
    let wanted = Wanted {
        kind: &place.kind,
        description: flags.text(&settings::DESCRIPTION),
        config: config(flags),
        local: flags.switch(&settings::LOCAL),
        seal_wrap: flags.switch(&settings::SEAL_WRAP),
        external_entropy_access: flags.switch(&settings::EXTERNAL_ENTROPY_ACCESS),
        options: options(flags),
    };
    let body = serde_json::to_string(&wanted).unwrap_or_default();
    Request::post(&format!("{below}/{}", place.path.trim_end_matches('/'))).text(body)
}

/// The plugin's options; `-version` is one of them.
pub(super) fn options(flags: &Parsed) -> Option<BTreeMap<String, String>> {
    let mut options = flags.pairs(&settings::OPTIONS);
    if flags.is_given(&settings::VERSION) {
        options.insert(
            "version".to_owned(),
            flags.integer(&settings::VERSION).to_string(),
        );
    }
    (!options.is_empty()).then_some(options)
}

fn config(flags: &Parsed) -> Config<'_> {
    Config {
        options: None,
        default_lease_ttl: flags.duration(&settings::DEFAULT_LEASE_TTL).full(),
        max_lease_ttl: flags.duration(&settings::MAX_LEASE_TTL).full(),
        force_no_cache: flags.switch(&settings::FORCE_NO_CACHE),
        audit_non_hmac_request_keys: flags.words(&settings::AUDIT_NON_HMAC_REQUEST_KEYS),
        audit_non_hmac_response_keys: flags.words(&settings::AUDIT_NON_HMAC_RESPONSE_KEYS),
        listing_visibility: flags.text(&settings::LISTING_VISIBILITY),
        passthrough_request_headers: flags.words(&settings::PASSTHROUGH_REQUEST_HEADERS),
        allowed_response_headers: flags.words(&settings::ALLOWED_RESPONSE_HEADERS),
        token_type: flags.text(&settings::TOKEN_TYPE),
        plugin_version: flags.text(&settings::PLUGIN_VERSION),
    }
}
