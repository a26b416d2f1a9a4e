//! What a secrets engine or an auth method is, and what it is given.

use crate::secret::SecretText;
use crate::{
    Batch, Caller, Done, Fields, Login, Manifest, Operation, Origin, Random, Remote, Result, Revision,
    Storage, Time,
};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// A secrets engine. Mounted at a path; sees only what is below it.
#[async_trait]
pub trait Plugin: Send + Sync {
    /// The one definition that dispatch, OpenAPI, path-help and the tests read.
    fn manifest(&self) -> &Manifest;

    /// Answers a request that the corridor has authorized.
    async fn handle(&self, cx: Cx, call: Call) -> Result<Done>;

    /// Whether what a write names exists already; `None` where the route does not tell creating from updating.
    async fn exists(&self, cx: Cx, route: usize, captures: Captures) -> Result<Option<bool>>;

    /// Extends a credential's life: does what is needed outside, and says for how long.
    async fn renew(&self, cx: Cx, lease: Arc<Lease>) -> Result<Renewal>;

    /// Ends a credential. Retried until it succeeds, so it must be idempotent.
    async fn revoke(&self, cx: Cx, lease: Arc<Lease>) -> Result<()>;

    /// Work of its own: recovery after unsealing, rotation, pruning. Answers when it wants to be asked again.
    async fn work(&self, cx: Cx) -> Result<Next>;
}

/// A plugin whose logins become tokens. Nothing else may answer `Reply::Login`.
#[async_trait]
pub trait AuthMethod: Plugin {
    /// Asked at each token renewal: may this login live on, and on which terms? `login` is as the token keeps it.
    async fn renew_login(&self, cx: Cx, login: Login) -> Result<Login>;
}

/// What is mounted at a path.
#[derive(Clone)]
pub enum Mounted {
    /// A secrets engine.
    Secrets(Arc<dyn Plugin>),
    /// An auth method.
    Auth(Arc<dyn AuthMethod>),
}

/// When a plugin wants to be asked for work again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Not before it is mounted or unsealed again.
    Never,
    /// At a moment.
    At(Time),
}

/// What a plugin may know while it answers. Has no way back to the server.
#[derive(Clone)]
pub struct Cx {
    /// Its own part of the store, in the clear.
    pub storage: Arc<dyn Storage>,
    /// The present moment, the same for the whole request.
    pub now: Time,
    /// Its mount, as configured.
    pub mount: Arc<MountFacts>,
    /// Who asks.
    pub caller: Arc<Caller>,
    /// The request's public facts.
    pub request: Arc<RequestFacts>,
    /// What the house does for plugins.
    pub services: Arc<dyn Services>,
    /// The caller's token, for the house's own tables; every other plugin gets none.
    pub own_token: Option<Arc<SecretText>>,
}

/// What the house does for plugins.
#[async_trait]
pub trait Services: Send + Sync {
    /// Random bytes.
    fn random(&self) -> &dyn Random;

    /// Makes a batch durable at once, before an effect outside. A handler that calls this is not run again.
    /// Keys are relative to the plugin's view.
    async fn commit(&self, batch: Batch) -> Result<Revision>;

    /// A password by the named password policy; by the built-in one where there is no name.
    async fn password(&self, policy: Option<&str>) -> Result<SecretText>;
}

/// A mount, as its plugin and the audit log see it.
#[derive(Clone, Debug, Default)]
pub struct MountFacts {
    /// Where it is mounted, with a slash at the end: `secret/`, `auth/kubernetes/`.
    pub path: String,
    /// The plugin's type.
    pub kind: String,
    /// Names the mount for ever, moved or not.
    pub accessor: String,
    /// The life of a credential that asks for none.
    pub default_lease_ttl: Duration,
    /// The longest life of a credential.
    pub max_lease_ttl: Duration,
    /// Options of its own: `version` for KV.
    pub options: BTreeMap<String, String>,
    /// Whether it is an auth method.
    pub is_auth: bool,
    /// What operators tuned besides.
    pub tuning: Tuning,
}

/// What operators tune at a mount besides times to live. Empty and `None` mean as it is by default.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tuning {
    /// Members of requests that the audit log shows in the clear.
    pub audit_non_hmac_request_keys: Option<Vec<String>>,
    /// Members of answers that the audit log shows in the clear.
    pub audit_non_hmac_response_keys: Option<Vec<String>>,
    /// Whether unauthenticated listings of mounts show it: `hidden`, `unauth`, or empty.
    pub listing_visibility: Option<String>,
    /// Headers of requests that the plugin gets to see.
    pub passthrough_request_headers: Option<Vec<String>>,
    /// Headers that the plugin may set in answers.
    pub allowed_response_headers: Option<Vec<String>>,
    /// What tokens of an auth method are: `default-service`, `default-batch`, `service`, `batch`.
    pub token_type: Option<String>,
}

/// The public facts of a request. No token, no headers but those the mount lets through.
#[derive(Clone)]
pub struct RequestFacts {
    /// Names the request.
    pub id: String,
    /// What is wanted.
    pub operation: Operation,
    /// The whole path, with names folded.
    pub path: String,
    /// The whole path as the client spelled it.
    pub asked_path: String,
    /// Where it came from; the house's own work comes from nowhere.
    pub remote: Option<Remote>,
    /// Whether a token came with it, be it one or not.
    pub sent_token: bool,
    /// How long a wrapped answer may wait; `None` if no wrapping was asked for.
    pub wrap_ttl: Option<Duration>,
    /// The media type of the body, lower-case and without parameters.
    pub media: String,
    /// Headers that the mount's tuning lets through, by lower-case name.
    pub headers: BTreeMap<String, Vec<String>>,
}

/// A request that found its line in a plugin's table.
pub struct Call {
    /// Which route of the manifest.
    pub route: usize,
    /// What is wanted.
    pub operation: Operation,
    /// The path below the mount, with names folded.
    pub path: String,
    /// What the pattern caught.
    pub captures: Captures,
    /// Members of the body or the query.
    pub data: Fields,
}

/// What a route's pattern caught, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Captures(Vec<(&'static str, String)>);

/// A credential's lease, as its plugin sees it.
pub struct Lease {
    /// The lease's id.
    pub id: String,
    /// The path that made it.
    pub path: String,
    /// What the plugin kept.
    pub internal: Fields,
    /// When it was made.
    pub issued: Time,
    /// When it ends.
    pub expires: Time,
    /// The wish of who renews.
    pub increment: Option<Duration>,
    /// Where the caller that it was made for runs.
    pub origin: Option<Arc<Origin>>,
}

/// What a plugin answers to a renewal.
pub struct Renewal {
    /// The wish; the mount's default where there is none.
    pub ttl: Option<Duration>,
    /// The longest life since it was made; the mount's where there is none.
    pub max_ttl: Option<Duration>,
    /// What the plugin keeps from now on; as before where there is none.
    pub internal: Option<Fields>,
}

impl Mounted {
    /// Whatever it is, as a plugin.
    pub fn plugin(&self) -> &dyn Plugin {
        match self {
            Self::Secrets(plugin) => plugin.as_ref(),
            Self::Auth(method) => method.as_ref(),
        }
    }
}

impl Cx {
    /// The caller's token, which only the house's own tables get to see.
    pub fn own_token(&self) -> Option<&SecretText> {
        self.own_token.as_deref()
    }
}

impl Captures {
    /// Adds what a name caught.
    pub(crate) fn push(&mut self, name: &'static str, value: String) {
        self.0.push((name, value));
    }

    /// What a name caught; empty if the pattern has no such name.
    pub fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(n, _)| *n == name)
            .map_or("", |(_, value)| value.as_str())
    }

    /// Every name and what it caught.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }
}
