//! A token as it is stored.

use ipnet::IpNet;
use logical::{Alias, Fields, Id, Key, Origin, Time, TokenType};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// What is known of a token. Of the token's text it holds a keyed hash only.
#[derive(Clone, Serialize, Deserialize)]
pub struct Token {
    /// The keyed hash of the text. Batch tokens have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<[u8; 32]>,
    /// Its kind.
    pub kind: TokenType,
    /// The path that made it, with a login's spelling kept.
    pub path: String,
    /// Names of its own policies, sorted.
    pub policies: Arc<[String]>,
    /// With whom it dies; an orphan has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Id>,
    /// When it was made.
    pub issued: Time,
    /// How long it was to live then.
    pub creation_ttl: Duration,
    /// When it ends; a root token without an end has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Time>,
    /// When it was renewed last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewed: Option<Time>,
    /// A life that starts anew with each renewal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Duration>,
    /// The longest life, which no period outlives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explicit_max_ttl: Option<Duration>,
    /// Uses that are left; `None` without a limit. At zero it is used up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses_left: Option<u64>,
    /// What a person calls the caller.
    pub display_name: String,
    /// What the maker or the login said; shown as null where nothing was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Arc<BTreeMap<String, String>>>,
    /// The entity behind it; empty without one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub entity_id: String,
    /// Whether it can be renewed.
    pub renewable: bool,
    /// The token role that made it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub role: String,
    /// Addresses that it may be used from; empty is everywhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bound_cidrs: Vec<IpNet>,
    /// The login it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<Arc<LoginRecord>>,
    /// Where the caller really runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Arc<Origin>>,
    /// Whether its text was chosen or is a root token's: it is found by its hash then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub chosen: bool,
    /// The last segment of its lease's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<[u8; 32]>,
}

/// What a token keeps of its login, for renewals.
#[derive(Clone, Serialize, Deserialize)]
pub struct LoginRecord {
    /// The accessor of the mount.
    pub mount_accessor: String,
    /// What the method needs. Sealed with the row, never shown.
    pub internal: Map<String, Value>,
    /// Who it was, in the method's terms.
    pub alias: Option<String>,
    /// Policies, as the role named them.
    pub policies: Vec<String>,
    /// The role's wish for a life.
    pub ttl: Option<Duration>,
    /// The longest life that the role allows.
    pub max_ttl: Option<Duration>,
    /// Names of the groups that the method said the caller is in.
    #[serde(default)]
    pub group_aliases: Vec<String>,
}

/// What hangs on a token and dies with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Child {
    /// A token.
    Token(Id),
    /// A lease, by the last segment of its id.
    Lease(Id),
}

impl Token {
    /// Whether it lives at a moment, its parents aside.
    pub fn lives_at(&self, now: Time) -> bool {
        self.expires.is_none_or(|expires| now < expires) && self.uses_left != Some(0)
    }

    /// Seconds that are left, rounded up as Vault does; zero without an end.
    pub fn seconds_left(&self, now: Time) -> u64 {
        let left = self.expires.map_or(0, |expires| {
            (expires.as_millisecond() - now.as_millisecond() + 999) / 1000
        });
        u64::try_from(left).unwrap_or(0)
    }

    /// Whether it is a root token.
    pub fn is_root(&self) -> bool {
        self.policies.iter().any(|policy| policy == "root")
    }

    /// The login as its method gets it back at a renewal.
    pub fn login(&self) -> Option<(String, logical::Login)> {
        let record = self.login.as_ref()?;
        let login = logical::Login {
            policies: record.policies.clone(),
            display_name: self.display_name.clone(),
            metadata: self.metadata.as_deref().cloned().unwrap_or_default(),
            internal: Fields::from(record.internal.clone()),
            alias: record.alias.clone().map(|name| Alias {
                name,
                metadata: BTreeMap::new(),
            }),
            group_aliases: record.group_aliases.clone(),
            terms: logical::TokenTerms {
                ttl: record.ttl,
                max_ttl: record.max_ttl,
                period: self.period,
                explicit_max_ttl: self.explicit_max_ttl,
                bound_cidrs: self.bound_cidrs.clone(),
                token_type: Some(self.kind),
                ..logical::TokenTerms::default()
            },
            origin: self.origin.as_deref().cloned(),
        };
        Some((record.mount_accessor.clone(), login))
    }
}

impl Child {
    /// The key of the row that says so.
    pub fn key(self, parent: Id) -> Key {
        match self {
            Self::Token(id) => Self::rows(parent).number(0).id(id),
            Self::Lease(id) => Self::rows(parent).number(1).id(id),
        }
    }

    /// The key above all children of a token.
    pub fn rows(parent: Id) -> Key {
        Key::of("child").id(parent)
    }
}
