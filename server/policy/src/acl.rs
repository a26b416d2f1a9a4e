//! What a set of policies comes to for one caller.

use crate::builtin::ROOT;
use crate::decision::{Allowed, Decision, Denied, Question, Reason};
use crate::facts::Facts;
use crate::filter::Filter;
use crate::grant::{Draft, Grant};
use crate::pattern::Pattern;
use crate::policy::Policy;
use crate::tree::Tree;
use crate::{Capabilities, Capability};
use logical::{Operation, Time};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What a set of policies comes to for one caller: made once, asked for every request.
///
/// Only one rule counts for a path (`Pattern` says which), with whatever the policies say about that same rule's paths
/// put together. Finding it takes one look-up and one walk along the path, however many policies there are.
#[derive(Debug)]
pub struct Acl {
    standing: Standing,
    pub(crate) grants: Vec<Grant>,
    exact: HashMap<Box<str>, usize>,
    wild: Tree,
    until: Option<Time>,
}

/// Whether the rules are looked at, at all.
#[derive(Debug)]
enum Standing {
    /// They are.
    Rules,
    /// Everything is allowed, by the policy `root`.
    Root(Arc<[Arc<str>]>),
    /// Nothing is.
    Closed(Reason),
}

impl Acl {
    /// Puts policies together for one caller at one moment.
    ///
    /// A rule whose template cannot be filled in grants nothing. If it closes paths, nobody can say which, and
    /// everything is closed.
    pub fn compile(policies: &[Arc<Policy>], facts: &Facts, now: Time) -> Self {
        let mut drafts: BTreeMap<Pattern, Draft> = BTreeMap::new();
        let mut standing = Standing::Rules;
        for policy in policies {
            for rule in policy.rules_at(now) {
                match rule.target.for_caller(facts, policy.values()) {
                    Some(pattern) => drafts
                        .entry(pattern)
                        .or_default()
                        .add(policy.shared_name(), &rule.terms),
                    None if rule.closes() => {
                        let policy = policy.shared_name();
                        standing = Standing::Closed(Reason::ClosingRuleNotFilled { policy });
                    }
                    None => {}
                }
            }
        }
        if let Some(root) = policies.iter().find(|policy| policy.name() == ROOT) {
            standing = Standing::Root([root.shared_name()].into());
        }
        let until = policies.iter().filter_map(|policy| policy.next_end(now)).min();
        Self::of(drafts, standing, until)
    }

    fn of(drafts: BTreeMap<Pattern, Draft>, standing: Standing, until: Option<Time>) -> Self {
        let finish = |(pattern, draft): (Pattern, Draft)| draft.finish(pattern);
        let grants: Vec<Grant> = drafts.into_iter().map(finish).collect();
        let mut exact = HashMap::new();
        let mut wild = Vec::new();
        for (number, grant) in grants.iter().enumerate() {
            match &grant.pattern {
                Pattern::Exact(path) => {
                    exact.insert(path.clone(), number);
                }
                Pattern::Wild(pattern) => wild.push((pattern, number)),
            }
        }
        Self {
            standing,
            wild: Tree::of(wild),
            exact,
            grants,
            until,
        }
    }

    /// Until when it holds; from then on it denies and must be compiled again. `None` is for ever.
    pub fn holds_until(&self) -> Option<Time> {
        self.until
    }

    /// Whether it is `root`'s and allows everything.
    pub fn is_root(&self) -> bool {
        matches!(self.standing, Standing::Root(_))
    }

    /// Decides about a request.
    pub fn decide(&self, question: &Question<'_>) -> Decision {
        match &self.standing {
            Standing::Root(granting) => return allowed(Arc::clone(granting), true),
            // What a path is for may be known to everybody who is known.
            _ if question.operation == Operation::Help => return allowed(Arc::default(), false),
            Standing::Closed(reason) => return Denied::because(reason.clone()),
            Standing::Rules => {}
        }
        if self.until.is_some_and(|until| question.now >= until) {
            return Denied::because(Reason::Outdated);
        }
        let Some(needed) = Capability::needed_for(question.operation) else {
            return Denied::because(Reason::NotForClients(question.operation));
        };
        match self.find(question.path, question.operation.is_listing()) {
            Some(grant) => grant.decide(question, needed),
            None => Denied::because(Reason::NoRule),
        }
    }

    /// The names of what may be done on a path, in order: `root` or `deny` alone where everything or nothing may be.
    pub fn capabilities(&self, path: &str) -> Vec<&'static str> {
        match self.standing {
            Standing::Root(_) => vec![ROOT],
            Standing::Closed(_) => Capabilities::NONE.names(),
            Standing::Rules => self.granted(path).names(),
        }
    }

    /// Why a request that is allowed is denied all the same where `sudo` is asked for.
    pub(crate) fn lacks_sudo(&self, question: &Question<'_>) -> Denied {
        let grant = self.find(question.path, question.operation.is_listing());
        let reason = grant.map_or(Reason::NoRule, |grant| grant.lacks(Capability::Sudo));
        Denied { reason }
    }

    /// Whether a name in a listing of a path may be seen: if its path may be read, or listed where it is a folder.
    pub(crate) fn shows(&self, filter: &Filter, listing: &str, key: &str) -> bool {
        let path = filter.path_of(listing, key);
        let needed = if path.ends_with('/') {
            Capability::List
        } else {
            Capability::Read
        };
        match self.standing {
            Standing::Root(_) => true,
            Standing::Closed(_) => false,
            Standing::Rules => self.granted(&path).has(needed),
        }
    }

    /// Whether the rules are looked at, at all; else whether everything is allowed.
    pub(crate) fn without_rules(&self) -> Option<bool> {
        match self.standing {
            Standing::Rules => None,
            Standing::Root(_) => Some(true),
            Standing::Closed(_) => Some(false),
        }
    }

    fn granted(&self, path: &str) -> Capabilities {
        let grant = self.find(path, true);
        grant.map_or(Capabilities::NONE, |grant| grant.terms.capabilities)
    }

    /// The grant that counts for a path. A listing's path, which ends in a slash, is also tried without it: right
    /// after itself among exact paths, and last among patterns.
    fn find(&self, path: &str, is_listing: bool) -> Option<&Grant> {
        let path = path.strip_prefix('/').unwrap_or(path);
        let bare = path.strip_suffix('/').filter(|_| is_listing);
        let exact = |path: &str| self.exact.get(path).copied();
        let number = exact(path)
            .or_else(|| exact(bare?))
            .or_else(|| self.wild.find(path))
            .or_else(|| self.wild.find(bare?));
        self.grants.get(number?)
    }
}

fn allowed(granting: Arc<[Arc<str>]>, sudo: bool) -> Decision {
    Decision::Allowed(Allowed {
        granting,
        sudo,
        limit: None,
        filters: Arc::default(),
    })
}
