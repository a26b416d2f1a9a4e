//! The settings of a secret, as flags.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::flags::{Flag, Parsed};
use crate::golang::Seconds;

pub(super) static CAS_REQUIRED: Flag = Flag::switch(
    "cas-required",
    "Refuse writes that do not say which version they replace.",
)
.default("false");
pub(super) static MAX_VERSIONS: Flag = Flag::integer("max-versions", "How many versions are kept.");
pub(super) static DELETE_VERSION_AFTER: Flag =
    Flag::duration("delete-version-after", "After which time a version is deleted.");
pub(super) static CUSTOM_METADATA: Flag = Flag::pairs(
    "custom-metadata",
    "An entry of one's own, as key=value. May be given several times.",
);

/// The settings that were given.
pub(super) fn given(flags: &Parsed) -> Map<String, Value> {
    let mut settings = Map::new();
    if flags.is_given(&MAX_VERSIONS) {
        settings.insert("max_versions".to_owned(), json!(flags.integer(&MAX_VERSIONS)));
    }
    if flags.is_given(&CAS_REQUIRED) {
        settings.insert("cas_required".to_owned(), json!(flags.switch(&CAS_REQUIRED)));
    }
    if flags.is_given(&DELETE_VERSION_AFTER) {
        let Seconds(seconds) = flags.duration(&DELETE_VERSION_AFTER);
        settings.insert("delete_version_after".to_owned(), json!(Seconds(seconds).full()));
    }
    let entries: BTreeMap<String, String> = flags.pairs(&CUSTOM_METADATA);
    if !entries.is_empty() {
        settings.insert("custom_metadata".to_owned(), json!(entries));
    }
    settings
}
