//! Changed settings of a mount.

use serde_json::{Map, Value, json};

use super::{settings, wanted};
use crate::flags::{Flag, Parsed};

/// The settings that were given. What is not named stays as it is.
pub(crate) fn given(flags: &Parsed) -> Value {
    let mut given = Map::new();
    let mut set = |flag: &Flag, value: Value| {
        if flags.is_given(flag) {
            given.insert(flag.name.replace('-', "_"), value);
        }
    };
    for flag in [&settings::DEFAULT_LEASE_TTL, &settings::MAX_LEASE_TTL] {
        set(flag, json!(flags.duration(flag).full()));
    }
    for flag in [
        &settings::DESCRIPTION,
        &settings::LISTING_VISIBILITY,
        &settings::TOKEN_TYPE,
        &settings::PLUGIN_VERSION,
    ] {
        set(flag, json!(flags.text(flag)));
    }
    for flag in [
        &settings::AUDIT_NON_HMAC_REQUEST_KEYS,
        &settings::AUDIT_NON_HMAC_RESPONSE_KEYS,
        &settings::PASSTHROUGH_REQUEST_HEADERS,
        &settings::ALLOWED_RESPONSE_HEADERS,
    ] {
        set(flag, json!(flags.words(flag)));
    }
    if let Some(options) = wanted::options(flags) {
        given.insert("options".to_owned(), json!(options));
    }
    let lockout = lockout(flags);
    if !lockout.is_empty() {
        given.insert("user_lockout_config".to_owned(), Value::Object(lockout));
    }
    Value::Object(given)
}

fn lockout(flags: &Parsed) -> Map<String, Value> {
    let mut lockout = Map::new();
    let mut set = |flag: &Flag, name: &str, value: Value| {
        if flags.is_given(flag) {
            lockout.insert(name.to_owned(), value);
        }
    };
    let threshold = &settings::USER_LOCKOUT_THRESHOLD;
    set(threshold, "lockout_threshold", json!(flags.text(threshold)));
    let duration = &settings::USER_LOCKOUT_DURATION;
    set(
        duration,
        "lockout_duration",
        json!(flags.duration(duration).full()),
    );
    let reset = &settings::USER_LOCKOUT_COUNTER_RESET_DURATION;
    set(
        reset,
        "lockout_counter_reset_duration",
        json!(flags.duration(reset).full()),
    );
    let disable = &settings::USER_LOCKOUT_DISABLE;
    set(disable, "lockout_disable", json!(flags.switch(disable)));
    lockout
}
