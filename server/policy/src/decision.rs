//! What is asked, and what is answered.

use crate::Capability;
use crate::filter::Filter;
use logical::{Fields, Operation, Time};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// What a caller wants to do.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// On what: the canonical path, which ends in a slash for a listing.
    pub path: &'a str,
    /// What. Whether a write creates or updates has been found out.
    pub operation: Operation,
    /// The members of the body, or of the query where the method has no body.
    pub data: &'a Fields,
    /// How long the wrapped answer may wait; `None` if no wrapping was asked for.
    pub wrap_ttl: Option<Duration>,
    /// The present moment.
    pub now: Time,
}

/// What the policies say.
#[derive(Clone, Debug)]
pub enum Decision {
    /// It may be done.
    Allowed(Allowed),
    /// It may not.
    Denied(Denied),
}

/// On which terms something may be done.
#[derive(Clone, Debug)]
pub struct Allowed {
    /// The names of the policies that grant it, for the audit log.
    pub granting: Arc<[Arc<str>]>,
    /// Whether the rule grants `sudo` besides.
    pub sudo: bool,
    /// What the member `limit` of a listing becomes before the plugin sees it; zero is no limit. `None` leaves it.
    pub limit: Option<u64>,
    /// What leaves out names of a listing.
    pub(crate) filters: Arc<[Arc<Filter>]>,
}

/// A denial. Its reason is for the log and the audit entry; the client learns nothing of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Denied {
    /// Why.
    pub reason: Reason,
}

/// Why something may not be done. Names of parameters are in it, values are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// No rule takes the path.
    NoRule,
    /// The rule that counts grants nothing, or denies.
    Closed {
        /// The rule's path.
        rule: String,
    },
    /// The rule that counts does not grant what is needed.
    NotGranted {
        /// The rule's path.
        rule: String,
        /// What is needed.
        needed: Capability,
    },
    /// No policy can open the operation.
    NotForClients(Operation),
    /// A parameter that must be there is missing.
    ParameterMissing(String),
    /// A parameter, or its value, is denied or not among the allowed ones.
    ParameterRefused(String),
    /// The answer must be wrapped, for a time within limits.
    Wrapping,
    /// The page asked for is larger than the limit, or none was asked for.
    PageTooLarge {
        /// The limit.
        max: u64,
    },
    /// A rule that closes paths could not be filled in for the caller, so everything is closed.
    ClosingRuleNotFilled {
        /// The policy that has it.
        policy: Arc<str>,
    },
    /// A rule has expired since the policies were compiled: they must be compiled again.
    Outdated,
}

impl Denied {
    pub(crate) fn because(reason: Reason) -> Decision {
        Decision::Denied(Self { reason })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRule => f.write_str("no rule of the caller's policies takes the path"),
            Self::Closed { rule } => write!(f, "the rule {rule:?} grants nothing"),
            Self::NotGranted { rule, needed } => {
                write!(f, "the rule {rule:?} does not grant {}", needed.as_str())
            }
            Self::NotForClients(operation) => write!(f, "no policy can grant the operation {operation}"),
            Self::ParameterMissing(name) => write!(f, "the parameter {name:?} is required"),
            Self::ParameterRefused(name) => write!(f, "the parameter {name:?} or its value is not allowed"),
            Self::Wrapping => f.write_str("the answer must be wrapped for a time within the rule's limits"),
            Self::PageTooLarge { max } => write!(f, "a page may have at most {max} names"),
            Self::ClosingRuleNotFilled { policy } => {
                write!(
                    f,
                    "a denying rule of the policy {policy:?} cannot be filled in for the caller"
                )
            }
            Self::Outdated => f.write_str("a rule has expired since the policies were compiled"),
        }
    }
}

impl From<Denied> for logical::Error {
    fn from(denied: Denied) -> Self {
        Self::denied().caused_by(denied)
    }
}
