//! When users of an auth method are locked out, as operators tune it.

use logical::field::{Flag, Text};
use logical::{Error, Result};
use schemars::JsonSchema;
use serde::Deserialize;
use server_mounts::{Mount, UserLockout};

use super::tune::seconds;

/// Types whose users can be locked out.
const KINDS: [&str; 3] = ["userpass", "approle", "ldap"];

/// What is to be tuned; what is not there stays as it is.
#[derive(Deserialize, JsonSchema)]
pub(super) struct LockoutInput {
    /// Failures before a user is locked out.
    lockout_threshold: Option<Text>,
    /// How long it lasts; `system` is the system's.
    lockout_duration: Option<Text>,
    /// After how long failures are forgotten; `system` is the system's.
    lockout_counter_reset_duration: Option<Text>,
    /// Whether nobody is locked out.
    lockout_disable: Option<Flag>,
}

impl LockoutInput {
    /// What the mount has from now on; `None` if nothing changes.
    pub(super) fn of(self, mount: &Mount) -> Result<Option<UserLockout>> {
        let kind = &mount.entry.kind;
        if !KINDS.contains(&kind.as_str()) {
            let text = format!("tuning of user lockout configuration for auth type {kind:?} not allowed");
            return Err(Error::invalid(text));
        }
        let present = &mount.entry.config.user_lockout;
        let old = present.clone().unwrap_or_default();
        let new = UserLockout {
            threshold: self
                .lockout_threshold
                .as_ref()
                .map_or(Ok(old.threshold), threshold)?,
            duration: seconds(self.lockout_duration)?.unwrap_or(old.duration),
            counter_reset: seconds(self.lockout_counter_reset_duration)?.unwrap_or(old.counter_reset),
            disable: self.lockout_disable.map_or(old.disable, |flag| flag.0),
        };
        Ok(Some(new).filter(|new| *new != old || present.is_some()))
    }
}

fn threshold(text: &Text) -> Result<u64> {
    let text = text.as_str();
    text.parse().map_err(|_| {
        Error::invalid(format!(
            "unable to parse user lockout threshold: {text:?} is no whole number"
        ))
    })
}
