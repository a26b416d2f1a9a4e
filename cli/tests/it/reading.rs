//! `read`, `list`, `write`, `delete`, `unwrap`, and the formats.

use crate::ran::vault;
use crate::stub::Stub;

const SECRET: &str = r#"{"request_id": "r", "lease_id": "", "lease_duration": 3600, "renewable": false,
    "data": {"n": 5, "text": "a b", "ttl": 90}, "warnings": null, "auth": null, "wrap_info": null}"#;

#[test]
fn a_table_is_sorted_and_shows_durations() {
    let stub = Stub::answering(&[(200, SECRET)]);
    let ran = vault(&stub.address).run(&["read", "/kv/x/"]);
    let table = "Key                 Value\n---                 -----\nrefresh_interval    1h\n\
                 n                   5\ntext                a b\nttl                 1m30s\n";
    assert_eq!(
        (ran.status, ran.stdout.as_str(), ran.stderr.as_str()),
        (0, table, "")
    );
    assert_eq!(stub.lines(), ["GET /v1/kv/x"]);
}

#[test]
fn the_format_counts_behind_the_arguments_too() {
    let stub = Stub::answering(&[(200, SECRET)]);
    let ran = vault(&stub.address).run(&["read", "kv/x", "-format=json"]);
    assert!(
        ran.stdout.starts_with("{\n  \"request_id\": \"r\",\n"),
        "{}",
        ran.stdout
    );
    // It still is data, as everything behind the path.
    assert_eq!(stub.lines(), ["GET /v1/kv/x?-format=json"]);
}

#[test]
fn other_flags_behind_the_arguments_are_data_and_a_warning() {
    let stub = Stub::answering(&[(200, SECRET)]);
    let ran = vault(&stub.address).run(&["read", "kv/x", "-field=n"]);
    let warning = "Command flags must be provided before positional arguments. \
                   The following arguments will not be parsed as flags: [-field=n]\n";
    assert_eq!((ran.status, ran.stderr.as_str()), (0, warning));
    stub.asked();
}

#[test]
fn a_field_has_a_lines_end_only_on_a_terminal() {
    let stub = Stub::answering(&[(200, SECRET), (200, SECRET)]);
    assert_eq!(
        vault(&stub.address).run(&["read", "-field=n", "kv/x"]).stdout,
        "5"
    );
    assert_eq!(
        vault(&stub.address)
            .on_a_terminal()
            .run(&["read", "-field=n", "kv/x"])
            .stdout,
        "5\n"
    );
    stub.asked();
}

#[test]
fn a_field_that_is_not_there_ends_with_1() {
    let stub = Stub::answering(&[(200, SECRET)]);
    let ran = vault(&stub.address).run(&["read", "-field=none", "kv/x"]);
    assert_eq!(
        (ran.status, ran.stderr.as_str()),
        (1, "Field \"none\" not present in secret\n")
    );
    stub.asked();
}

#[test]
fn nothing_there_ends_with_2() {
    let stub = Stub::answering(&[(404, r#"{"errors": []}"#), (404, r#"{"errors": []}"#)]);
    let ran = vault(&stub.address).run(&["read", "kv/x"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (2, "No value found at kv/x\n"));
    let ran = vault(&stub.address).run(&["list", "-format=json", "kv"]);
    assert_eq!((ran.status, ran.stdout.as_str()), (2, "{}\n"));
    assert_eq!(stub.lines(), ["GET /v1/kv/x", "GET /v1/kv?list=true"]);
}

#[test]
fn a_refusal_ends_with_2_and_names_no_token() {
    let stub = Stub::answering(&[(403, r#"{"errors": ["permission denied"]}"#)]);
    let address = stub.address.clone();
    let ran = vault(&stub.address).run(&["write", "kv/x", "a=b"]);
    let expected = format!(
        "Error writing data to kv/x: Error making API request.\n\nURL: PUT {address}/v1/kv/x\nCode: 403. Errors:\n\n* permission denied\n"
    );
    assert_eq!(
        (ran.status, ran.stderr.as_str(), ran.stdout.as_str()),
        (2, expected.as_str(), "")
    );
    assert!(!ran.stderr.contains("the-token"));
    stub.asked();
}

#[test]
fn a_write_without_an_answer_is_a_word_of_success_for_people_only() {
    let stub = Stub::answering(&[(204, ""), (204, "")]);
    assert_eq!(
        vault(&stub.address).run(&["write", "kv/x", "a=b"]).stdout,
        "Success! Data written to: kv/x\n"
    );
    assert_eq!(
        vault(&stub.address)
            .run(&["write", "-format=json", "kv/x", "a=b"])
            .stdout,
        ""
    );
    assert_eq!(
        stub.lines(),
        [r#"PUT /v1/kv/x {"a":"b"}"#, r#"PUT /v1/kv/x {"a":"b"}"#]
    );
}

#[test]
fn numbers_of_any_size_come_back_as_they_are() {
    let stub = Stub::answering(&[(200, r#"{"data": {"n": 123456789012345678901234567890}}"#)]);
    let ran = vault(&stub.address).run(&["read", "-field=n", "kv/x"]);
    assert_eq!(ran.stdout, "123456789012345678901234567890");
    stub.asked();
}

#[test]
fn unwrap_brings_the_wrapping_token_in_the_body_if_the_caller_has_one_too() {
    let stub = Stub::answering(&[(200, SECRET), (200, SECRET)]);
    vault(&stub.address).run(&["unwrap", "wrapping"]);
    vault(&stub.address)
        .env("VAULT_TOKEN", "wrapping")
        .run(&["unwrap", "wrapping"]);
    let asked = stub.asked();
    let seen: Vec<(Option<&str>, &str)> = asked
        .iter()
        .map(|asked| (asked.token.as_deref(), asked.body.as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            (Some("the-token"), r#"{"token":"wrapping"}"#),
            (Some("wrapping"), "")
        ]
    );
}
