//! What a plugin is given while it answers.

use async_trait::async_trait;
use logical::secret::SecretText;
use logical::{
    Batch, Caller, Cx, Key, Operation, Random, Request, RequestFacts, Result, Revision, Services, Store,
};
use server_mounts::Mount;
use server_passwords::Passwords;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::corridor::Asked;
use crate::house::House;
use crate::route;
use crate::scoped::Scoped;

/// A plugin's `Cx`, and whether it committed something by itself: then it is not run again.
pub(crate) struct Given {
    pub(crate) cx: Cx,
    pub(crate) committed: Arc<AtomicBool>,
}

/// What the house does for one plugin during one request.
struct ForPlugin {
    store: Arc<dyn Store>,
    random: Arc<dyn Random>,
    passwords: Arc<Passwords>,
    prefix: Key,
    committed: Arc<AtomicBool>,
}

impl House {
    /// What a plugin is given for a client's request.
    pub(crate) fn cx(&self, mount: &Mount, asked: Asked<'_>, operation: Operation) -> Given {
        let Asked {
            request,
            route,
            standing,
        } = asked;
        let facts = RequestFacts {
            id: request.id.clone(),
            operation,
            path: route.path.as_str().to_owned(),
            asked_path: request.path.as_str().to_owned(),
            remote: Some(request.remote),
            sent_token: request.token.is_some(),
            wrap_ttl: request.wrap_ttl,
            media: request.media.clone(),
            headers: passed_through(mount, request),
        };
        let mut given = self.given(mount, Arc::clone(&standing.caller), facts);
        if route::is_own(mount) {
            given.cx.own_token = request.token.clone().map(Arc::new);
        }
        given
    }

    /// What a plugin is given for work of the house's own.
    pub(crate) fn own_cx(&self, mount: &Mount, operation: Operation, path: &str) -> Given {
        let facts = RequestFacts {
            id: logical::random_uuid(self.random()),
            operation,
            path: path.to_owned(),
            asked_path: path.to_owned(),
            remote: None,
            sent_token: false,
            wrap_ttl: None,
            media: String::new(),
            headers: BTreeMap::new(),
        };
        self.given(mount, Arc::new(Caller::system()), facts)
    }

    fn given(&self, mount: &Mount, caller: Arc<Caller>, facts: RequestFacts) -> Given {
        let committed = Arc::new(AtomicBool::new(false));
        let prefix = route::prefix(mount);
        let services = ForPlugin {
            store: Arc::clone(&self.store),
            random: Arc::clone(&self.ambient.random),
            passwords: Arc::clone(&self.rooms.passwords),
            prefix: prefix.clone(),
            committed: Arc::clone(&committed),
        };
        let cx = Cx {
            storage: Arc::new(Scoped::new(Arc::clone(&self.store), prefix)),
            now: self.now(),
            mount: Arc::clone(&mount.facts),
            caller,
            request: Arc::new(facts),
            services: Arc::new(services),
            own_token: None,
        };
        Given { cx, committed }
    }
}

#[async_trait]
impl Services for ForPlugin {
    fn random(&self) -> &dyn Random {
        self.random.as_ref()
    }

    async fn commit(&self, batch: Batch) -> Result<Revision> {
        self.committed.store(true, Ordering::Relaxed);
        self.store.commit(batch.below(&self.prefix)).await
    }

    async fn password(&self, policy: Option<&str>) -> Result<SecretText> {
        self.passwords.generate(policy, self.random.as_ref()).await
    }
}

/// Headers that the mount's tuning lets through. Never one that carries our own tokens.
fn passed_through(mount: &Mount, request: &Request) -> BTreeMap<String, Vec<String>> {
    let Some(names) = &mount.entry.config.tuning.passthrough_request_headers else {
        return BTreeMap::new();
    };
    let allowed = |name: &str| names.iter().any(|allowed| allowed.eq_ignore_ascii_case(name));
    let passed = request.headers.0.iter().filter(|(name, _)| allowed(name));
    passed
        .map(|(name, values)| (name.clone(), values.clone()))
        .collect()
}
