//! Rules and policies that stop to count.

use crate::ask::{Request, policy};
use logical::Time;
use server_policy::{Acl, Decision, Facts, Policy, Reason};
use std::sync::Arc;

const TEXT: &str = "path \"kv/a\" { capabilities = [\"read\"] expiration = 2000 }
path \"kv/*\" { capabilities = [\"list\"] }
path \"kv/old\" { capabilities = [\"deny\"] expiration = 500 }";

fn at(seconds: i64) -> Time {
    Time::from_second(seconds).unwrap()
}

fn decide(acl: &Acl, line: &str, now: i64) -> Result<(), Reason> {
    let request = Request::parse(line);
    let mut question = request.question();
    question.now = at(now);
    match acl.decide(&question) {
        Decision::Allowed(_) => Ok(()),
        Decision::Denied(denied) => Err(denied.reason),
    }
}

#[test]
fn an_expired_rule_lets_the_next_best_one_count() {
    let policies = [policy("p", TEXT)];
    let before = Acl::compile(&policies, &Facts::default(), at(1999));
    assert_eq!(decide(&before, "read kv/a", 1999), Ok(()));
    assert_eq!(before.capabilities("kv/old"), ["list"]);
    let after = Acl::compile(&policies, &Facts::default(), at(2000));
    assert_eq!(after.capabilities("kv/a"), ["list"]);
    assert_eq!(after.holds_until(), None);
}

#[test]
fn what_was_compiled_before_a_rule_expired_denies() {
    let acl = Acl::compile(&[policy("p", TEXT)], &Facts::default(), at(1000));
    assert_eq!(acl.holds_until(), Some(at(2000)));
    assert_eq!(decide(&acl, "list kv/b/", 1999), Ok(()));
    assert_eq!(decide(&acl, "list kv/b/", 2000), Err(Reason::Outdated));
}

#[test]
fn an_expired_policy_grants_and_denies_nothing() {
    let short = Policy::parse("short", "path \"kv/*\" { capabilities = [\"deny\"] }").unwrap();
    let policies = [
        Arc::new(short.expiring(at(1500))),
        policy("p", "path \"kv/*\" { capabilities = [\"read\"] }"),
    ];
    let before = Acl::compile(&policies, &Facts::default(), at(1000));
    assert_eq!(before.capabilities("kv/a"), ["deny"]);
    assert_eq!(before.holds_until(), Some(at(1500)));
    let after = Acl::compile(&policies, &Facts::default(), at(1500));
    assert_eq!(after.capabilities("kv/a"), ["read"]);
}
