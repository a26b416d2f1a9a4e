//! Those who hold key shares: new shares, root tokens, and data keys that are replaced by themselves.

use crate::world::{Answer, TestServer};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use futures_util::future::join_all;
use logical::Clock as _;
use serde_json::{Value, json};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Asks for new shares, and gives the nonce of the attempt.
async fn begin(server: &TestServer, plan: Value) -> String {
    let begun = server.write("sys/rotate/root/init", plan).await.expect(200);
    begun.text("/data/nonce")
}

async fn give(server: &TestServer, path: &str, key: &str, nonce: &str) -> Answer {
    server.write(path, json!({ "key": key, "nonce": nonce })).await
}

fn shares(answer: &Answer) -> Vec<String> {
    let keys = answer.at("/data/keys").as_array().unwrap();
    keys.iter().map(|key| key.as_str().unwrap().to_owned()).collect()
}

/// Seals, and says whether these shares unseal.
async fn opens(server: &TestServer, shares: &[String]) -> bool {
    server.strongbox.shut();
    for key in shares {
        server
            .call("PUT", "/v1/sys/unseal", "", json!({ "key": key }))
            .await;
    }
    server.strongbox.is_open()
}

/// Nothing of it was written down, neither for operators nor for auditors.
fn check_untold(server: &TestServer, secrets: &[String]) {
    let written = server.log.text() + &server.trail.text();
    for secret in secrets {
        assert!(!written.contains(secret.as_str()), "a secret was written down");
    }
}

#[tokio::test]
async fn new_shares_open_the_store_and_the_old_one_does_not() {
    let server = TestServer::start().await;
    let old = server.key();
    let nonce = begin(&server, json!({ "secret_shares": 3, "secret_threshold": 2 })).await;
    let made = give(&server, "sys/rotate/root/update", &old, &nonce)
        .await
        .expect(200);
    let new = shares(&made);
    assert!(!opens(&server, std::slice::from_ref(&old)).await);
    assert!(opens(&server, &[new[2].clone(), new[0].clone()]).await);
    server.read("auth/token/lookup-self").await.expect(200);
    check_untold(&server, &[vec![old], new].concat());
}

#[tokio::test]
async fn until_they_are_verified_new_shares_open_nothing() {
    let server = TestServer::start().await;
    let old = server.key();
    let plan = json!({ "secret_shares": 2, "secret_threshold": 2, "require_verification": true });
    let nonce = begin(&server, plan.clone()).await;
    let made = give(&server, "sys/rotate/root/update", &old, &nonce)
        .await
        .expect(200);
    assert!(!opens(&server, &shares(&made)).await);
    assert!(opens(&server, std::slice::from_ref(&old)).await);
    // The sealing ended that one, so that it is to be begun again.
    let nonce = begin(&server, plan).await;
    let made = give(&server, "sys/rotate/root/update", &old, &nonce)
        .await
        .expect(200);
    let (new, nonce) = (shares(&made), made.text("/data/verification_nonce"));
    for share in &new {
        give(&server, "sys/rotate/root/verify", share, &nonce)
            .await
            .expect(200);
    }
    assert!(!opens(&server, &[old]).await);
    assert!(opens(&server, &new).await);
}

#[tokio::test]
async fn sealing_ends_what_was_begun() {
    let server = TestServer::start().await;
    begin(&server, json!({ "secret_shares": 1, "secret_threshold": 1 })).await;
    server
        .write("sys/generate-root-token/attempt", json!({}))
        .await
        .expect(200);
    assert!(opens(&server, &[server.key()]).await);
    for path in ["sys/rotate/root/init", "sys/generate-root-token/attempt"] {
        assert_eq!(server.read(path).await.expect(200).at("/data/started"), false);
    }
}

#[tokio::test]
async fn a_last_share_that_many_give_at_once_makes_one_set_of_shares() {
    // On a disk a commit takes its time, in which the others come.
    let server = TestServer::embedded().await;
    let key = server.key();
    let nonce = begin(&server, json!({ "secret_shares": 1, "secret_threshold": 1 })).await;
    let given = (0..16).map(|_| give(&server, "sys/rotate/root/update", &key, &nonce));
    let answers = join_all(given).await;
    let made: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(made.len(), 1);
    assert!(opens(&server, &shares(made[0])).await);
}

#[tokio::test]
async fn a_root_token_is_told_under_the_password_alone() {
    let server = TestServer::start().await;
    let path = "sys/generate-root-token";
    let begun = server
        .write(&format!("{path}/attempt"), json!({}))
        .await
        .expect(200);
    let (otp, nonce) = (begun.text("/data/otp"), begun.text("/data/nonce"));
    let made = give(&server, &format!("{path}/update"), &server.key(), &nonce)
        .await
        .expect(200);
    let mixed = STANDARD_NO_PAD.decode(made.text("/data/encoded_token")).unwrap();
    let token = mixed.iter().zip(otp.as_bytes()).map(|(one, other)| one ^ other);
    let token = String::from_utf8(token.collect()).unwrap();
    let found = server
        .call("GET", "/v1/auth/token/lookup-self", &token, Value::Null)
        .await
        .expect(200);
    assert_eq!(found.at("/data/policies"), &json!(["root"]));
    check_untold(&server, &[token, otp, server.key()]);
}

#[tokio::test]
async fn without_a_token_shares_do_nothing_unless_the_listener_says_so() {
    let server = TestServer::start().await;
    for path in [
        "rekey/init",
        "rekey/update",
        "generate-root/attempt",
        "generate-root/update",
    ] {
        let answer = server
            .call("PUT", &format!("/v1/sys/{path}"), "", json!({}))
            .await
            .expect(405);
        assert!(answer.text("/errors/0").contains("= false"), "{path}");
    }
}

#[tokio::test]
async fn an_old_data_key_is_replaced_by_itself_unless_that_is_turned_off() {
    let server = TestServer::start().await;
    let term = async || {
        server
            .read("sys/key-status")
            .await
            .expect(200)
            .number("/data/term")
    };
    server
        .write("sys/rotate/config", json!({ "interval": "24h" }))
        .await
        .expect(204);
    server.clock.pass(DAY);
    server
        .until("the data key is replaced", async || term().await == 2)
        .await;
    server
        .write("sys/rotate/config", json!({ "enabled": false }))
        .await
        .expect(204);
    server.clock.pass(DAY);
    assert_eq!(term().await, 2);
    server
        .write("sys/rotate/config", json!({ "enabled": true }))
        .await
        .expect(204);
    server.clock.pass(Duration::from_secs(60));
    server
        .until("the data key is replaced again", async || term().await == 3)
        .await;
    let status = server.read("sys/key-status").await.expect(200);
    let installed = status.text("/data/install_time");
    assert_eq!(
        installed,
        server.clock.now().to_string(),
        "not while it was turned off"
    );
}
