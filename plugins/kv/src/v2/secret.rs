//! What the row of a secret says: its versions, its settings, and how they change. No input or output.

use super::settings::{Settings, is_default};
use logical::{Id, Time};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The row of a secret. What its versions hold lies in rows of their own, so that this one stays small.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Secret {
    /// When it was written first.
    #[serde(rename = "c")]
    pub(super) created: Time,
    /// When a version was added or its metadata was changed last.
    #[serde(rename = "u")]
    pub(super) updated: Time,
    /// The versions that are kept. Invariant: sorted by number.
    #[serde(rename = "v", default, skip_serializing_if = "is_default")]
    pub(super) versions: Vec<Version>,
    /// The number of the latest version, kept or not; zero before the first.
    #[serde(rename = "n", default, skip_serializing_if = "is_default")]
    pub(super) current: u64,
    /// The oldest version that is kept; zero as long as none had to go, as in Vault.
    #[serde(rename = "o", default, skip_serializing_if = "is_default")]
    pub(super) oldest: u64,
    /// What it is set to.
    #[serde(rename = "s", default, skip_serializing_if = "is_default")]
    pub(super) settings: Settings,
    /// How often its metadata were changed.
    #[serde(rename = "r", default, skip_serializing_if = "is_default")]
    pub(super) metadata_version: u64,
    /// What people noted about it.
    #[serde(rename = "k", default, skip_serializing_if = "is_default")]
    pub(super) custom: BTreeMap<String, String>,
}

/// One version of a secret, without what is in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Version {
    /// Counted from one.
    #[serde(rename = "n")]
    pub(super) number: u64,
    /// When it was written.
    #[serde(rename = "c")]
    created: Time,
    /// When it was deleted, or will be.
    #[serde(rename = "d", default, skip_serializing_if = "is_default")]
    deletion: Option<Time>,
    /// The row of its data; `None` once that is destroyed.
    #[serde(rename = "i", default, skip_serializing_if = "is_default")]
    data: Option<Id>,
}

impl Secret {
    /// A secret without a version.
    pub(super) fn new(now: Time) -> Self {
        Self {
            created: now,
            updated: now,
            versions: Vec::new(),
            current: 0,
            oldest: 0,
            settings: Settings::default(),
            metadata_version: 0,
            custom: BTreeMap::new(),
        }
    }

    /// A version by its number. Zero and less mean the latest, as in Vault.
    pub(super) fn version(&self, number: i64) -> Option<&Version> {
        let number = match u64::try_from(number) {
            Ok(0) | Err(_) => self.current,
            Ok(number) => number,
        };
        let place = self
            .versions
            .binary_search_by_key(&number, |version| version.number);
        self.versions.get(place.ok()?)
    }

    /// The versions of these numbers that are kept, to change them.
    pub(super) fn versions_mut(&mut self, numbers: &BTreeSet<u64>) -> impl Iterator<Item = &mut Version> {
        let versions = self.versions.iter_mut();
        versions.filter(|version| numbers.contains(&version.number))
    }

    /// Adds a version whose data lie in a row of this id, and forgets the oldest where they become too many. Gives the
    /// version, and the rows of those that are forgotten.
    pub(super) fn add(&mut self, data: Id, engine: &Settings, now: Time) -> (Version, Vec<Id>) {
        self.current += 1;
        self.updated = now;
        let version = Version {
            number: self.current,
            created: now,
            deletion: engine.deletion(&self.settings, now),
            data: Some(data),
        };
        self.versions.push(version.clone());
        let kept = engine.versions_kept(&self.settings);
        // Vault counts from the oldest, even if that was forgotten under a smaller number than today's.
        if self.current.saturating_sub(self.oldest) >= kept {
            self.oldest = self.current.saturating_sub(kept) + 1;
        }
        let oldest = self.oldest;
        let first_kept = self.versions.partition_point(|version| version.number < oldest);
        let forgotten = self.versions.drain(..first_kept);
        (version, forgotten.filter_map(|version| version.data).collect())
    }

    /// The rows of all data.
    pub(super) fn data(&self) -> impl Iterator<Item = Id> {
        self.versions.iter().filter_map(|version| version.data)
    }

    /// What answers say of a version.
    pub(super) fn describe(&self, version: &Version) -> Value {
        let mut members = version.show();
        members.insert("version".to_owned(), version.number.into());
        members.insert("custom_metadata".to_owned(), self.show_custom());
        Value::Object(members)
    }

    /// What answers say of the secret as a whole.
    pub(super) fn show(&self) -> Value {
        let versions = self.versions.iter();
        let versions: Map<String, Value> = versions
            .map(|version| (version.number.to_string(), Value::Object(version.show())))
            .collect();
        json!({
            "cas_required": self.settings.cas_required,
            "created_time": self.created.to_string(),
            "current_metadata_version": self.metadata_version,
            "current_version": self.current,
            "custom_metadata": self.show_custom(),
            "delete_version_after": self.settings.delete_version_after.to_string(),
            "max_versions": self.settings.max_versions,
            "metadata_cas_required": self.settings.metadata_cas_required,
            "oldest_version": self.oldest,
            "updated_time": self.updated.to_string(),
            "versions": versions,
        })
    }

    /// Vault shows null for none.
    fn show_custom(&self) -> Value {
        if self.custom.is_empty() {
            Value::Null
        } else {
            json!(self.custom)
        }
    }
}

impl Version {
    /// The row of its data, if they may be read at this moment.
    pub(super) fn readable(&self, now: Time) -> Option<Id> {
        self.data.filter(|_| !self.is_deleted(now))
    }

    /// Hides it; whether that changed anything.
    pub(super) fn delete(&mut self, now: Time) -> bool {
        let live = self.readable(now).is_some();
        if live {
            self.deletion = Some(now);
        }
        live
    }

    /// Shows it again, until `deletion` comes; whether that changed anything.
    pub(super) fn undelete(&mut self, deletion: Option<Time>) -> bool {
        let changes = self.data.is_some() && self.deletion != deletion;
        if changes {
            self.deletion = deletion;
        }
        changes
    }

    /// Gives up its data for ever: the row that goes.
    pub(super) fn destroy(&mut self) -> Option<Id> {
        self.data.take()
    }

    fn is_deleted(&self, now: Time) -> bool {
        self.deletion.is_some_and(|deletion| deletion <= now)
    }

    fn show(&self) -> Map<String, Value> {
        let deletion = self.deletion.map(|time| time.to_string()).unwrap_or_default();
        Map::from_iter([
            ("created_time".to_owned(), self.created.to_string().into()),
            ("deletion_time".to_owned(), deletion.into()),
            ("destroyed".to_owned(), self.data.is_none().into()),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::v2::settings::DeleteAfter;

    fn at(second: i64) -> Time {
        Time::from_second(second).unwrap()
    }

    fn id(number: u64) -> Id {
        format!("{number:024}").parse().unwrap()
    }

    /// A secret with versions written at seconds 1, 2, 3, …, whose data have the ids 1, 2, 3, …
    fn written(versions: u64, engine: &Settings) -> Secret {
        let mut secret = Secret::new(at(1));
        for number in 1..=versions {
            secret.add(id(number), engine, at(number.try_into().unwrap()));
        }
        secret
    }

    fn kept(secret: &Secret) -> (u64, Vec<u64>) {
        (secret.oldest, secret.versions.iter().map(|v| v.number).collect())
    }

    #[test]
    fn versions_are_forgotten_as_vault_forgets_them() {
        let mut engine = Settings::default();
        assert_eq!(kept(&written(9, &engine)), (0, (1..=9).collect()));
        assert_eq!(kept(&written(10, &engine)), (1, (1..=10).collect()));
        let mut secret = written(12, &engine);
        assert_eq!(kept(&secret), (3, (3..=12).collect()));
        engine.max_versions = 3;
        let (version, forgotten) = secret.add(id(13), &engine, at(13));
        assert_eq!(version.number, 13);
        assert_eq!(forgotten, (3..=10).map(id).collect::<Vec<_>>());
        secret.settings.max_versions = 5;
        secret.add(id(14), &engine, at(14));
        assert_eq!(kept(&secret), (11, (11..=14).collect()));
    }

    #[test]
    fn zero_is_the_latest_version() {
        let secret = written(3, &Settings::default());
        let number = |asked| secret.version(asked).map(|version| version.number);
        assert_eq!(
            [number(0), number(-1), number(2), number(4)],
            [Some(3), Some(3), Some(2), None]
        );
    }

    #[test]
    fn a_deleted_version_comes_back_and_a_destroyed_one_does_not() {
        let mut secret = written(1, &Settings::default());
        let version = secret.versions_mut(&[1, 9].into()).next().unwrap();
        assert!(version.delete(at(5)) && version.readable(at(5)).is_none());
        assert!(!version.delete(at(6)), "it is deleted already");
        assert!(version.undelete(None) && version.readable(at(7)) == Some(id(1)));
        assert!(!version.undelete(None), "it is there already");
        assert_eq!((version.destroy(), version.destroy()), (Some(id(1)), None));
        assert!(!version.undelete(None) && !version.delete(at(8)));
    }

    #[test]
    fn a_version_is_deleted_when_its_time_comes() {
        let engine = Settings {
            delete_version_after: DeleteAfter::Seconds(10),
            ..Settings::default()
        };
        let mut secret = written(1, &engine);
        let version = secret.versions_mut(&[1].into()).next().unwrap();
        assert_eq!(
            [version.readable(at(10)), version.readable(at(11))],
            [Some(id(1)), None]
        );
        assert!(
            version.delete(at(5)),
            "a time that has not come yet is no deletion"
        );
    }

    #[test]
    fn a_row_is_small_and_read_back_as_it_was() {
        let text = serde_json::to_string(&written(1, &Settings::default())).unwrap();
        assert_eq!(
            text,
            r#"{"c":"1970-01-01T00:00:01Z","u":"1970-01-01T00:00:01Z","v":[{"n":1,"c":"1970-01-01T00:00:01Z","i":"000000000000000000000001"}],"n":1}"#
        );
        let secret: Secret = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&secret).unwrap(), text);
    }

    #[test]
    fn times_are_shown_to_the_nanosecond_in_utc() {
        let now = Time::new(1_764_000_000, 120_000_000).unwrap();
        assert_eq!(Secret::new(now).show()["created_time"], "2025-11-24T16:00:00.12Z");
    }
}
