//! What a handler answers, and the writes that make it true.

use crate::{Batch, Fields, Origin, Response, TokenType};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// What a handler answers, with the writes that make it true.
///
/// The corridor adds its own rows (a token, a lease, a wrapped answer) and commits once. If somebody else changed what
/// the batch expects, all of this is thrown away and the handler is asked again.
pub struct Done {
    /// The answer.
    pub reply: Reply,
    /// What must be durable before the answer leaves.
    pub batch: Batch,
    /// What the client should know besides.
    pub warnings: Vec<String>,
    /// What memory learns once the batch is durable, and not before.
    pub after: Vec<Box<dyn FnOnce() + Send>>,
}

/// An answer.
pub enum Reply {
    /// Nothing to say: 204.
    Empty,
    /// Members: 200.
    Data(Fields),
    /// Names below a path: 200, or 404 if there are none, as in Vault.
    Keys {
        /// The names, in the order in which they are shown.
        keys: Vec<String>,
        /// More about each, by name; not shown if empty.
        info: BTreeMap<String, Value>,
    },
    /// A 404 that carries members, as a deleted version does.
    Missing(Fields),
    /// Work that goes on behind the answer: 202.
    Accepted(Fields),
    /// A credential that ends: the corridor registers its lease before the answer leaves.
    Secret {
        /// What the client gets.
        data: Fields,
        /// How long it lives.
        lease: LeaseTerms,
    },
    /// Data with a time to live that nobody has to revoke: KV version 1.
    Cached {
        /// What the client gets.
        data: Fields,
        /// How long the client may keep it.
        ttl: Duration,
    },
    /// A login or a new token: the corridor makes the token. Only auth methods may answer it.
    Login(Box<Login>),
    /// An answer as it is to leave: a token's renewal, what was unwrapped. Only the house's own tables may answer it,
    /// because it can carry tokens and leases that nobody registers any more.
    Answer(Box<Response>),
    /// Members and refusals at once, with a status of its own.
    Problem {
        /// The HTTP status.
        status: u16,
        /// What the client gets.
        data: Fields,
        /// What went wrong.
        errors: Vec<String>,
    },
    /// Bytes of a media type of their own.
    Raw {
        /// The HTTP status.
        status: u16,
        /// The media type.
        media: &'static str,
        /// The body.
        body: Vec<u8>,
    },
}

/// How long a credential lives, and what its plugin needs to end it.
pub struct LeaseTerms {
    /// The wish; the mount's default where there is none.
    pub ttl: Option<Duration>,
    /// The longest life, renewals included; the mount's where there is none.
    pub max_ttl: Option<Duration>,
    /// Whether its life can be extended.
    pub renewable: bool,
    /// What the plugin needs to renew and revoke. Sealed at rest.
    pub internal: Fields,
}

/// A login that succeeded. The corridor finds or makes the entity and makes the token.
#[derive(Default)]
pub struct Login {
    /// Policies, as the role names them.
    pub policies: Vec<String>,
    /// What a person calls the caller; the mount's path is put before it.
    pub display_name: String,
    /// What answers and look-ups show.
    pub metadata: BTreeMap<String, String>,
    /// What the method needs to renew the login. Sealed at rest, never shown.
    pub internal: Fields,
    /// Who it was, for the identity. Without it the token has no entity.
    pub alias: Option<Alias>,
    /// Names of the groups that the method says the caller is in.
    pub group_aliases: Vec<String>,
    /// What the token may be.
    pub terms: TokenTerms,
    /// Where the caller really runs.
    pub origin: Option<Origin>,
}

/// Who a login was, in the method's own terms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alias {
    /// Unique within the mount.
    pub name: String,
    /// What the method says about it.
    pub metadata: BTreeMap<String, String>,
}

/// What a token may be: the `token_*` parameters of every role.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TokenTerms {
    /// The wish; the mount's default where there is none.
    pub ttl: Option<Duration>,
    /// The longest life, renewals included; the mount's where there is none.
    pub max_ttl: Option<Duration>,
    /// A limit that no period outlives.
    pub explicit_max_ttl: Option<Duration>,
    /// The token lives for ever, if it is renewed within this time.
    pub period: Option<Duration>,
    /// Requests that it is good for; zero is no limit.
    pub num_uses: u64,
    /// Whether the policy `default` is left out.
    pub no_default_policy: bool,
    /// Addresses that it may be used from; empty is everywhere.
    pub bound_cidrs: Vec<IpNet>,
    /// Whether it may be used only from the address that logged in.
    pub strictly_bind_ip: bool,
    /// The kind; the mount's where there is none.
    pub token_type: Option<TokenType>,
    /// Whether it can be renewed.
    pub not_renewable: bool,
}

impl Done {
    /// An answer that changes nothing.
    pub fn reply(reply: Reply) -> Self {
        Self {
            reply,
            batch: Batch::new(),
            warnings: Vec::new(),
            after: Vec::new(),
        }
    }

    /// Nothing to say, nothing changed: 204.
    pub fn empty() -> Self {
        Self::reply(Reply::Empty)
    }

    /// Members, nothing changed. Made for `json!({…})` at the call.
    pub fn data(value: Value) -> Self {
        Self::reply(Reply::Data(Fields::of(value)))
    }

    /// Names below a path.
    pub fn keys(keys: Vec<String>) -> Self {
        Self::reply(Reply::Keys {
            keys,
            info: BTreeMap::new(),
        })
    }

    /// Adds what must be durable before the answer leaves.
    #[must_use]
    pub fn commit(mut self, batch: Batch) -> Self {
        self.batch.merge(batch);
        self
    }

    /// Adds what the client should know besides.
    #[must_use]
    pub fn warn(mut self, warning: impl Into<String>) -> Self {
        self.warnings.push(warning.into());
        self
    }

    /// Adds what memory learns once the batch is durable.
    #[must_use]
    pub fn then(mut self, after: impl FnOnce() + Send + 'static) -> Self {
        self.after.push(Box::new(after));
        self
    }
}
