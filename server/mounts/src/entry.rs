//! A mount as it is stored.

use logical::{Batch, Id, Key, MountFacts, Random, Result, Time, Tuning, random_uuid};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

use crate::Limits;

/// The number of the root namespace, the only one for now.
const ROOT_NAMESPACE: u64 = 0;

/// Which of the two tables a mount stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TableKind {
    /// Secrets engines, anywhere but below `auth/`.
    Secrets,
    /// Auth methods, below `auth/`.
    Auth,
}

/// A mount, as its row says it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MountEntry {
    /// Names the mount's data in the store.
    pub id: Id,
    /// Where it is mounted, with a slash at the end; of an auth method with `auth/` before it.
    pub path: String,
    /// Which table it stands in.
    pub table: TableKind,
    /// The plugin's type, as the operator named it.
    pub kind: String,
    /// Names it for ever in policies, aliases and audit entries: `kv_0a1b2c3d`.
    pub accessor: String,
    /// A UUID that clients see.
    pub uuid: String,
    /// What operators noted.
    pub description: String,
    /// Whether it would stay out of replication. Kept and shown; there is none.
    pub local: bool,
    /// Kept and shown, as in Vault without a hardware seal.
    pub seal_wrap: bool,
    /// Kept and shown, as in Vault without external entropy.
    pub external_entropy_access: bool,
    /// Options of the plugin; `None` is shown as null.
    pub options: Option<BTreeMap<String, String>>,
    /// Times and tuning.
    pub config: MountConfig,
}

/// What can be tuned at a mount. Zero is the system's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MountConfig {
    /// The life of a credential that asks for none, in seconds.
    pub default_lease_ttl: u64,
    /// The longest life of a credential, in seconds.
    pub max_lease_ttl: u64,
    /// Kept and shown.
    pub force_no_cache: bool,
    /// The rest.
    #[serde(flatten)]
    pub tuning: Tuning,
    /// Lockout of users, of auth methods; as the operator wrote it.
    #[serde(default)]
    pub user_lockout: Option<UserLockout>,
}

/// When users of an auth method are locked out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UserLockout {
    /// Failures before it.
    pub threshold: u64,
    /// How long it lasts, in seconds.
    pub duration: u64,
    /// After how long failures are forgotten, in seconds.
    pub counter_reset: u64,
    /// Whether it is off.
    pub disable: bool,
}

impl MountEntry {
    /// A new mount's row, with fresh names.
    pub fn new(table: TableKind, path: &str, kind: &str, now: Time, random: &dyn Random) -> Self {
        let mut bytes = [0_u8; 4];
        random.fill(&mut bytes);
        let accessor = if table == TableKind::Auth {
            format!("auth_{kind}")
        } else {
            kind.to_owned()
        };
        Self {
            id: Id::new(now, random),
            path: path.to_owned(),
            table,
            kind: kind.to_owned(),
            accessor: format!("{accessor}_{:08x}", u32::from_be_bytes(bytes)),
            uuid: random_uuid(random),
            description: String::new(),
            local: false,
            seal_wrap: false,
            external_entropy_access: false,
            options: None,
            config: MountConfig::default(),
        }
    }

    /// The key of the row.
    pub fn key(&self) -> Key {
        Self::rows().id(self.id)
    }

    /// The key above all rows.
    pub fn rows() -> Key {
        Key::of("mount").number(ROOT_NAMESPACE)
    }

    /// Where the mount's own rows lie.
    pub fn data(id: Id) -> Key {
        Key::of("data").id(id)
    }

    /// Adds the row to a batch.
    pub fn put(&self, batch: &mut Batch) -> Result<()> {
        batch.put_json(self.key(), self).map(|_| ())
    }

    /// What the plugin and the audit log see of it.
    pub fn facts(&self, limits: &Limits) -> MountFacts {
        let or = |seconds: u64, default: Duration| {
            if seconds == 0 {
                default
            } else {
                Duration::from_secs(seconds)
            }
        };
        MountFacts {
            path: self.path.clone(),
            kind: self.kind.clone(),
            accessor: self.accessor.clone(),
            default_lease_ttl: or(self.config.default_lease_ttl, limits.default_lease_ttl),
            max_lease_ttl: or(self.config.max_lease_ttl, limits.max_lease_ttl),
            options: self.options.clone().unwrap_or_default(),
            is_auth: self.table == TableKind::Auth,
            tuning: self.config.tuning.clone(),
        }
    }

    /// The path as its own table shows it: without `auth/` for an auth method.
    pub fn shown_path(&self) -> &str {
        match self.table {
            TableKind::Secrets => &self.path,
            TableKind::Auth => self.path.strip_prefix("auth/").unwrap_or(&self.path),
        }
    }
}
