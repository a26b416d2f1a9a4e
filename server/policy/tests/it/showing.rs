//! What user interfaces ask for: the merged rules, and the mounts that are worth showing.

use crate::ask::{acl, now, policy};
use serde_json::json;
use server_policy::{Acl, Facts, Policy};
use std::sync::Arc;

#[test]
fn merged_rules_are_shown_as_they_were_recorded() {
    let one = "path \"kv/a\" { capabilities = [\"read\", \"create\"] }
        path \"kv/*\" { capabilities = [\"list\"] }
        path \"kv/x\" { capabilities = [\"deny\"] }
        path \"kv/q\" { capabilities = [\"read\"] allowed_parameters = { a = [\"1\", \"2\"], b = [] }
            denied_parameters = { c = [] } required_parameters = [\"a\"]
            min_wrapping_ttl = \"1m\" max_wrapping_ttl = \"1h\" }
        path \"kv/+/p\" { capabilities = [\"read\"] }
        path \"sys/*\" { policy = \"sudo\" }
        path \"kv/none\" {}";
    let two = "path \"kv/a\" { capabilities = [\"delete\", \"patch\", \"scan\"] }
        path \"kv/*\" { capabilities = [\"read\"] }
        path \"kv/x\" { capabilities = [\"read\"] }";
    let acl = Acl::compile(
        &[policy("one", one), policy("two", two)],
        &Facts::default(),
        now(),
    );
    let expected = json!({
        "root": false,
        "exact_paths": {
            "kv/a": { "capabilities": ["create", "delete", "read", "patch", "scan"] },
            "kv/none": { "capabilities": ["deny"] },
            "kv/q": {
                "capabilities": ["read"],
                "allowed_parameters": { "a": ["1", "2"], "b": [] },
                "denied_parameters": { "c": [] },
                "required_parameters": ["a"],
                "min_wrapping_ttl": 60,
                "max_wrapping_ttl": 3600
            },
            "kv/x": { "capabilities": ["deny"] }
        },
        "glob_paths": {
            "kv/": { "capabilities": ["list", "read"] },
            "sys/": { "capabilities": ["create", "delete", "list", "read", "sudo", "update"] }
        }
    });
    assert_eq!(acl.resultant(), expected);
}

#[test]
fn of_root_there_is_nothing_to_show() {
    let root = Acl::compile(
        &[Arc::new(Policy::parse("root", "").unwrap())],
        &Facts::default(),
        now(),
    );
    assert_eq!(root.resultant(), json!({ "root": true }));
    assert!(root.touches_mount("anything/"));
}

fn check(text: &str, seen: &[&str], hidden: &[&str]) {
    let acl = acl(text);
    for mount in seen {
        assert!(acl.touches_mount(mount), "{mount} is shown with {text}");
    }
    for mount in hidden {
        assert!(!acl.touches_mount(mount), "{mount} is hidden with {text}");
    }
}

#[test]
fn a_mount_is_shown_to_whom_something_in_it_is_granted() {
    let text = "path \"plain/a/*\" { capabilities = [\"list\"] }
        path \"hidden/+/x\" { capabilities = [\"read\"] }
        path \"auth/plain/*\" { capabilities = [\"deny\"] }
        path \"team/kv/x\" { capabilities = [\"update\"] }";
    check(
        text,
        &["plain/", "hidden/", "team/kv/"],
        &["auth/plain/", "auth/token/", "secret/", "pla/", "x/"],
    );
    check(
        "path \"+/data/*\" { capabilities = [\"read\"] }",
        &["secret/", "kv/"],
        &["team/kv/"],
    );
    check(
        "path \"+/+/x\" { capabilities = [\"read\"] }",
        &["secret/", "team/kv/"],
        &[],
    );
    check(
        "path \"sec*\" { capabilities = [\"read\"] }",
        &["secret/"],
        &["kv/"],
    );
}

#[test]
fn a_denial_hides_a_mount() {
    check("path \"*\" { capabilities = [\"deny\"] }", &[], &["secret/"]);
    let text = "path \"*\" { capabilities = [\"read\"] }
        path \"secret/*\" { capabilities = [\"deny\"] }
        path \"kv/*\" { capabilities = [\"deny\"] }
        path \"kv/a\" { capabilities = [\"read\"] }";
    check(text, &["cubbyhole/", "kv/"], &["secret/"]);
    check("path \"kv/x\" { capabilities = [\"deny\"] }", &[], &["kv/"]);
    check("", &[], &["kv/"]);
}
