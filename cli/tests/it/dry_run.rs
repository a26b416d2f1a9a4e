//! Requests that are shown instead of sent.

use crate::ran::vault;
use crate::stub::Stub;

#[test]
fn a_call_of_curl_is_printed_and_nothing_is_sent() {
    let stub = Stub::answering(&[(204, "")]);
    let address = stub.address.clone();
    let ran = vault(&address).run(&["write", "-output-curl-string", "secret/data/x", "a=it's"]);
    let expected = format!(
        "curl -X PUT -H \"X-Vault-Request: true\" -H \"X-Vault-Token: $(vault print token)\" -d '{{\"a\":\"it'\"'\"'s\"}}' \"{address}/v1/secret/data/x\"\n"
    );
    assert_eq!((ran.status, ran.stdout), (0, expected));
    assert!(stub.lines().is_empty());
}

#[test]
fn a_policy_is_printed_and_nothing_is_sent() {
    let ran = vault("http://127.0.0.1:1").run(&["audit", "list", "-output-policy"]);
    let expected = "path \"sys/audit\" {\n  capabilities = [\"read\", \"sudo\"]\n}\n";
    assert_eq!((ran.status, ran.stdout.as_str()), (0, expected));
}

#[test]
fn a_command_that_sends_nothing_has_nothing_to_show() {
    let ran = vault("http://127.0.0.1:1").run(&["read", "-output-curl-string"]);
    let expected = "Not enough arguments (expected 1, got 0)\nUnable to generate cURL string from command\n";
    assert_eq!((ran.status, ran.stderr.as_str()), (1, expected));
}

#[test]
fn the_members_of_a_mount_come_in_the_order_of_vaults_client() {
    let ran = vault("http://h").run(&[
        "secrets",
        "enable",
        "-output-curl-string",
        "-path=k",
        "-version=2",
        "kv",
    ]);
    let expected = concat!(
        r#"-d '{"type":"kv","description":"","config":{"options":null,"default_lease_ttl":"0s","max_lease_ttl":"0s","#,
        r#""force_no_cache":false},"local":false,"seal_wrap":false,"external_entropy_access":false,"options":{"version":"2"}}' "#,
        r#""http://h/v1/sys/mounts/k""#
    );
    assert!(ran.stdout.trim_end().ends_with(expected), "{}", ran.stdout);
}
