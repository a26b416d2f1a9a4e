//! `kv`: first the mount, then the secret.

use crate::ran::vault;
use crate::stub::Stub;

const VERSIONED: (u16, &str) = (
    200,
    r#"{"data": {"path": "secret/", "type": "kv", "options": {"version": "2"}}}"#,
);
const PLAIN: (u16, &str) = (
    200,
    r#"{"data": {"path": "old/", "type": "kv", "options": null}}"#,
);
const SECRET: (u16, &str) = (
    200,
    r#"{"data": {"data": {"a": "1", "b": "2"}, "metadata": {"version": 4, "destroyed": false, "deletion_time": ""}}}"#,
);
const WRITTEN: (u16, &str) = (200, r#"{"data": {"version": 5, "deletion_time": ""}}"#);

#[test]
fn a_secret_has_a_heading_its_metadata_and_its_data() {
    let stub = Stub::answering(&[VERSIONED, SECRET]);
    let ran = vault(&stub.address).run(&["kv", "get", "secret/app"]);
    let expected = "= Secret Path =\nsecret/data/app\n\n\
        ====== Metadata ======\nKey              Value\n---              -----\ndeletion_time    n/a\n\
        destroyed        false\nversion          4\n\n\
        == Data ==\nKey    Value\n---    -----\na      1\nb      2\n";
    assert_eq!((ran.status, ran.stdout.as_str()), (0, expected));
    assert_eq!(
        stub.lines(),
        [
            "GET /v1/sys/internal/ui/mounts/secret/app",
            "GET /v1/secret/data/app"
        ]
    );
}

#[test]
fn a_mount_without_versions_is_written_plainly() {
    let stub = Stub::answering(&[PLAIN, (204, "")]);
    let ran = vault(&stub.address).run(&["kv", "put", "-mount=old", "-cas=1", "app", "x=1"]);
    assert_eq!(ran.stdout, "Success! Data written to: old/app\n");
    assert_eq!(
        stub.lines(),
        [
            "GET /v1/sys/internal/ui/mounts/old",
            r#"PUT /v1/old/app {"x":"1"}"#
        ]
    );
}

#[test]
fn check_and_set_goes_into_the_options() {
    let stub = Stub::answering(&[VERSIONED, WRITTEN]);
    let ran = vault(&stub.address).run(&["kv", "put", "-cas=4", "-field=version", "secret/app", "x=1"]);
    assert_eq!(ran.stdout, "5");
    let expected = r#"PUT /v1/secret/data/app {"data":{"x":"1"},"options":{"cas":4}}"#;
    assert_eq!(stub.lines().last().map(String::as_str), Some(expected));
}

#[test]
fn a_patch_that_is_not_allowed_is_read_and_written_at_the_version_that_was_read() {
    let refused = (403, r#"{"errors": ["permission denied"]}"#);
    let stub = Stub::answering(&[VERSIONED, refused, SECRET, WRITTEN]);
    let ran = vault(&stub.address).run(&[
        "kv",
        "patch",
        "-remove-data=b",
        "-field=version",
        "secret/app",
        "c=3",
    ]);
    assert_eq!((ran.status, ran.stdout.as_str()), (0, "5"));
    assert!(
        ran.stderr
            .contains("we recommend that you add the \"patch\" capability"),
        "{}",
        ran.stderr
    );
    let lines = stub.lines();
    assert_eq!(
        lines.get(1).map(String::as_str),
        Some(r#"PATCH /v1/secret/data/app {"data":{"b":null,"c":"3"},"options":{}}"#)
    );
    let expected = r#"PUT /v1/secret/data/app {"data":{"a":"1","c":"3"},"options":{"cas":4}}"#;
    assert_eq!(lines.get(3).map(String::as_str), Some(expected));
}

#[test]
fn a_patch_by_request_alone_is_refused_with_it() {
    let stub = Stub::answering(&[VERSIONED, (403, r#"{"errors": ["permission denied"]}"#)]);
    let ran = vault(&stub.address).run(&["kv", "patch", "-method=patch", "secret/app", "c=3"]);
    assert_eq!((ran.status, stub.lines().len()), (2, 2));
}

#[test]
fn versions_are_sent_as_texts() {
    let stub = Stub::answering(&[VERSIONED, (204, "")]);
    vault(&stub.address).run(&["kv", "delete", "-versions=1,2", "-versions=3", "secret/app"]);
    let expected = r#"PUT /v1/secret/delete/app {"versions":["1","2","3"]}"#;
    assert_eq!(stub.lines().last().map(String::as_str), Some(expected));
}

#[test]
fn what_needs_versions_is_refused_where_there_are_none() {
    let stub = Stub::answering(&[PLAIN, PLAIN]);
    let ran = vault(&stub.address).run(&["kv", "undelete", "-versions=1", "old/app"]);
    assert_eq!(
        (ran.status, ran.stderr.as_str()),
        (1, "Undelete not supported on KV Version 1\n")
    );
    let ran = vault(&stub.address).run(&["kv", "rollback", "-version=1", "old/app"]);
    assert_eq!(
        (ran.status, ran.stderr.as_str()),
        (2, "K/V engine mount must be version 2 for rollback support\n")
    );
    stub.asked();
}

#[test]
fn a_destroyed_version_cannot_be_rolled_back_to() {
    let gone = r#"{"data": {"data": null, "metadata": {"version": 1, "destroyed": true}}}"#;
    let stub = Stub::answering(&[VERSIONED, SECRET, (404, gone)]);
    let ran = vault(&stub.address).run(&["kv", "rollback", "-version=1", "secret/app"]);
    assert_eq!(
        (ran.status, ran.stderr.as_str()),
        (2, "Cannot roll back to a version that has been destroyed\n")
    );
    assert_eq!(
        stub.lines().last().map(String::as_str),
        Some("GET /v1/secret/data/app?version=1")
    );
}

#[test]
fn the_mount_is_asked_for_without_wrapping_and_the_secret_with_it() {
    let wrapped = r#"{"wrap_info": {"token": "w", "accessor": "", "ttl": 60, "creation_time": "", "creation_path": ""}}"#;
    let stub = Stub::answering(&[VERSIONED, (200, wrapped)]);
    let ran = vault(&stub.address).run(&["kv", "get", "-wrap-ttl=1m", "-format=json", "secret/app"]);
    assert!(ran.stdout.contains("\"token\": \"w\""), "{}", ran.stdout);
    stub.asked();
}
