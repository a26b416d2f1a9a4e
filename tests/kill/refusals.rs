//! A server that cannot start says why, where and what would be right, and ends with a failure.

use std::fs;
use std::path::Path;

use harness::server::{Server, configuration, free_address, refusal};

/// Expects a refusal of this configuration that has every one of these texts; `{dir}` is the test's folder in both.
#[track_caller]
fn check(config: &str, expected: &[&str]) {
    check_in(tempfile::tempdir().unwrap().path(), config, expected);
}

#[track_caller]
fn check_in(dir: &Path, config: &str, expected: &[&str]) {
    let place = dir.to_str().unwrap();
    let file = dir.join("config.hcl");
    fs::write(&file, config.replace("{dir}", place)).unwrap();
    let output = refusal(&file).unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{text}");
    for part in expected {
        assert!(
            text.contains(&part.replace("{dir}", place)),
            "no {part:?} in {text}"
        );
    }
    assert!(!text.contains("panicked"), "{text}");
}

const STORAGE: &str = "storage \"file\" { path = \"{dir}/data\" }\n";
const LISTENER: &str = "listener \"tcp\" {\n  address = \"127.0.0.1:0\"\n  tls_disable = true\n}\n";

#[test]
fn a_mistake_is_named_with_its_file_its_line_and_what_was_expected() {
    check(
        "storage \"file\" {\n  path =\n}\n",
        &["{dir}/config.hcl", "line 3", "expected"],
    );
    check(
        "storage \"file\" {\n  path = \"data\n}\n",
        &["{dir}/config.hcl", "line 2"],
    );
    check(
        &format!("{STORAGE}listener \"tcp\" {{\n  tls_disable = \"maybe\"\n}}\n"),
        &["{dir}/config.hcl", "line 3", "expected `true` or `false`"],
    );
    check(
        &format!("{STORAGE}listener \"unix\" {{\n}}\n"),
        &[
            "{dir}/config.hcl",
            "line 2",
            "expected listener type \"tcp\"",
            "unix",
        ],
    );
    check(
        &format!("{STORAGE}listener \"tcp\" {{\n}}\n"),
        &["{dir}/config.hcl", "line 2", "tls_cert_file", "tls_disable"],
    );
    check(
        &format!("{STORAGE}{LISTENER}default_lease_ttl = \"soon\"\n"),
        &["{dir}/config.hcl", "line 6", "duration", "soon"],
    );
    check(
        &format!("{STORAGE}{LISTENER}log_level = \"loud\"\n"),
        &["{dir}/config.hcl", "line 6", "expected one of trace,", "loud"],
    );
    check(
        &format!("{STORAGE}{LISTENER}storage \"inmem\" {{}}\n"),
        &["{dir}/config.hcl", "line 6", "expected only one storage block"],
    );
    check(
        &format!("{STORAGE}{LISTENER}seal \"awskms\" {{}}\n"),
        &["{dir}/config.hcl", "line 6", "awskms", "not supported"],
    );
}

#[test]
fn what_is_missing_is_asked_for_by_name() {
    check(LISTENER, &["no storage", "storage \"file\""]);
    check(STORAGE, &["no listener", "listener \"tcp\""]);
    check(&format!("storage \"file\" {{}}\n{LISTENER}"), &["`path`"]);
    let consul = format!("storage \"consul\" {{ path = \"vault/\" }}\n{LISTENER}");
    check(&consul, &["\"consul\"", "\"file\"", "\"inmem\""]);
    let nowhere = tempfile::tempdir().unwrap().path().join("config.hcl");
    let output = refusal(&nowhere).unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(
        text.contains(nowhere.to_str().unwrap()) && text.contains("cannot be read"),
        "{text}"
    );
}

#[test]
fn lifetimes_that_contradict_each_other_and_audit_devices_that_cannot_be_are_named() {
    let server = format!("{STORAGE}{LISTENER}");
    check(
        &format!("{server}default_lease_ttl = \"2h\"\nmax_lease_ttl = \"1h\"\n"),
        &["default_lease_ttl", "longer than max_lease_ttl"],
    );
    check(
        &format!("{server}audit \"file\" \"main\" {{ options = {{ file_pth = \"log\" }} }}\n"),
        &["audit \"file\" \"main\"", "file_path is required"],
    );
    check(
        &format!("{server}audit \"fil\" \"main\" {{}}\n"),
        &["audit \"fil\" \"main\"", "unknown backend type"],
    );
}

#[test]
fn a_certificate_that_cannot_be_used_is_named() {
    let tls = |cert: &str, key: &str| {
        format!(
            "{STORAGE}listener \"tcp\" {{\n  address = \"127.0.0.1:0\"\n  tls_cert_file = {cert:?}\n  tls_key_file = {key:?}\n}}\n"
        )
    };
    check(
        &tls("{dir}/none.crt", "{dir}/none.key"),
        &["read tls_cert_file {dir}/none.crt"],
    );
    // A file that is there and has neither a certificate nor a key in it.
    check(
        &tls("{dir}/config.hcl", "{dir}/none.key"),
        &["read tls_cert_file {dir}/config.hcl", "no certificate"],
    );
}

#[test]
fn an_address_that_is_taken_or_none_is_named() {
    let other = Server::start().unwrap();
    let taken = format!("{STORAGE}{LISTENER}").replace("127.0.0.1:0", other.address());
    check(&taken, &["listen on", other.address()]);
    let none = format!("{STORAGE}{LISTENER}").replace("127.0.0.1:0", "nowhere");
    check(&none, &["listen on nowhere"]);
}

#[test]
fn a_second_server_on_one_directory_is_refused_and_the_first_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let first = Server::start_with_data(&data).unwrap();
    let second = configuration(&data, &free_address().unwrap());
    check_in(dir.path(), &second, &["{dir}/data", "another server uses it"]);
    assert_eq!(first.root().get("auth/token/lookup-self").unwrap().status, 200);
}

#[test]
fn a_place_that_is_no_directory_or_takes_no_files_is_named() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("data"), "").unwrap();
    let config = format!("{STORAGE}{LISTENER}");
    let expected = &["{dir}/data", "must be a directory", "can write"];
    check_in(dir.path(), &config, expected);
    // Nobody can make files there, not even root.
    let kernels = config.replace("{dir}/data", "/proc/strongroom");
    check(
        &kernels,
        &["/proc/strongroom", "must be a directory", "can write"],
    );
}

#[test]
fn a_store_that_is_not_ours_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let store = dir.path().join("data/strongroom.db");
    fs::create_dir(dir.path().join("data")).unwrap();
    fs::write(&store, "minutes of the meeting\n".repeat(100)).unwrap();
    let expected = &["{dir}/data/strongroom.db", "not a file of Strongroom"];
    check_in(dir.path(), &format!("{STORAGE}{LISTENER}"), expected);
    assert!(fs::read_to_string(&store).unwrap().starts_with("minutes"));
}
