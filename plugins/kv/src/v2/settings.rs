//! What an engine and each of its secrets are set to: the same four settings on two floors, and which one counts.

use logical::field::{Flag, Given, Integer, format_duration, parse_duration};
use logical::{Error, Result, Time};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

/// How many versions are kept where nobody says; Vault's number.
const VERSIONS_KEPT: u64 = 10;

/// What an engine or a secret is set to. Names are short because every secret's row carries them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Settings {
    /// How many versions are kept; zero is not set.
    #[serde(rename = "m", skip_serializing_if = "is_default")]
    pub(super) max_versions: u32,
    /// Whether a write must say which version it expects.
    #[serde(rename = "c", skip_serializing_if = "is_default")]
    pub(super) cas_required: bool,
    /// Whether a change of metadata must say which one it expects.
    #[serde(rename = "s", skip_serializing_if = "is_default")]
    pub(super) metadata_cas_required: bool,
    /// When a version deletes itself.
    #[serde(rename = "d", skip_serializing_if = "is_default")]
    pub(super) delete_version_after: DeleteAfter,
}

/// When a version deletes itself, counted from its writing. Kept in whole seconds, with -1 for never.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(into = "i64")]
pub(super) enum DeleteAfter {
    /// Nothing is said here.
    #[default]
    Unset,
    /// Never, whatever the other floor says.
    Never,
    /// After this many seconds.
    Seconds(u64),
}

/// What a request changes of the settings; what it does not name stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct SettingsChange {
    max_versions: Option<u32>,
    cas_required: Option<bool>,
    metadata_cas_required: Option<bool>,
    delete_version_after: Option<DeleteAfter>,
}

pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Read on an engine's settings, asked about one of its secrets.
impl Settings {
    /// How many versions of the secret are kept: the larger number counts.
    pub(super) fn versions_kept(&self, secret: &Self) -> u64 {
        match self.max_versions.max(secret.max_versions) {
            0 => VERSIONS_KEPT,
            most => u64::from(most),
        }
    }

    /// When a version that becomes readable now deletes itself: the shorter time counts.
    pub(super) fn deletion(&self, secret: &Self, now: Time) -> Option<Time> {
        let seconds = match (self.delete_version_after, secret.delete_version_after) {
            (DeleteAfter::Never, _) | (_, DeleteAfter::Never) => return None,
            (DeleteAfter::Unset, DeleteAfter::Unset) => return None,
            (DeleteAfter::Seconds(engine), DeleteAfter::Seconds(secret)) => engine.min(secret),
            (DeleteAfter::Seconds(only), DeleteAfter::Unset) => only,
            (DeleteAfter::Unset, DeleteAfter::Seconds(only)) => only,
        };
        // A time beyond the calendar never comes.
        now.checked_add(Duration::from_secs(seconds)).ok()
    }

    /// Whether a write to the secret must say which version it expects.
    pub(super) fn requires_cas(&self, secret: &Self) -> bool {
        self.cas_required || secret.cas_required
    }

    /// Whether a change of the secret's metadata must say which one it expects.
    pub(super) fn requires_metadata_cas(&self, secret: &Self) -> bool {
        self.metadata_cas_required || secret.metadata_cas_required
    }

    /// What the client is told of a change of the secret that these settings overrule.
    pub(super) fn overruled(&self, change: &SettingsChange) -> Vec<String> {
        let overruled = [
            ("cas_required", self.cas_required, change.cas_required),
            (
                "metadata_cas_required",
                self.metadata_cas_required,
                change.metadata_cas_required,
            ),
        ];
        let refused = overruled
            .into_iter()
            .filter(|(_, mandated, wish)| *mandated && *wish == Some(false));
        refused
            .map(|(name, ..)| {
                format!(
                    "{name:?} set to false, but is mandated by backend config. This value will be ignored."
                )
            })
            .collect()
    }
}

impl SettingsChange {
    /// What the members of a request change. Null clears, except a time: Vault leaves that as it is.
    pub(super) fn of(
        max_versions: Given<Integer>,
        cas_required: Given<Flag>,
        metadata_cas_required: Given<Flag>,
        delete_version_after: Option<DeleteAfter>,
    ) -> Result<Self> {
        let max_versions = max_versions
            .or_cleared(Integer(0))
            .map(|most| u32::try_from(most.0));
        Ok(Self {
            max_versions: max_versions
                .transpose()
                .map_err(|_| Error::invalid("max_versions must be a number from 0 to 4294967295"))?,
            cas_required: cas_required.or_cleared(Flag(false)).map(|flag| flag.0),
            metadata_cas_required: metadata_cas_required.or_cleared(Flag(false)).map(|flag| flag.0),
            delete_version_after,
        })
    }

    /// Whether nothing is changed.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Changes the settings.
    pub(super) fn apply(&self, settings: &mut Settings) {
        let set = settings.clone();
        *settings = Settings {
            max_versions: self.max_versions.unwrap_or(set.max_versions),
            cas_required: self.cas_required.unwrap_or(set.cas_required),
            metadata_cas_required: self.metadata_cas_required.unwrap_or(set.metadata_cas_required),
            delete_version_after: self.delete_version_after.unwrap_or(set.delete_version_after),
        };
    }
}

/// As Vault prints it.
impl fmt::Display for DeleteAfter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unset => f.write_str("0s"),
            Self::Never => f.write_str("-1s"),
            Self::Seconds(seconds) => f.write_str(&format_duration(Duration::from_secs(*seconds))),
        }
    }
}

impl From<DeleteAfter> for i64 {
    fn from(after: DeleteAfter) -> Self {
        match after {
            DeleteAfter::Unset => 0,
            DeleteAfter::Never => -1,
            DeleteAfter::Seconds(seconds) => Self::try_from(seconds).unwrap_or(Self::MAX),
        }
    }
}

/// Reads what a client sends and what a row holds: a duration, or a number of seconds. Every negative one means never.
impl<'de> Deserialize<'de> for DeleteAfter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = match Value::deserialize(deserializer)? {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            _ => return Err(D::Error::custom("expected a duration such as 1h30m")),
        };
        let (size, negative) = match text.trim().strip_prefix('-') {
            Some(size) => (size, true),
            None => (text.as_str(), false),
        };
        let duration = parse_duration(size);
        let seconds = duration.map(|duration| duration.as_secs());
        match seconds {
            Some(0) => Ok(Self::Unset),
            Some(_) if negative => Ok(Self::Never),
            Some(seconds) => Ok(Self::Seconds(seconds)),
            None => Err(D::Error::custom("expected a duration such as 1h30m")),
        }
    }
}

impl JsonSchema for DeleteAfter {
    fn schema_name() -> Cow<'static, str> {
        "DeleteAfter".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "seconds" })
    }

    fn inline_schema() -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn settings(max_versions: u32, delete_version_after: DeleteAfter) -> Settings {
        Settings {
            max_versions,
            delete_version_after,
            ..Settings::default()
        }
    }

    #[test]
    fn durations_are_read_in_every_spelling() {
        let check = |sent: Value, shown: Option<&str>| {
            let after = serde_json::from_value::<DeleteAfter>(sent.clone()).ok();
            assert_eq!(after.map(|a| a.to_string()).as_deref(), shown, "{sent}");
            let stored = after.map(|after| serde_json::to_value(after).unwrap());
            assert_eq!(
                stored.map(|s| serde_json::from_value(s).unwrap()),
                after,
                "{sent}, stored"
            );
        };
        check(json!(3600), Some("1h0m0s"));
        check(json!("3600"), Some("1h0m0s"));
        check(json!("1d"), Some("24h0m0s"));
        check(json!("1500ms"), Some("1s"));
        check(json!(""), Some("0s"));
        check(json!("-24h"), Some("-1s"));
        check(json!(-5), Some("-1s"));
        for refused in [
            json!("soon"),
            json!("1h30"),
            json!(1.5),
            json!("1y"),
            json!([1]),
            json!(true),
        ] {
            check(refused, None);
        }
    }

    #[test]
    fn the_larger_number_of_versions_counts() {
        let kept = |engine, secret| {
            settings(engine, DeleteAfter::Unset).versions_kept(&settings(secret, DeleteAfter::Unset))
        };
        assert_eq!([kept(0, 0), kept(3, 0), kept(3, 5), kept(3, 1)], [10, 3, 5, 3]);
    }

    #[test]
    fn the_shorter_time_counts_and_never_beats_it() {
        use DeleteAfter::{Never, Seconds, Unset};
        let check = |engine, secret, expected: Option<i64>| {
            let time = settings(0, engine).deletion(&settings(0, secret), Time::UNIX_EPOCH);
            assert_eq!(time.map(|time| time.as_second()), expected);
        };
        check(Unset, Unset, None);
        check(Seconds(60), Unset, Some(60));
        check(Seconds(60), Seconds(90), Some(60));
        check(Seconds(60), Seconds(30), Some(30));
        check(Unset, Seconds(30), Some(30));
        check(Never, Seconds(30), None);
        check(Seconds(u64::MAX), Unset, None);
    }

    #[test]
    fn only_what_is_named_changes() {
        let mut settings = settings(5, DeleteAfter::Seconds(60));
        settings.cas_required = true;
        let change = |max, cas| SettingsChange::of(max, cas, Given::Absent, None);
        change(Given::Value(Integer(7)), Given::Absent)
            .unwrap()
            .apply(&mut settings);
        assert_eq!((settings.max_versions, settings.cas_required), (7, true));
        change(Given::Null, Given::Null).unwrap().apply(&mut settings);
        assert_eq!((settings.max_versions, settings.cas_required), (0, false));
        assert_eq!(settings.delete_version_after, DeleteAfter::Seconds(60));
        assert!(change(Given::Absent, Given::Absent).unwrap().is_empty());
        assert!(change(Given::Value(Integer(-1)), Given::Absent).is_err());
    }
}
