//! A lease as it is stored, and the id that spells its key.

use logical::{Error, Fields, Id, Key, Lease, Origin, Result, Time};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// The number of the root namespace, the only one for now.
const ROOT_NAMESPACE: u64 = 0;

/// A lease's id: the path that made the credential, and an identifier. It spells the key, so a look-up is one read and
/// a prefix one range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseId {
    /// The path that made it, without a slash at the end.
    pub path: String,
    /// Its last segment.
    pub last: Last,
}

/// The last segment of a lease's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Last {
    /// Of a credential.
    Credential(Id),
    /// Of a token: `h` and 64 hexadecimal digits. Tells nothing of the token.
    Token([u8; 32]),
}

/// The lease of a credential, as its row says it.
#[derive(Clone, Serialize, Deserialize)]
pub struct LeaseRecord {
    /// The accessor of the mount that made it.
    pub mount_accessor: String,
    /// The token that it hangs on; the credential of a batch token without a parent has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Id>,
    /// When it was made.
    pub issued: Time,
    /// When it was renewed last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewed: Option<Time>,
    /// When it ends.
    pub expires: Time,
    /// No renewal goes beyond this: the end of the batch token that asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest: Option<Time>,
    /// The longest life that its role allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_ttl: Option<Duration>,
    /// Whether its life can be extended.
    pub renewable: bool,
    /// What the plugin needs to renew and revoke. Sealed with the row, never shown.
    pub internal: Map<String, Value>,
    /// Where the caller that it was made for runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Arc<Origin>>,
    /// How ending it has failed so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Trouble>,
}

/// How ending a credential has failed so far. It is tried again until it succeeds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// How often it was tried.
    pub attempts: u32,
    /// What the last try said. Holds no secret: plugins promise so.
    pub error: String,
    /// When it is tried next.
    pub next: Time,
}

impl LeaseId {
    /// The key of the row.
    pub fn key(&self) -> Key {
        let folder = Self::leaves(&self.path);
        match self.last {
            Last::Credential(id) => folder.id(id),
            Last::Token(digest) => folder.digest(digest),
        }
    }

    /// The key above all leases whose path begins with another.
    pub fn folder(path: &str) -> Key {
        let rows = Key::of("lease").number(ROOT_NAMESPACE);
        if path.is_empty() { rows } else { rows.path(path) }
    }

    /// The key directly above the leases of exactly this path. The word between keeps them apart from deeper folders,
    /// so that neither is read for the other.
    pub fn leaves(path: &str) -> Key {
        Self::folder(path).fixed("l")
    }
}

impl fmt::Display for LeaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.path, self.last)
    }
}

impl fmt::Display for Last {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Credential(id) => write!(f, "{id}"),
            Self::Token(digest) => {
                f.write_str("h")?;
                digest.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }
    }
}

impl FromStr for LeaseId {
    type Err = Error;

    /// # Errors
    /// `Invalid` with Vault's text for what cannot be one.
    fn from_str(text: &str) -> Result<Self> {
        let (path, last) = text
            .rsplit_once('/')
            .ok_or_else(|| Error::invalid("invalid lease"))?;
        let last = last.parse()?;
        if path.is_empty() || path.split('/').any(str::is_empty) {
            return Err(Error::invalid("invalid lease"));
        }
        Ok(Self {
            path: path.to_owned(),
            last,
        })
    }
}

impl FromStr for Last {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let invalid = || Error::invalid("invalid lease");
        let Some(hex) = text.strip_prefix('h').filter(|hex| hex.len() == 64) else {
            return text.parse().map(Self::Credential).map_err(|_| invalid());
        };
        let mut digest = [0_u8; 32];
        for (byte, place) in digest.iter_mut().zip((0..64).step_by(2)) {
            let pair = hex.get(place..place + 2).ok_or_else(invalid)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| invalid())?;
        }
        Ok(Self::Token(digest))
    }
}

impl LeaseRecord {
    /// The lease as its plugin sees it.
    pub fn lease(&self, id: &LeaseId, increment: Option<Duration>) -> Arc<Lease> {
        Arc::new(Lease {
            id: id.to_string(),
            path: id.path.clone(),
            internal: Fields::from(self.internal.clone()),
            issued: self.issued,
            expires: self.expires,
            increment,
            origin: self.origin.clone(),
        })
    }

    /// Seconds that are left, rounded up as Vault does.
    pub fn seconds_left(&self, now: Time) -> i64 {
        (self.expires.as_millisecond() - now.as_millisecond() + 999).div_euclid(1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_id_is_read_back_as_it_was_written() {
        for text in [
            "database/creds/a.b/0UrR3BYdqPCmWv1E4sXKTzLh",
            &format!("auth/token/create/h{}", "0f".repeat(32)),
        ] {
            assert_eq!(text.parse::<LeaseId>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_lease_id_is_refused() {
        for text in [
            "",
            "a",
            "/0UrR3BYdqPCmWv1E4sXKTzLh",
            "a//0UrR3BYdqPCmWv1E4sXKTzLh",
            "a/short",
            "a/hzz",
        ] {
            assert!(text.parse::<LeaseId>().is_err(), "{text}");
        }
    }
}
