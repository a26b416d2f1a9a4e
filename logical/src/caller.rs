//! Who asks.

use crate::Id;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Who asks, as far as policies, plugins and the audit log may know. Holds no token.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// How the caller was recognised.
    pub kind: CallerKind,
    /// The token's accessor; batch tokens and anonymous callers have none.
    pub accessor: Option<Id>,
    /// What the token's kind is.
    pub token_type: Option<TokenType>,
    /// What a person calls the caller: `kubernetes-prod-api`.
    pub display_name: String,
    /// The names of the policies of the token itself, sorted.
    pub token_policies: Arc<[String]>,
    /// The names of the policies that come from the entity and its groups, sorted.
    pub identity_policies: Arc<[String]>,
    /// The entity behind the token.
    pub entity: Option<Arc<Entity>>,
    /// What the login said about the caller.
    pub metadata: Arc<BTreeMap<String, String>>,
    /// Where the caller really runs.
    pub origin: Option<Arc<Origin>>,
    /// Uses that are left, this one already spent; `None` without a limit.
    pub uses_left: Option<i64>,
    /// Seconds the token was given when it was made or renewed last.
    pub token_ttl_seconds: u64,
    /// When the token was made.
    pub token_issued: Option<crate::Time>,
}

/// How a caller was recognised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CallerKind {
    /// Nobody asked: the route lets everybody in.
    #[default]
    Anonymous,
    /// By a token.
    Token,
    /// The house itself: expiry, recovery, rotation.
    System,
}

/// The kinds of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenType {
    /// Has a row, can be looked up, renewed and revoked.
    Service,
    /// Sealed claims without a row.
    Batch,
}

/// An entity, as policies and answers show it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// The entity's id, a UUID.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What operators noted about it.
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
    /// Policies that everybody behind it has.
    #[serde(default)]
    pub policies: Vec<String>,
    /// Whether its tokens are refused.
    #[serde(default)]
    pub disabled: bool,
}

/// Where a caller really runs, as the login proved it: for Kubernetes the namespace, the service account, the pod and
/// the node. It is stamped on the token, its children, wrapped answers, leases and audit entries.
///
/// Names of attributes: `namespace`, `service_account`, `service_account_uid`, `pod`, `pod_uid`, `node`,
/// `credential_id`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The auth method's type.
    pub method: String,
    /// The accessor of the auth method's mount.
    pub mount_accessor: String,
    /// What the login proved, by name.
    pub attributes: BTreeMap<String, String>,
}

impl TokenType {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Batch => "batch",
        }
    }
}

impl Caller {
    /// A caller whom the route lets in without a token.
    pub fn anonymous() -> Self {
        Self::default()
    }

    /// The house itself.
    pub fn system() -> Self {
        Self {
            kind: CallerKind::System,
            ..Self::default()
        }
    }

    /// All policies: the token's and the identity's, sorted, each once.
    pub fn policies(&self) -> Vec<String> {
        let mut all: Vec<String> = self
            .token_policies
            .iter()
            .chain(self.identity_policies.iter())
            .cloned()
            .collect();
        all.sort();
        all.dedup();
        all
    }
}
