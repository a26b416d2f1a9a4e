//! What the built-in policies grant, as it was recorded.

use crate::ask::{now, policy};
use logical::Entity;
use server_policy::{Acl, DEFAULT, DEFAULT_TEXT, Facts, RESPONSE_WRAPPING, RESPONSE_WRAPPING_TEXT};
use std::sync::Arc;

fn check(acl: &Acl, expected: &[(&str, &str)]) {
    for (path, names) in expected {
        assert_eq!(acl.capabilities(path).join(" "), *names, "{path}");
    }
}

#[test]
fn default_lets_a_token_care_for_itself() {
    let entity = Entity {
        id: "e-1".to_owned(),
        name: "ann".to_owned(),
        ..Entity::default()
    };
    let facts = Facts {
        entity: Some(Arc::new(entity)),
        ..Facts::default()
    };
    let acl = Acl::compile(&[policy(DEFAULT, DEFAULT_TEXT)], &facts, now());
    check(
        &acl,
        &[
            ("auth/token/lookup-self", "read"),
            ("auth/token/renew-self", "update"),
            ("auth/token/revoke-self", "update"),
            ("auth/token/lookup", "deny"),
            ("auth/token/create", "deny"),
            ("sys/capabilities-self", "update"),
            ("sys/capabilities", "deny"),
            ("sys/internal/ui/resultant-acl", "read"),
            ("sys/internal/ui/mounts", "deny"),
            ("sys/leases/renew", "update"),
            ("sys/leases/lookup", "update"),
            ("sys/leases/revoke", "deny"),
            ("sys/renew", "deny"),
            ("cubbyhole/", "create delete list read update"),
            ("cubbyhole/x", "create delete list read update"),
            ("sys/wrapping/wrap", "update"),
            ("sys/wrapping/lookup", "update"),
            ("sys/wrapping/unwrap", "update"),
            ("sys/wrapping/rewrap", "deny"),
            ("sys/tools/hash", "update"),
            ("sys/tools/hash/sha2-512", "update"),
            ("sys/tools/random", "deny"),
            ("identity/entity/id/e-1", "read"),
            ("identity/entity/id/e-2", "deny"),
            ("identity/entity/name/ann", "read"),
            ("identity/entity/name/bob", "deny"),
            ("identity/oidc/provider/p/authorize", "read update"),
            ("sys/mounts", "deny"),
            ("secret/data/a", "deny"),
        ],
    );
}

#[test]
fn a_wrapping_token_may_only_unwrap() {
    let policies = [policy(RESPONSE_WRAPPING, RESPONSE_WRAPPING_TEXT)];
    check(
        &Acl::compile(&policies, &Facts::default(), now()),
        &[
            ("cubbyhole/response", "create read"),
            ("sys/wrapping/unwrap", "update"),
            ("cubbyhole/x", "deny"),
            ("sys/wrapping/lookup", "deny"),
        ],
    );
}
