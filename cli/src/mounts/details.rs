//! The cells of a mount in a detailed list.

use client::Answer;
use serde_json::{Map, Value};

use crate::audit::replication;
use crate::golang::{self, compact};
use crate::output::cell;

/// The mounts of an answer, each with all the members that Vault's client knows.
pub(crate) fn mounts(answer: &Answer) -> Map<String, Value> {
    let mut mounts = answer
        .data()
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    for mount in mounts.values_mut().filter_map(Value::as_object_mut) {
        for name in [
            "deprecation_status",
            "plugin_version",
            "running_plugin_version",
            "running_sha256",
        ] {
            mount.entry(name).or_insert_with(|| Value::from(""));
        }
    }
    mounts
}

/// A text or number of the mount itself.
pub(crate) fn entry(mount: &Value, name: &str) -> String {
    cell(mount.get(name))
}

/// A time to live of the mount: that of the system unless it says something else.
pub(crate) fn ttl(mount: &Value, name: &str) -> String {
    let ageless = ["system", "cubbyhole"].contains(&entry(mount, "type").as_str());
    match mount
        .get("config")
        .and_then(|config| config.get(name))
        .and_then(Value::as_i64)
    {
        _ if ageless => String::new(),
        None | Some(0) => "system".to_owned(),
        Some(seconds) => compact(seconds),
    }
}

/// A setting of the mount.
pub(crate) fn setting(mount: &Value, name: &str) -> String {
    cell(mount.get("config").and_then(|config| config.get(name)))
}

/// What stands in every detailed list behind the column that is different.
pub(crate) fn common(mount: &Value) -> [String; 10] {
    let options = mount.get("options").filter(|options| !options.is_null());
    [
        replication(mount),
        entry(mount, "seal_wrap"),
        entry(mount, "external_entropy_access"),
        options.map_or("map[]".to_owned(), golang::plain),
        entry(mount, "description"),
        entry(mount, "uuid"),
        entry(mount, "plugin_version"),
        entry(mount, "running_plugin_version"),
        entry(mount, "running_sha256"),
        entry(mount, "deprecation_status"),
    ]
}

/// The headings of [`common`].
pub(crate) const COMMON: [&str; 10] = [
    "Replication",
    "Seal Wrap",
    "External Entropy Access",
    "Options",
    "Description",
    "UUID",
    "Version",
    "Running Version",
    "Running SHA256",
    "Deprecation Status",
];
