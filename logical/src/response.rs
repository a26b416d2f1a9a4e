//! An answer as it leaves the corridor: what is recorded and what is sent.

use crate::secret::SecretText;
use crate::{Fields, TokenType};
use std::collections::BTreeMap;
use std::time::Duration;

/// An answer, ready to be recorded and sent. It holds secrets, so it has no `Debug`.
pub struct Response {
    /// The request's id; empty for a wrapped answer, as in Vault.
    pub request_id: String,
    /// The HTTP status.
    pub status: u16,
    /// How the body is laid out.
    pub shape: Shape,
    /// What it says.
    pub body: Body,
    /// The lease of what is in `data`.
    pub lease: Option<LeaseInfo>,
    /// A token that was made or renewed.
    pub auth: Option<Box<AuthInfo>>,
    /// Where the real answer waits.
    pub wrap_info: Option<Box<WrapInfo>>,
    /// What the client should know besides.
    pub warnings: Vec<String>,
    /// Headers that the plugin set.
    pub headers: Vec<(String, String)>,
}

/// What an answer says.
pub enum Body {
    /// Nothing: 204.
    Empty,
    /// Members, or none: the envelope's `data`.
    Data(Option<Fields>),
    /// What went wrong, in the form that every client knows.
    Errors {
        /// The texts.
        errors: Vec<String>,
        /// Members besides.
        data: Option<Fields>,
    },
    /// Bytes of a media type of their own.
    Raw {
        /// The media type.
        media: &'static str,
        /// The bytes.
        bytes: Vec<u8>,
    },
}

/// How an answer's body is laid out: a property of the route.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// Vault's envelope: `request_id`, `lease_id`, `data`, …
    #[default]
    Envelope,
    /// The members alone: `sys/health`, `sys/seal-status`.
    Bare,
    /// The envelope, with the members of `data` shown beside it once more: `sys/mounts`.
    Doubled,
}

/// The lease of a credential, as an answer shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeaseInfo {
    /// The lease's id; empty for data that nobody has to revoke.
    pub id: String,
    /// Whether its life can be extended.
    pub renewable: bool,
    /// How long it lives.
    pub duration: Duration,
}

/// A token, as the answer to its making shows it.
#[derive(Clone)]
pub struct AuthInfo {
    /// The token itself.
    pub client_token: SecretText,
    /// Its accessor; empty for batch tokens.
    pub accessor: String,
    /// All policies, sorted.
    pub policies: Vec<String>,
    /// Those of the token itself, sorted.
    pub token_policies: Vec<String>,
    /// Those that come from the identity, sorted.
    pub identity_policies: Vec<String>,
    /// What the login said; `None` is shown as null.
    pub metadata: Option<BTreeMap<String, String>>,
    /// What a person calls the caller. Recorded, not sent.
    pub display_name: String,
    /// How long it lives.
    pub duration: Duration,
    /// Whether its life can be extended.
    pub renewable: bool,
    /// The entity's id; empty without one.
    pub entity_id: String,
    /// Its kind.
    pub token_type: TokenType,
    /// Whether it dies with no other token.
    pub orphan: bool,
    /// Requests that it is good for; zero is no limit.
    pub num_uses: u64,
}

/// Where a wrapped answer waits.
#[derive(Clone)]
pub struct WrapInfo {
    /// The token that unwraps it, once.
    pub token: SecretText,
    /// That token's accessor.
    pub accessor: String,
    /// How long it waits.
    pub ttl: Duration,
    /// Since when.
    pub creation_time: crate::Time,
    /// The path of the request that was answered.
    pub creation_path: String,
    /// The accessor of the token in the wrapped answer; empty if it holds none.
    pub wrapped_accessor: String,
}

impl Response {
    /// Nothing to say: 204.
    pub fn empty(request_id: impl Into<String>) -> Self {
        Self::new(request_id, 204, Body::Empty)
    }

    /// An answer of a status with a body.
    pub fn new(request_id: impl Into<String>, status: u16, body: Body) -> Self {
        Self {
            request_id: request_id.into(),
            status,
            shape: Shape::Envelope,
            body,
            lease: None,
            auth: None,
            wrap_info: None,
            warnings: Vec::new(),
            headers: Vec::new(),
        }
    }
}
