//! Asking an ACL, in one line.

use logical::{Fields, Operation, Time};
use serde_json::Value;
use server_policy::{Acl, Decision, Facts, Policy, Question};
use std::sync::Arc;
use std::time::Duration;

/// A request in one line: an operation, a path, members as JSON, `wrap=` and seconds.
pub(crate) struct Request {
    pub(crate) operation: Operation,
    pub(crate) path: String,
    pub(crate) data: Fields,
    pub(crate) wrap_ttl: Option<Duration>,
}

impl Request {
    pub(crate) fn parse(line: &str) -> Self {
        let (operation, rest) = line.split_once(' ').unwrap();
        let (rest, wrap) = match rest.split_once(" wrap=") {
            Some((rest, seconds)) => (rest, Some(seconds.parse().unwrap())),
            None => (rest, None),
        };
        let (path, data) = match rest.split_once(" {") {
            Some((path, members)) => (path, serde_json::from_str(&format!("{{{members}")).unwrap()),
            None => (rest, Value::Null),
        };
        Self {
            operation: serde_json::from_value(operation.into()).unwrap(),
            path: path.to_owned(),
            data: Fields::of(data),
            wrap_ttl: wrap.map(Duration::from_secs),
        }
    }

    pub(crate) fn question(&self) -> Question<'_> {
        Question {
            path: &self.path,
            operation: self.operation,
            data: &self.data,
            wrap_ttl: self.wrap_ttl,
            now: now(),
        }
    }
}

/// The present moment of all tests.
pub(crate) fn now() -> Time {
    Time::from_second(1_000).unwrap()
}

pub(crate) fn policy(name: &str, text: &str) -> Arc<Policy> {
    match Policy::parse(name, text) {
        Ok(policy) => Arc::new(policy),
        Err(error) => panic!("{name}: {error}\n{text}"),
    }
}

/// The ACL of one policy, for somebody of whom nothing is known.
pub(crate) fn acl(text: &str) -> Acl {
    Acl::compile(&[policy("p", text)], &Facts::default(), now())
}

pub(crate) fn decide(acl: &Acl, line: &str) -> Decision {
    acl.decide(&Request::parse(line).question())
}

pub(crate) fn is_allowed(acl: &Acl, line: &str) -> bool {
    matches!(decide(acl, line), Decision::Allowed(_))
}

/// What a page's limit becomes; the reason of the denial, if it is one.
pub(crate) fn limit(acl: &Acl, line: &str) -> Result<Option<u64>, String> {
    match decide(acl, line) {
        Decision::Allowed(allowed) => Ok(allowed.limit),
        Decision::Denied(denied) => Err(denied.to_string()),
    }
}
