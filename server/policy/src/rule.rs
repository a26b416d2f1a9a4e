//! One path of a policy, and what the policy says about it.

use crate::Capabilities;
use crate::facts::Facts;
use crate::filter::Filter;
use crate::parameters::Parameters;
use crate::pattern::Pattern;
use crate::template::{Template, Values};
use crate::wrapping::Wrapping;
use logical::Time;
use std::sync::Arc;

/// One path of a policy, and what the policy says about it.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// What it speaks of.
    pub(crate) target: Target,
    /// What it grants.
    pub(crate) terms: Terms,
    /// When it stops to count.
    pub(crate) expires: Option<Time>,
}

/// What a rule speaks of.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// The same paths for everybody.
    Fixed(Pattern),
    /// Paths that depend on who asks.
    Filled(Template),
}

/// What a rule grants, and on which terms.
#[derive(Clone, Debug, Default)]
pub(crate) struct Terms {
    pub(crate) capabilities: Capabilities,
    pub(crate) parameters: Parameters,
    pub(crate) wrapping: Wrapping,
    /// The most names in one page of a listing; zero is no limit.
    pub(crate) page_max: u64,
    /// What leaves out names of a listing; all must let a name through.
    pub(crate) filters: Vec<Arc<Filter>>,
}

impl Rule {
    /// Whether it counts at a moment.
    pub(crate) fn counts_at(&self, now: Time) -> bool {
        self.expires.is_none_or(|end| now < end)
    }

    /// Whether all it can do is to close paths. An empty rule hides wider ones, so it closes too.
    pub(crate) fn closes(&self) -> bool {
        self.terms.capabilities.grant_nothing()
    }
}

impl Target {
    /// The paths for one caller. `None` if a template cannot be filled in.
    pub(crate) fn for_caller(&self, facts: &Facts, values: Values) -> Option<Pattern> {
        match self {
            Self::Fixed(pattern) => Some(pattern.clone()),
            Self::Filled(template) => Pattern::parse(&template.fill(facts, values)?),
        }
    }
}

impl Terms {
    /// Adds what another rule says about the same paths.
    pub(crate) fn add(&mut self, other: &Self) {
        self.capabilities = self.capabilities.and(other.capabilities);
        self.parameters.add(&other.parameters);
        self.wrapping = self.wrapping.and(other.wrapping);
        self.page_max = match (self.page_max, other.page_max) {
            (0, max) | (max, 0) => max,
            (one, another) => one.min(another),
        };
        for filter in &other.filters {
            if !self.filters.contains(filter) {
                self.filters.push(Arc::clone(filter));
            }
        }
    }
}
