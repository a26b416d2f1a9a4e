//! Pages and filters of listings.

use crate::ask::{Request, acl, limit, now, policy};
use logical::Access;
use server_policy::{Acl, Facts, authorize};

fn check_limit(text: &str, line: &str, expected: Result<Option<u64>, &str>) {
    let text = format!("path \"kv/*\" {{ capabilities = [\"list\", \"scan\", \"read\"] {text} }}");
    assert_eq!(
        limit(&acl(&text), line),
        expected.map_err(str::to_owned),
        "{line} with {text}"
    );
}

fn check_seen(acl: &Acl, path: &str, names: &[&str], expected: &[&str]) {
    let request = Request::parse(&format!("list {path}"));
    let permit = authorize(acl, &request.question(), Access::Token).unwrap();
    let seen: Vec<_> = names
        .iter()
        .copied()
        .filter(|name| permit.shows(acl, path, name))
        .collect();
    assert_eq!(seen, expected, "{path}");
}

const NAMES: &[&str] = &["a", "a/", "ab", "b", "b/", "x/"];
const OWN: &str = "list_scan_response_keys_filter_path = \"{{ .path }}{{ .key }}\"";

#[test]
fn a_page_is_as_large_as_the_rule_lets_it_be() {
    let three = "pagination_limit = 3";
    check_limit(three, "list kv/", Ok(Some(3)));
    for whole in ["\"\"", "\"0\"", "0", "\"00\"", "\"+0\"", "\"max\"", "null"] {
        check_limit(three, &format!("list kv/ {{\"limit\": {whole}}}"), Ok(Some(3)));
    }
    for fitting in ["\"2\"", "\"3\"", "3"] {
        check_limit(three, &format!("list kv/ {{\"limit\": {fitting}}}"), Ok(None));
    }
    for wrong in ["\"4\"", "4", "-1", "\"-1\"", "\"x\"", "[]", "2.5", "true"] {
        let line = format!("list kv/ {{\"limit\": {wrong}}}");
        check_limit(three, &line, Err("a page may have at most 3 names"));
    }
    check_limit(three, "scan kv/", Ok(Some(3)));
    check_limit(three, "read kv/a {\"limit\": \"9\"}", Ok(None));
}

#[test]
fn without_a_limit_the_plugin_reads_it() {
    for limit in ["\"9\"", "\"x\"", "\"\"", "-1", "[]"] {
        check_limit("", &format!("list kv/ {{\"limit\": {limit}}}"), Ok(None));
    }
    check_limit("", "list kv/", Ok(None));
    check_limit("", "list kv/ {\"limit\": \"max\"}", Ok(Some(0)));
    check_limit("required_parameters = [\"limit\"]", "list kv/", Ok(None));
}

#[test]
fn a_limit_can_be_required() {
    let required = "pagination_limit = 3 required_parameters = [\"limit\"]";
    check_limit(required, "list kv/", Err("the parameter \"limit\" is required"));
    check_limit(required, "list kv/ {\"limit\": \"\"}", Ok(Some(3)));
}

#[test]
fn a_filter_leaves_what_may_be_read_or_listed() {
    let text = format!("path \"kv/\" {{ capabilities = [\"list\"] {OWN} }}\n");
    check_seen(&acl(&text), "kv/", NAMES, &[]);
    let some = "path \"kv/a\" { capabilities = [\"read\"] }
        path \"kv/ab\" { capabilities = [\"update\"] }
        path \"kv/b/\" { capabilities = [\"list\"] }
        path \"kv/x/*\" { capabilities = [\"read\"] }";
    check_seen(&acl(&(text + some)), "kv/", NAMES, &["a", "b/"]);
}

#[test]
fn a_filter_leaves_out_what_is_denied() {
    let text = format!(
        "path \"kv/*\" {{ capabilities = [\"list\", \"read\"] {OWN} }}
        path \"kv/a\" {{ capabilities = [\"deny\"] }}
        path \"kv/b/*\" {{ capabilities = [\"deny\"] }}"
    );
    check_seen(&acl(&text), "kv/", NAMES, &["ab", "b", "x/"]);
}

#[test]
fn a_filter_may_look_at_other_paths() {
    let text = "path \"secret/metadata/*\" { capabilities = [\"list\"]
            list_scan_response_keys_filter_path = \"{{ .path | replace \\\"metadata\\\" \\\"data\\\" }}{{ .key }}\" }
        path \"secret/data/a\" { capabilities = [\"read\"] }
        path \"secret/data/a/*\" { capabilities = [\"read\"] }";
    let acl = acl(text);
    check_seen(&acl, "secret/metadata/", NAMES, &["a"]);
    check_seen(&acl, "secret/metadata/a/", &["b", "b/", "c"], &["b", "c"]);
}

#[test]
fn every_filter_must_let_a_name_through() {
    let filtering = |filter: &str| format!("path \"kv/\" {{ capabilities = [\"list\"] {filter} }}");
    let rest = "path \"kv/a\" { capabilities = [\"read\"] }
        path \"kv/b\" { capabilities = [\"read\"] }
        path \"x/b\" { capabilities = [\"read\"] }";
    let policies = [
        policy("one", &(filtering(OWN) + rest)),
        policy(
            "two",
            &filtering("list_scan_response_keys_filter_path = \"x/{{ .key }}\""),
        ),
        policy("three", &filtering("")),
    ];
    let acl = Acl::compile(&policies, &Facts::default(), now());
    check_seen(&acl, "kv/", NAMES, &["b"]);
}

#[test]
fn without_a_filter_everything_is_shown() {
    check_seen(
        &acl("path \"kv/\" { capabilities = [\"list\"] }"),
        "kv/",
        NAMES,
        NAMES,
    );
}
