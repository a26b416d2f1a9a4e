//! Policies at rest, and compiled for whoever asks.

use logical::{Caller, Error, Key, Page, Result, Revision, Storage, Time};
use parking_lot::RwLock;
use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};
use server_policy::{Acl, Facts, Policy, ROOT, Values};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The number of the root namespace, the only one for now.
const ROOT_NAMESPACE: u64 = 0;
/// The number of the kind of policies that say who may do what.
const ACL: u64 = 0;
/// Compiled sets that are kept.
const SETS_MAX: usize = 4_096;
/// Tokens whose set is remembered.
const TOKENS_MAX: usize = 16_384;

/// A policy as its row says it.
#[derive(Clone, Serialize, Deserialize)]
pub struct PolicyRecord {
    /// The text, as it was written.
    pub text: String,
    /// How often it was written.
    pub version: u64,
    /// When it was written last.
    pub modified: Time,
    /// Whether a change must name the version that it changes.
    #[serde(default)]
    pub cas_required: bool,
    /// When it stops to grant anything.
    #[serde(default)]
    pub expires: Option<Time>,
    /// Whether values in templates may hold slashes.
    #[serde(default)]
    pub allow_slashes: bool,
    /// Whether values in templates may hold `*` and `+`.
    #[serde(default)]
    pub allow_wildcards: bool,
}

impl PolicyRecord {
    /// A policy that is written for the first time.
    pub fn first(text: &str, now: Time) -> Self {
        Self {
            text: text.to_owned(),
            version: 1,
            modified: now,
            cas_required: false,
            expires: None,
            allow_slashes: false,
            allow_wildcards: false,
        }
    }
}

/// Every policy.
///
/// What was compiled is good as long as none of its policies has changed since: a change raises the epoch and notes
/// which name it was. A token remembers its set for the present epoch, so that a decision costs one look-up, however
/// many policies the token has.
pub struct Policies {
    storage: Arc<dyn Storage>,
    epoch: AtomicU64,
    changed: RwLock<HashMap<String, u64>>,
    sets: Cache<SetName, Compiled>,
    tokens: Cache<logical::Id, (Revision, Compiled)>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct SetName {
    policies: Vec<String>,
    entity: Option<(String, String)>,
}

#[derive(Clone)]
struct Compiled {
    epoch: u64,
    acl: Arc<Acl>,
}

impl Policies {
    /// A room over the root view.
    pub fn new(storage: Arc<dyn Storage>) -> Self {
        Self {
            storage,
            epoch: AtomicU64::new(0),
            changed: RwLock::default(),
            sets: Cache::new(SETS_MAX),
            tokens: Cache::new(TOKENS_MAX),
        }
    }

    /// Forgets what was compiled, at sealing.
    pub fn clear(&self) {
        self.sets.clear();
        self.tokens.clear();
    }

    /// Notes that a policy has changed. Called once the change is durable and before it is answered.
    pub fn changed(&self, name: &str) {
        let mut changed = self.changed.write();
        let epoch = self.epoch.fetch_add(1, Ordering::AcqRel) + 1;
        changed.insert(name.to_owned(), epoch);
    }

    /// What a caller may do at a moment.
    pub async fn acl(&self, caller: &Caller, now: Time) -> Result<Arc<Acl>> {
        let epoch = self.epoch.load(Ordering::Acquire);
        // A token's policies never change, but its entity's may: those are part of the set, so only tokens without an
        // entity are remembered by accessor.
        let remembered = caller.accessor.filter(|_| caller.entity.is_none());
        if let Some(accessor) = remembered
            && let Some((_, compiled)) = self.tokens.get(&accessor)
            && compiled.epoch == epoch
            && compiled.holds_at(now)
        {
            return Ok(compiled.acl);
        }
        let compiled = self.set(caller, epoch, now).await?;
        if let Some(accessor) = remembered {
            let compiled = Compiled {
                epoch,
                ..compiled.clone()
            };
            self.tokens.insert(accessor, (Revision::default(), compiled));
        }
        Ok(compiled.acl)
    }

    /// The record of a policy.
    pub async fn get(&self, name: &str) -> Result<Option<(PolicyRecord, Revision)>> {
        let Some(row) = self.storage.get(&Self::key(name)).await? else {
            return Ok(None);
        };
        Ok(Some((row.json()?, row.revision)))
    }

    /// The names of all policies that were written, sorted.
    pub async fn names(&self) -> Result<Vec<String>> {
        self.storage.list(&Self::rows(), &Page::all()).await
    }

    /// The key of a policy's row.
    pub fn key(name: &str) -> Key {
        Self::rows().name(name)
    }

    fn rows() -> Key {
        Key::of("policy").number(ROOT_NAMESPACE).number(ACL)
    }

    async fn set(&self, caller: &Caller, epoch: u64, now: Time) -> Result<Compiled> {
        let policies = caller.policies();
        let entity = caller
            .entity
            .as_ref()
            .map(|entity| (entity.id.clone(), entity.name.clone()));
        let name = SetName { policies, entity };
        if let Some(compiled) = self.sets.get(&name)
            && self.is_current(&name, compiled.epoch)
            && compiled.holds_at(now)
        {
            return Ok(compiled);
        }
        let mut found = Vec::with_capacity(name.policies.len());
        for policy in &name.policies {
            found.extend(self.policy(policy).await?);
        }
        let facts = Facts {
            entity: caller.entity.clone(),
            ..Facts::default()
        };
        let compiled = Compiled {
            epoch,
            acl: Arc::new(Acl::compile(&found, &facts, now)),
        };
        self.sets.insert(name, compiled.clone());
        Ok(compiled)
    }

    /// A policy that does not parse any more fails the whole set: it may have denied something.
    async fn policy(&self, name: &str) -> Result<Option<Arc<Policy>>> {
        let record = match self.get(name).await? {
            Some((record, _)) => Some(record),
            None if name == ROOT => None,
            None => return Ok(None),
        };
        let text = record.as_ref().map_or("", |record| record.text.as_str());
        let parsed = server_policy::decoded(text).and_then(|text| Policy::parse(name, &text));
        let policy = parsed.map_err(|error| Error::internal(format!("read policy {name:?}: {error}")))?;
        let Some(record) = record else {
            return Ok(Some(Arc::new(policy)));
        };
        let values = Values {
            slashes: record.allow_slashes,
            wildcards: record.allow_wildcards,
        };
        let policy = policy.with_values(values);
        Ok(Some(Arc::new(match record.expires {
            Some(end) => policy.expiring(end),
            None => policy,
        })))
    }

    fn is_current(&self, name: &SetName, epoch: u64) -> bool {
        let changed = self.changed.read();
        name.policies
            .iter()
            .all(|policy| changed.get(policy).is_none_or(|at| *at <= epoch))
    }
}

impl Compiled {
    /// Whether no rule in it has expired since it was made.
    fn holds_at(&self, now: Time) -> bool {
        self.acl.holds_until().is_none_or(|until| now < until)
    }
}
