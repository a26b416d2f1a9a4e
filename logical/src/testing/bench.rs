//! A mount in memory, and how a test asks it.

use super::Memory;
use crate::secret::SecretText;
use crate::{
    Batch, Call, Caller, Cx, Done, Error, ErrorKind, Fields, MountFacts, Next, Operation, Plugin, Random,
    Reply, RequestFacts, Result, Revision, Services, Storage, Time,
};
use async_trait::async_trait;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A plugin, mounted at `mount/` on a store in memory.
pub struct Bench {
    plugin: Arc<dyn Plugin>,
    services: Arc<House>,
    /// The present moment; a test moves it.
    pub now: Time,
    /// The mount, as configured.
    pub mount: MountFacts,
    /// Who asks.
    pub caller: Caller,
}

/// What a test saw: a reply in a form that can be compared and printed.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Nothing to say.
    Empty,
    /// Members.
    Data(Value),
    /// Names.
    Keys(Vec<String>),
    /// A 404 that carries members.
    Missing(Value),
    /// Members that a client may keep for so many seconds.
    Cached(Value, u64),
    /// Bytes, with their HTTP status.
    Raw(u16, Vec<u8>),
    /// A refusal, with the text for the client.
    Refused(ErrorKind, String),
    /// A reply that is compared by itself: a credential, a login, a problem.
    Other,
}

struct House {
    memory: Arc<Memory>,
    random: Counting,
}

struct Counting(AtomicU64);

impl Bench {
    /// A bench for a plugin, on an empty store, in November 2025.
    pub fn new(plugin: impl Plugin + 'static) -> Self {
        let random = Counting(AtomicU64::new(1));
        Self {
            plugin: Arc::new(plugin),
            services: Arc::new(House {
                memory: Arc::default(),
                random,
            }),
            now: Time::from_second(1_764_000_000).expect("the moment is in range"),
            mount: MountFacts {
                path: "mount/".to_owned(),
                default_lease_ttl: Duration::from_secs(2_764_800),
                max_lease_ttl: Duration::from_secs(2_764_800),
                ..MountFacts::default()
            },
            caller: Caller::default(),
        }
    }

    /// The same store under another plugin, as when a mount's options change.
    #[must_use]
    pub fn remounted(mut self, plugin: impl Plugin + 'static) -> Self {
        self.plugin = Arc::new(plugin);
        self
    }

    /// Lets time pass.
    pub fn pass(&mut self, time: Duration) {
        self.now = self
            .now
            .checked_add(time)
            .expect("tests stay within this millennium");
    }

    /// The store.
    pub fn memory(&self) -> &Memory {
        &self.services.memory
    }

    /// What the plugin says of itself.
    pub fn plugin(&self) -> &dyn Plugin {
        self.plugin.as_ref()
    }

    /// Asks, commits what is to be committed, and says what the client would see.
    pub async fn ask(&self, operation: Operation, path: &str, data: Value) -> Answer {
        let answer = self.propose(operation, path, data).await.and_then(|done| {
            if !done.batch.is_empty() {
                self.memory().apply(done.batch)?;
            }
            done.after.into_iter().for_each(|after| after());
            Ok(Answer::of(done.reply))
        });
        answer.unwrap_or_else(|error| Answer::Refused(error.kind(), error.public().to_owned()))
    }

    /// Asks, and commits nothing.
    pub async fn propose(&self, operation: Operation, path: &str, data: Value) -> Result<Done> {
        let manifest = self.plugin.manifest();
        let matched = manifest
            .find(path, operation)
            .ok_or_else(Error::unsupported_path)?;
        let call = Call {
            route: matched.route,
            operation,
            path: matched.folded.unwrap_or_else(|| path.to_owned()),
            captures: matched.captures,
            data: Fields::of(data),
        };
        let done = self.plugin.handle(self.cx(operation, path), call).await?;
        let reads = operation == Operation::Read || operation.is_listing();
        let pure = manifest.routes.get(matched.route).is_some_and(|route| route.pure);
        let changes = !done.batch.writes.is_empty() || !done.batch.expect.is_empty();
        assert!(
            !(reads && pure && changes),
            "{operation} {path} is pure and has a batch"
        );
        Ok(done)
    }

    /// What the client is told besides.
    pub async fn warnings(&self, operation: Operation, path: &str, data: Value) -> Vec<String> {
        match self.propose(operation, path, data).await {
            Ok(done) => done.warnings,
            Err(_) => Vec::new(),
        }
    }

    /// Whether what a write to this path names exists already; `None` where the route does not say.
    pub async fn exists(&self, path: &str) -> Result<Option<bool>> {
        let matched = self.plugin.manifest().find(path, Operation::Update);
        let matched = matched.ok_or_else(Error::unsupported_path)?;
        let cx = self.cx(Operation::Update, path);
        self.plugin.exists(cx, matched.route, matched.captures).await
    }

    /// Lets the plugin do its own work once.
    pub async fn work(&self) -> Result<Next> {
        self.plugin.work(self.cx(Operation::Update, "")).await
    }

    /// What a handler is given, for tests of what lies below the table.
    pub fn cx(&self, operation: Operation, path: &str) -> Cx {
        Cx {
            storage: Arc::clone(&self.services.memory) as Arc<dyn Storage>,
            now: self.now,
            mount: Arc::new(self.mount.clone()),
            caller: Arc::new(self.caller.clone()),
            request: Arc::new(RequestFacts {
                id: "request".to_owned(),
                operation,
                path: format!("{}{path}", self.mount.path),
                asked_path: format!("{}{path}", self.mount.path),
                remote: None,
                sent_token: false,
                wrap_ttl: None,
                media: String::new(),
                headers: BTreeMap::new(),
            }),
            services: Arc::clone(&self.services) as Arc<dyn Services>,
            own_token: None,
        }
    }
}

impl Answer {
    /// A refusal of a request that cannot be right as it stands.
    pub fn invalid(text: &str) -> Self {
        Self::Refused(ErrorKind::Invalid, text.to_owned())
    }

    /// Nothing is there.
    pub fn absent() -> Self {
        Self::Refused(ErrorKind::NotFound, String::new())
    }

    /// These names.
    pub fn keys(names: &[&str]) -> Self {
        Self::Keys(names.iter().map(|name| (*name).to_owned()).collect())
    }

    /// The members of an answer that has some, wherever they stand.
    ///
    /// # Panics
    /// If it has none.
    #[expect(clippy::panic, reason = "this is the end of a test that expected members")]
    pub fn members(self) -> Value {
        match self {
            Self::Data(members) | Self::Missing(members) | Self::Cached(members, _) => members,
            other => panic!("{other:?} has no members"),
        }
    }

    fn of(reply: Reply) -> Self {
        let value = |fields: Fields| Value::Object(fields.take());
        match reply {
            Reply::Empty => Self::Empty,
            Reply::Data(data) => Self::Data(value(data)),
            Reply::Keys { keys, .. } => Self::Keys(keys),
            Reply::Missing(data) => Self::Missing(value(data)),
            Reply::Cached { data, ttl } => Self::Cached(value(data), ttl.as_secs()),
            Reply::Raw { status, body, .. } => Self::Raw(status, body),
            Reply::Accepted(_)
            | Reply::Secret { .. }
            | Reply::Login(_)
            | Reply::Answer(_)
            | Reply::Problem { .. } => Self::Other,
        }
    }
}

#[async_trait]
impl Services for House {
    fn random(&self) -> &dyn Random {
        &self.random
    }

    async fn commit(&self, batch: Batch) -> Result<Revision> {
        self.memory.apply(batch)
    }

    async fn password(&self, _policy: Option<&str>) -> Result<SecretText> {
        Ok(SecretText::from("Aa1-correct-horse-battery"))
    }
}

/// No chance at all: the same bytes in the same order in every run.
impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let count = self.0.fetch_add(1, Ordering::Relaxed);
            let mixed = count.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bd1_e995_5bd1_e995;
            for (byte, random) in chunk.iter_mut().zip(mixed.to_le_bytes()) {
                *byte = random;
            }
        }
    }
}
