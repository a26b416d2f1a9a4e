//! `login`, and which token goes with requests.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::ran::vault;
use crate::stub::Stub;

const LOOKUP: (u16, &str) = (
    200,
    r#"{"data": {"policies": ["default"], "ttl": 60, "renewable": true, "meta": null}}"#,
);
const LOGIN: (u16, &str) = (
    200,
    r#"{"auth": {"client_token": "new", "policies": ["p"], "lease_duration": 60}}"#,
);
const DATA: (u16, &str) = (200, r#"{"data": {"a": "b"}}"#);

#[test]
fn a_token_is_kept_for_the_user_alone_and_used_from_then_on() {
    let home = tempfile::tempdir().expect("a folder");
    let path = home.path().join(".vault-token");
    let folder = home.path().to_str().expect("UTF-8");
    let stub = Stub::answering(&[LOOKUP, DATA]);
    let call = || vault(&stub.address).env("VAULT_TOKEN", "").env("HOME", folder);
    let ran = call().run(&["login", "-no-print", "guest"]);
    assert_eq!(
        (ran.status, ran.stdout.as_str(), ran.stderr.as_str()),
        (0, "", "")
    );
    let mode = fs::metadata(&path).expect("the file").permissions().mode() & 0o777;
    assert_eq!(
        (fs::read_to_string(&path).expect("the token").as_str(), mode),
        ("guest", 0o600)
    );
    call().run(&["read", "kv/x"]);
    let tokens: Vec<Option<String>> = stub.asked().into_iter().map(|asked| asked.token).collect();
    assert_eq!(tokens, [Some("guest".to_owned()), Some("guest".to_owned())]);
}

#[test]
fn a_wrong_token_leaves_the_old_one() {
    let home = tempfile::tempdir().expect("a folder");
    fs::write(home.path().join(".vault-token"), "old").expect("a token");
    let stub = Stub::answering(&[(403, r#"{"errors": ["permission denied"]}"#)]);
    let ran = vault(&stub.address)
        .env("HOME", home.path().to_str().expect("UTF-8"))
        .run(&["login", "wrong"]);
    assert!(
        ran.stderr
            .starts_with("Error authenticating: error looking up token: Error making API request."),
        "{}",
        ran.stderr
    );
    assert_eq!(ran.status, 2);
    assert_eq!(
        fs::read_to_string(home.path().join(".vault-token")).expect("the token"),
        "old"
    );
    stub.asked();
}

#[test]
fn a_login_by_name_sends_no_token_and_no_name_in_the_body() {
    let stub = Stub::answering(&[LOGIN]);
    let call = vault(&stub.address).stdin("pw");
    let ran = call.run(&[
        "login",
        "-method=userpass",
        "-path=people",
        "-token-only",
        "username=ann",
        "password=-",
    ]);
    assert_eq!((ran.status, ran.stdout.as_str()), (0, "new"));
    let asked = stub.asked();
    let asked = asked.first().expect("a request");
    assert_eq!(
        (asked.line.as_str(), asked.token.as_deref()),
        ("PUT /v1/auth/people/login/ann", None)
    );
    assert_eq!(asked.body, r#"{"password":"pw"}"#);
}

#[test]
fn the_users_variable_is_named_when_it_would_hide_the_new_token() {
    let home = tempfile::tempdir().expect("a folder");
    let stub = Stub::answering(&[LOGIN]);
    let call = vault(&stub.address).env("HOME", home.path().to_str().expect("UTF-8"));
    let ran = call.run(&["login", "-method=userpass", "username=ann", "password=pw"]);
    assert!(
        ran.stderr
            .starts_with("WARNING! The VAULT_TOKEN environment variable is set!"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stdout.starts_with("Success! You are now authenticated."),
        "{}",
        ran.stdout
    );
    stub.asked();
}

#[test]
fn an_unknown_method_ends_with_1_and_asks_nobody() {
    let stub = Stub::answering(&[LOGIN]);
    let ran = vault(&stub.address).run(&["login", "-method=nonsense"]);
    assert!(
        ran.status == 1 && ran.stderr.starts_with("Unknown auth method: nonsense."),
        "{ran:?}"
    );
    assert!(stub.lines().is_empty());
}

#[test]
fn a_program_may_keep_the_token_instead_of_the_file() {
    let home = tempfile::tempdir().expect("a folder");
    let (helper, settings) = (home.path().join("helper"), home.path().join("settings.hcl"));
    fs::write(
        &helper,
        "#!/bin/sh\n[ \"$1\" = get ] && echo kept-by-program\nexit 0\n",
    )
    .expect("a program");
    fs::set_permissions(&helper, fs::Permissions::from_mode(0o700)).expect("a mode");
    fs::write(&settings, format!("token_helper = \"{}\"\n", helper.display())).expect("settings");
    let stub = Stub::answering(&[DATA]);
    let call = vault(&stub.address)
        .env("VAULT_TOKEN", "")
        .env("VAULT_CONFIG_PATH", settings.to_str().expect("UTF-8"));
    call.run(&["read", "kv/x"]);
    let asked = stub.asked();
    assert_eq!(
        asked.first().and_then(|asked| asked.token.as_deref()),
        Some("kept-by-program")
    );
}

#[test]
fn a_login_that_wants_a_second_factor_is_no_login() {
    let answer = r#"{"auth": {"client_token": "", "mfa_requirement": {"mfa_request_id": "the-id"}}}"#;
    let stub = Stub::answering(&[(200, answer)]);
    let ran = vault(&stub.address).run(&["login", "-method=userpass", "username=ann", "password=pw"]);
    assert!(
        ran.status == 2 && ran.stderr.contains("mfa_request_id=the-id"),
        "{ran:?}"
    );
    stub.asked();
}

#[test]
fn without_a_home_folder_requests_go_without_a_token_and_logins_keep_none() {
    let stub = Stub::answering(&[DATA, LOOKUP]);
    let call = || vault(&stub.address).env("VAULT_TOKEN", "");
    assert_eq!(call().run(&["read", "kv/x"]).status, 0);
    let ran = call().run(&["login", "guest"]);
    assert_eq!(
        (
            ran.status,
            ran.stderr.starts_with("Error storing token: HOME is not set")
        ),
        (2, true)
    );
    assert_eq!(
        stub.asked().first().and_then(|asked| asked.token.as_deref()),
        None
    );
}
