//! What all rules for the same paths come to.

use crate::decision::{Allowed, Decision, Denied, Question, Reason};
use crate::filter::Filter;
use crate::pattern::Pattern;
use crate::rule::Terms;
use crate::{Capabilities, Capability};
use logical::Fields;
use serde_json::Value;
use std::sync::Arc;

/// The member that says how many names a page of a listing has, and its value for "as many as I may".
const LIMIT: &str = "limit";
const MOST: &str = "max";

/// What all rules for the same paths come to, of all policies of a caller.
#[derive(Debug)]
pub(crate) struct Grant {
    pub(crate) pattern: Pattern,
    pub(crate) terms: Terms,
    /// Which policies grant what.
    granting: Vec<(Capability, Arc<[Arc<str>]>)>,
    filters: Arc<[Arc<Filter>]>,
}

/// A grant while rules are added.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    terms: Terms,
    sources: Vec<(Arc<str>, Capabilities)>,
}

impl Draft {
    /// Adds a rule of a policy.
    pub(crate) fn add(&mut self, policy: Arc<str>, terms: &Terms) {
        self.terms.add(terms);
        self.sources.push((policy, terms.capabilities));
    }

    /// Nothing more is added.
    pub(crate) fn finish(self, pattern: Pattern) -> Grant {
        let mut granting: Vec<(Capability, Arc<[Arc<str>]>)> = Vec::new();
        for capability in self.terms.capabilities.iter() {
            let names = self.policies_with(capability);
            // Most often one policy grants all, and one list serves all.
            let known = granting.iter().find(|(_, known)| **known == *names);
            let names = known.map_or_else(|| names.into(), |(_, known)| Arc::clone(known));
            granting.push((capability, names));
        }
        Grant {
            pattern,
            filters: self.terms.filters.as_slice().into(),
            terms: self.terms,
            granting,
        }
    }

    fn policies_with(&self, capability: Capability) -> Vec<Arc<str>> {
        let mut names = Vec::new();
        for (policy, capabilities) in &self.sources {
            if capabilities.has(capability) && !names.contains(policy) {
                names.push(Arc::clone(policy));
            }
        }
        names
    }
}

impl Grant {
    /// Decides about a request for a path for which this grant counts.
    pub(crate) fn decide(&self, question: &Question<'_>, needed: Capability) -> Decision {
        match self.judge(question, needed) {
            Ok(allowed) => Decision::Allowed(allowed),
            Err(reason) => Denied::because(reason),
        }
    }

    /// Says that a capability is missing.
    pub(crate) fn lacks(&self, needed: Capability) -> Reason {
        let rule = self.pattern.to_text();
        if self.terms.capabilities.grant_nothing() {
            Reason::Closed { rule }
        } else {
            Reason::NotGranted { rule, needed }
        }
    }

    fn judge(&self, question: &Question<'_>, needed: Capability) -> Result<Allowed, Reason> {
        let granting = self.granting.iter().find(|(capability, _)| *capability == needed);
        let Some((_, granting)) = granting else {
            return Err(self.lacks(needed));
        };
        if !self.terms.wrapping.allows(question.wrap_ttl) {
            return Err(Reason::Wrapping);
        }
        let mut limit = None;
        if question.operation.is_listing() {
            limit = self.limit(question.data)?;
        } else if needed != Capability::Delete {
            self.terms.parameters.judge(question.data)?;
        }
        Ok(Allowed {
            granting: Arc::clone(granting),
            sudo: self.terms.capabilities.has(Capability::Sudo),
            limit,
            filters: Arc::clone(&self.filters),
        })
    }

    /// Judges the size of a page. Of a listing's parameters only `limit` can be required, and only beside a limit.
    fn limit(&self, data: &Fields) -> Result<Option<u64>, Reason> {
        let max = self.terms.page_max;
        let is_required = || self.terms.parameters.required.iter().any(|name| name == LIMIT);
        let asked = match data.get(LIMIT) {
            None if max > 0 && is_required() => {
                return Err(Reason::ParameterMissing(LIMIT.to_owned()));
            }
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        match (asked.as_str(), asked.parse::<u64>()) {
            (MOST, _) => Ok(Some(max)),
            _ if max == 0 => Ok(None),
            // Zero is no limit, however it is spelled, and so is the limit.
            ("", _) | (_, Ok(0)) => Ok(Some(max)),
            (_, Ok(asked)) if asked <= max => Ok(None),
            _ => Err(Reason::PageTooLarge { max }),
        }
    }
}
