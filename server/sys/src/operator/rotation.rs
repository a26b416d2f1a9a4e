//! `sys/rotate*` without shares: new data keys, a new root key, and when data keys are replaced by themselves.

use logical::field::{Flag, Integer, Ttl, format_duration};
use logical::{Access, Batch, Done, Error, Key, Operation, Result, Route, Storage, Table, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::ops::RangeInclusive;
use std::time::Duration;

use crate::mounts::Nothing;
use crate::{KeyInUse, Sys};

/// Vault's bounds: a key is not replaced all the time, and well before it has sealed 2³² records.
const OPERATIONS: RangeInclusive<i64> = 1_000_000..=3_865_470_566;
const INTERVAL_MIN: Duration = Duration::from_secs(24 * 3600);

/// When a data key is replaced by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotationSettings {
    /// Whether it is at all.
    enabled: bool,
    /// After how many records.
    max_operations: u64,
    /// After which time; zero is never.
    interval: Duration,
}

/// What is to change; what is not said stays.
#[derive(Deserialize, JsonSchema)]
struct Change {
    /// Whether data keys are replaced by themselves.
    enabled: Option<Flag>,
    /// After how many records: 1000000 to 3865470566.
    max_operations: Option<Integer>,
    /// After which time, at least 24 hours; zero is never.
    interval: Option<Ttl>,
}

pub(super) fn routes(table: Table<Sys>) -> Table<Sys> {
    table
        .route("rotate", Access::Sudo, new_data_key)
        .route("rotate/keyring", Access::Sudo, new_data_key)
        .route("rotate/config", Access::Token, settings)
        .route("rotate/keyring/config", Access::Token, settings)
        .route("rotate/root", Access::Sudo, |r| {
            r.on(
                Operation::Update,
                "Make a new root key; the key shares stay.",
                |sys, _, _: Nothing| async move {
                    sys.operator.keyholders().rotate_root().await?;
                    Ok(Done::empty())
                },
            );
        })
}

fn new_data_key(route: &mut Route<Sys>) {
    route.on(
        Operation::Update,
        "Make a new data key.",
        |sys, _, _: Nothing| async move {
            sys.operator.rotate().await?;
            Ok(Done::empty())
        },
    );
}

fn settings(route: &mut Route<Sys>) {
    route
        .on(
            Operation::Read,
            "Read when data keys are replaced by themselves.",
            |sys, _, _: Nothing| async move {
                let settings = RotationSettings::stored(sys.house.store.as_ref()).await?;
                Ok(Done::data(settings.shown()))
            },
        )
        .on(
            Operation::Update,
            "Say when data keys are replaced by themselves.",
            |sys, _, change: Change| async move {
                let settings = RotationSettings::stored(sys.house.store.as_ref()).await?;
                let mut batch = Batch::new();
                batch.put_json(RotationSettings::key(), &settings.changed(&change)?)?;
                Ok(Done::empty().commit(batch))
            },
        );
}

impl RotationSettings {
    /// The settings that are in force.
    pub async fn stored(storage: &dyn Storage) -> Result<Self> {
        let row = storage.get(&Self::key()).await?;
        row.map_or_else(|| Ok(Self::default()), |row| row.json())
    }

    /// Whether a data key has served its time.
    pub fn is_due(&self, key: &KeyInUse, now: Time) -> bool {
        let is_old = !self.interval.is_zero() && key.installed + self.interval <= now;
        self.enabled && (is_old || key.encryptions >= self.max_operations)
    }

    fn key() -> Key {
        Key::of("config").fixed("rotation")
    }

    fn changed(mut self, change: &Change) -> Result<Self> {
        if let Some(Flag(enabled)) = change.enabled {
            self.enabled = enabled;
        }
        if let Some(Integer(operations)) = change.max_operations {
            let allowed = OPERATIONS.contains(&operations);
            self.max_operations = u64::try_from(operations)
                .ok()
                .filter(|_| allowed)
                .ok_or_else(|| {
                    let (from, to) = (OPERATIONS.start(), OPERATIONS.end());
                    Error::invalid(format!("max_operations must be in the range [{from},{to}]"))
                })?;
        }
        if let Some(Ttl(interval)) = change.interval {
            if !interval.is_zero() && interval < INTERVAL_MIN {
                let least = format_duration(INTERVAL_MIN);
                return Err(Error::invalid(format!(
                    "interval must be greater or equal to {least}"
                )));
            }
            self.interval = interval;
        }
        Ok(self)
    }

    /// Vault prints no interval as a number.
    fn shown(&self) -> Value {
        let interval = match self.interval.is_zero() {
            true => json!(0),
            false => json!(format_duration(self.interval)),
        };
        json!({ "enabled": self.enabled, "max_operations": self.max_operations, "interval": interval })
    }
}

impl Default for RotationSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            max_operations: OPERATIONS.end().unsigned_abs(),
            interval: Duration::ZERO,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(change: Value) -> Result<Value, String> {
        let change = serde_json::from_value(change).unwrap();
        let settings = RotationSettings::default().changed(&change);
        settings
            .map(|settings| settings.shown())
            .map_err(|error| error.public().to_owned())
    }

    #[test]
    fn what_is_not_said_stays() {
        let most = 3_865_470_566_u64;
        for (change, enabled, operations, interval) in [
            (json!({}), true, most, json!(0)),
            (json!({ "enabled": false }), false, most, json!(0)),
            (json!({ "interval": "36h30m" }), true, most, json!("36h30m0s")),
            (json!({ "max_operations": "2000000" }), true, 2_000_000, json!(0)),
        ] {
            let expected = json!({ "enabled": enabled, "max_operations": operations, "interval": interval });
            assert_eq!(changed(change), Ok(expected));
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for interval in [json!("23h"), json!(1)] {
            let text = "interval must be greater or equal to 24h0m0s";
            assert_eq!(changed(json!({ "interval": interval })), Err(text.to_owned()));
        }
        for operations in [999_999_i64, 0, -5, 4_294_967_296] {
            let text = "max_operations must be in the range [1000000,3865470566]";
            assert_eq!(
                changed(json!({ "max_operations": operations })),
                Err(text.to_owned())
            );
        }
    }

    #[test]
    fn a_key_is_due_when_it_is_old_or_has_sealed_enough() {
        let day = Duration::from_secs(24 * 3600);
        let key = |encryptions| KeyInUse {
            term: 1,
            installed: Time::UNIX_EPOCH,
            encryptions,
        };
        let settings = RotationSettings {
            enabled: true,
            max_operations: 10,
            interval: day,
        };
        let second = Duration::from_secs(1);
        let now = Time::UNIX_EPOCH + day;
        assert!(!settings.is_due(&key(9), now - second));
        assert!(settings.is_due(&key(9), now));
        assert!(settings.is_due(&key(10), Time::UNIX_EPOCH));
        let never = RotationSettings {
            interval: Duration::ZERO,
            ..settings.clone()
        };
        assert!(!never.is_due(&key(9), now));
        let off = RotationSettings {
            enabled: false,
            ..settings
        };
        assert!(!off.is_due(&key(10), now));
    }
}
