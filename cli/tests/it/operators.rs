//! `status`, `operator` and what waits for the server.

use crate::ran::vault;
use crate::stub::Stub;

const SEALED: (u16, &str) = (
    200,
    r#"{"type": "shamir", "initialized": true, "sealed": true, "t": 2, "n": 3, "progress": 0}"#,
);
const UNSEALED: (u16, &str) = (
    200,
    r#"{"type": "shamir", "initialized": true, "sealed": false, "t": 2, "n": 3}"#,
);
const ALONE: (u16, &str) = (200, r#"{"ha_enabled": false}"#);

#[test]
fn status_ends_with_0_unsealed_2_sealed_and_1_without_a_server() {
    let stub = Stub::answering(&[
        UNSEALED,
        ALONE,
        SEALED,
        (503, r#"{"errors": ["Vault is sealed"]}"#),
    ]);
    let address = stub.address.clone();
    let statuses = [
        vault(&address).run(&["status"]).status,
        vault(&address).run(&["status"]).status,
    ];
    assert_eq!(stub.lines().len(), 4);
    assert_eq!(statuses, [0, 2]);
    assert_eq!(vault("http://127.0.0.1:1").run(&["status"]).status, 1);
}

#[test]
fn init_prints_what_scripts_look_for() {
    let answer = r#"{"keys": ["aa"], "keys_base64": ["qg=="], "root_token": "hvs.root"}"#;
    let stub = Stub::answering(&[SEALED, (200, answer)]);
    let ran = vault(&stub.address).run(&["operator", "init", "-n", "1", "-t=1"]);
    assert!(
        ran.stdout
            .starts_with("Unseal Key 1: qg==\n\nInitial Root Token: hvs.root\n"),
        "{}",
        ran.stdout
    );
    let expected = r#"PUT /v1/sys/init {"pgp_keys":[],"secret_shares":1,"secret_threshold":1}"#;
    assert_eq!(stub.lines().last().map(String::as_str), Some(expected));
}

#[test]
fn a_share_is_not_asked_for_where_nobody_can_answer() {
    let ran = vault("http://127.0.0.1:1").run(&["operator", "unseal"]);
    assert!(
        ran.status == 1 && ran.stderr.contains("standard input is not a terminal"),
        "{ran:?}"
    );
}

#[test]
fn a_root_token_is_decoded_without_a_server() {
    let args = [
        "operator",
        "generate-root",
        "-address",
        "http://127.0.0.1:1",
        "-tls-skip-verify",
        "-decode",
    ];
    let args = [args.as_slice(), &["CRQQShEJDA0H", "-otp", "abcdefghi"]].concat();
    let ran = vault("http://127.0.0.1:1").run(&args);
    assert_eq!((ran.status, ran.stdout.as_str()), (0, "hvs.token\n"));
}

#[test]
fn a_share_needs_the_nonce_of_its_attempt() {
    let stub = Stub::answering(&[(200, r#"{"data": {"started": true, "nonce": "n", "required": 1}}"#)]);
    let ran = vault(&stub.address).run(&["operator", "generate-root", "share"]);
    assert_eq!(
        (ran.status, ran.stderr.as_str()),
        (1, "Missing nonce value: specify it via the -nonce flag\n")
    );
    stub.asked();
}

#[test]
fn a_move_waits_until_the_mount_has_arrived() {
    let status = |status: &str| format!(r#"{{"data": {{"migration_info": {{"status": "{status}"}}}}}}"#);
    let (working, done) = (status("in-progress"), status("success"));
    let stub = Stub::answering(&[
        (200, r#"{"data": {"migration_id": "id"}}"#),
        (200, &working),
        (200, &done),
    ]);
    let ran = vault(&stub.address).run(&["secrets", "move", "a", "b/"]);
    assert!(
        ran.stdout
            .ends_with("Success! Finished moving secrets engine a/ to b/, with migration ID id\n"),
        "{ran:?}"
    );
    let lines = stub.lines();
    assert_eq!(
        lines.first().map(String::as_str),
        Some(r#"POST /v1/sys/remount {"from":"a/","to":"b/"}"#)
    );
    assert_eq!(lines.len(), 3);
}

#[test]
fn only_the_settings_that_are_named_are_tuned() {
    let stub = Stub::answering(&[(204, "")]);
    vault(&stub.address).run(&[
        "auth",
        "tune",
        "-max-lease-ttl=90m",
        "-user-lockout-threshold=7",
        "people",
    ]);
    let expected = r#"POST /v1/sys/mounts/auth/people/tune {"max_lease_ttl":"1h30m0s","user_lockout_config":{"lockout_threshold":"7"}}"#;
    assert_eq!(stub.lines(), [expected]);
}
