//! Templates that cannot be filled in: a grant is lost, a denial is not.

use crate::ask::{decide, is_allowed, now, policy};
use logical::Entity;
use server_policy::{Acl, Decision, Facts, Policy, Values};
use std::sync::Arc;

const RULES: &str = "path \"kv/*\" { capabilities = [\"read\"] }
path \"kv/{{identity.entity.metadata.k}}/*\" { capabilities = [CAPS] }";

fn facts(k: Option<&str>) -> Facts {
    let entity = Entity {
        metadata: k.map(|k| ("k".to_owned(), k.to_owned())).into_iter().collect(),
        ..Entity::default()
    };
    Facts {
        entity: Some(Arc::new(entity)),
        ..Facts::default()
    }
}

fn check(capabilities: &str, k: Option<&str>, allowed: &[&str], denied: &[&str]) {
    let policy = policy("p", &RULES.replace("CAPS", capabilities));
    let acl = Acl::compile(&[policy], &facts(k), now());
    for line in allowed {
        assert!(is_allowed(&acl, line), "{line} with {capabilities} and {k:?}");
    }
    for line in denied {
        assert!(!is_allowed(&acl, line), "{line} with {capabilities} and {k:?}");
    }
}

#[test]
fn a_rule_that_is_filled_in_counts() {
    check("\"deny\"", Some("x"), &["read kv/a"], &["read kv/x/a"]);
    check(
        "\"delete\"",
        Some("x"),
        &["read kv/a", "delete kv/x/a"],
        &["read kv/x/a", "delete kv/y/a"],
    );
}

#[test]
fn a_grant_that_cannot_be_filled_in_is_lost_alone() {
    for k in [None, Some("x/+"), Some("*"), Some("")] {
        check(
            "\"delete\"",
            k,
            &["read kv/a", "read kv/x/a"],
            &["delete kv/x/a", "delete kv/a"],
        );
    }
}

#[test]
fn a_denial_that_cannot_be_filled_in_denies_everything() {
    for capabilities in ["\"deny\"", "\"deny\", \"read\"", ""] {
        for k in [None, Some("x/+"), Some("*"), Some("")] {
            check(
                capabilities,
                k,
                &[],
                &["read kv/a", "read kv/x/a", "read auth/token/lookup-self"],
            );
        }
    }
}

#[test]
fn a_closed_caller_sees_nothing() {
    let acl = Acl::compile(
        &[policy("p", &RULES.replace("CAPS", "\"deny\""))],
        &facts(None),
        now(),
    );
    assert_eq!(acl.capabilities("kv/a"), ["deny"]);
    assert!(!acl.touches_mount("kv/"));
    let Decision::Denied(denied) = decide(&acl, "read kv/a") else {
        panic!("everything is closed");
    };
    assert_eq!(
        denied.to_string(),
        "a denying rule of the policy \"p\" cannot be filled in for the caller"
    );
}

#[test]
fn an_operator_may_let_values_be_wider() {
    let text = "path \"kv/{{identity.entity.metadata.k}}\" { capabilities = [\"read\"] }";
    let wide = |slashes, wildcards| {
        Arc::new(
            Policy::parse("p", text)
                .unwrap()
                .with_values(Values { slashes, wildcards }),
        )
    };
    let may = |policy, k, line| is_allowed(&Acl::compile(&[policy], &facts(Some(k)), now()), line);
    assert!(may(wide(true, false), "x/y", "read kv/x/y"));
    assert!(!may(wide(false, true), "x/y", "read kv/x/y"));
    assert!(may(wide(false, true), "x*", "read kv/xab"));
    assert!(may(wide(false, true), "+", "read kv/blue"));
    assert!(may(wide(true, true), "+/y", "read kv/x/y"));
    assert!(!may(wide(true, false), "+/y", "read kv/x/y"));
}
