//! Who gets a permit.

use crate::ask::{Request, acl, now, policy};
use logical::{Access, Plugin, Table};
use server_policy::{Acl, Facts, Permit, Policy, Reason, authorize};
use std::sync::Arc;

fn check(acl: &Acl, line: &str, access: Access, expected: Result<&[&str], &str>) {
    let permit = authorize(acl, &Request::parse(line).question(), access);
    let found = permit.map(|permit| permit.granting().to_vec());
    let found = found.as_ref().map_err(ToString::to_string);
    let found = found.map(|names| names.iter().map(|name| &**name).collect::<Vec<_>>());
    assert_eq!(
        found,
        expected.map(<[&str]>::to_vec).map_err(str::to_owned),
        "{line} {access:?}"
    );
}

fn three() -> Acl {
    let texts = [
        (
            "one",
            "path \"kv/*\" { capabilities = [\"read\", \"sudo\", \"list\"] }",
        ),
        (
            "two",
            "path \"kv/*\" { capabilities = [\"read\"] }\npath \"kv/a\" { capabilities = [\"read\"] }",
        ),
        ("three", "path \"kv/*\" { capabilities = [\"delete\"] }"),
    ];
    let policies: Vec<Arc<Policy>> = texts.iter().map(|(name, text)| policy(name, text)).collect();
    Acl::compile(&policies, &Facts::default(), now())
}

#[test]
fn a_permit_names_the_policies_that_grant() {
    check(&three(), "read kv/a", Access::Token, Ok(&["two"]));
    check(&three(), "read kv/b", Access::Token, Ok(&["one", "two"]));
    check(&three(), "delete kv/b", Access::Token, Ok(&["three"]));
    check(
        &three(),
        "read x",
        Access::Token,
        Err("no rule of the caller's policies takes the path"),
    );
    check(
        &three(),
        "update kv/b",
        Access::Token,
        Err("the rule \"kv/*\" does not grant update"),
    );
}

#[test]
fn sudo_must_stand_on_the_rule_that_counts() {
    check(&three(), "read kv/b", Access::Sudo, Ok(&["one", "two"]));
    check(
        &three(),
        "read kv/a",
        Access::Sudo,
        Err("the rule \"kv/a\" does not grant sudo"),
    );
    let only = acl("path \"kv/*\" { capabilities = [\"sudo\"] }");
    check(
        &only,
        "read kv/a",
        Access::Sudo,
        Err("the rule \"kv/*\" does not grant read"),
    );
}

#[test]
fn root_may_do_everything() {
    let root = Arc::new(Policy::parse("root", "").unwrap());
    let other = policy("p", "path \"*\" { capabilities = [\"deny\"] }");
    let root = Acl::compile(&[other, root], &Facts::default(), now());
    assert!(root.is_root());
    for line in [
        "read kv/a",
        "header kv/a",
        "list kv/ {\"limit\": \"max\"}",
        "update sys/seal",
    ] {
        check(&root, line, Access::Sudo, Ok(&["root"]));
    }
}

#[test]
fn no_policy_closes_what_is_public() {
    let closed = acl("path \"*\" { capabilities = [\"deny\"] }");
    check(&closed, "read sys/health", Access::Public, Ok(&[]));
    check(
        &closed,
        "read sys/health",
        Access::Token,
        Err("the rule \"*\" grants nothing"),
    );
}

#[test]
fn what_a_path_is_for_may_be_known_to_every_caller() {
    let closed = acl("path \"*\" { capabilities = [\"deny\"] }");
    check(&closed, "help kv/a", Access::Token, Ok(&[]));
}

#[test]
fn no_policy_opens_an_operation_of_the_house() {
    let all = acl(
        "path \"*\" { capabilities = [\"create\", \"read\", \"update\", \"delete\", \"list\", \"sudo\"] }",
    );
    for operation in ["header", "renew", "revoke"] {
        let reason = format!("no policy can grant the operation {operation}");
        check(&all, &format!("{operation} kv/a"), Access::Token, Err(&reason));
    }
}

#[test]
fn a_client_learns_no_reason() {
    let request = Request::parse("read kv/a");
    let denied = authorize(&acl(""), &request.question(), Access::Token).unwrap_err();
    assert_eq!(denied.reason, Reason::NoRule);
    let error = logical::Error::from(denied);
    assert_eq!(
        (error.kind(), error.public()),
        (logical::ErrorKind::Denied, "permission denied")
    );
    assert_eq!(
        error.to_string(),
        "permission denied: no rule of the caller's policies takes the path"
    );
}

#[test]
fn only_a_public_route_gives_a_permit_without_policies() {
    let table = Table::new((), "sys", "A table with a route of each kind.")
        .route("health", Access::Public, |_| {})
        .route("mounts", Access::Token, |_| {})
        .route("raw", Access::Sudo, |_| {});
    let open: Vec<_> = table
        .manifest()
        .routes
        .iter()
        .map(|route| Permit::public(route).is_some())
        .collect();
    assert_eq!(open, [true, false, false]);
}
