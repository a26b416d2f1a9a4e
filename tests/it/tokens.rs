//! Tokens: who dies with whom, what an accessor can, and how long and how often a token is good.

use crate::world::{Answer, TestServer};
use serde_json::{Value, json};
use std::time::Duration;

async fn look_up(server: &TestServer, token: &str) -> Answer {
    server
        .call("GET", "/v1/auth/token/lookup-self", token, Value::Null)
        .await
}

async fn lives(server: &TestServer, token: &str) -> bool {
    look_up(server, token).await.status == 200
}

/// A token that `parent` makes.
async fn child(server: &TestServer, parent: &str, parameters: Value) -> String {
    let made = server
        .call("POST", "/v1/auth/token/create", parent, parameters)
        .await;
    made.expect(200).text("/auth/client_token")
}

async fn renew(server: &TestServer, token: &str, increment: &str) -> Answer {
    let body = json!({ "increment": increment });
    server
        .call("POST", "/v1/auth/token/renew-self", token, body)
        .await
}

#[tokio::test]
async fn a_child_dies_with_its_parent_and_an_orphan_lives() {
    let server = TestServer::start().await;
    let parent = server.token(json!({ "policies": ["root"] })).await;
    let son = child(&server, &parent, json!({})).await;
    let grandson = child(&server, &son, json!({})).await;
    let orphan = child(&server, &parent, json!({ "no_parent": true })).await;
    server
        .write("auth/token/revoke", json!({ "token": parent }))
        .await
        .expect(204);
    assert!(!lives(&server, &parent).await);
    assert!(lives(&server, &orphan).await);
    server
        .until("the tree is gone", async || !lives(&server, &son).await)
        .await;
    server
        .until("the tree is gone", async || !lives(&server, &grandson).await)
        .await;
}

#[tokio::test]
async fn children_outlive_a_parent_that_is_revoked_alone() {
    let server = TestServer::start().await;
    let parent = server.token(json!({ "policies": ["root"] })).await;
    let son = child(&server, &parent, json!({})).await;
    server
        .write("auth/token/revoke-orphan", json!({ "token": parent }))
        .await
        .expect(204);
    assert!(!lives(&server, &parent).await);
    let shown = look_up(&server, &son).await.expect(200);
    assert_eq!(shown.at("/data/orphan"), true);
}

#[tokio::test]
async fn an_accessor_shows_and_revokes_a_token_and_is_none() {
    let server = TestServer::start().await;
    let made = server
        .write("auth/token/create", json!({ "policies": ["default"] }))
        .await
        .expect(200);
    let (token, accessor) = (made.text("/auth/client_token"), made.text("/auth/accessor"));
    let accessor = json!({ "accessor": accessor });
    let shown = server
        .write("auth/token/lookup-accessor", accessor.clone())
        .await
        .expect(200);
    assert_eq!(shown.text("/data/id"), "");
    assert!(!lives(&server, accessor["accessor"].as_str().unwrap()).await);
    server
        .write("auth/token/revoke-accessor", accessor)
        .await
        .expect(204);
    assert!(!lives(&server, &token).await);
}

#[tokio::test]
async fn a_period_starts_anew_with_each_renewal() {
    let server = TestServer::start().await;
    let token = server
        .token(json!({ "period": "1h", "policies": ["default"] }))
        .await;
    for _ in 0..2000 / 50 {
        server.clock.pass(Duration::from_secs(50 * 60));
        let renewed = renew(&server, &token, "9h").await.expect(200);
        assert_eq!(renewed.number("/auth/lease_duration"), 3600);
    }
    server.clock.pass(Duration::from_secs(3601));
    assert!(!lives(&server, &token).await);
}

#[tokio::test]
async fn an_explicit_maximum_ends_a_token_however_it_is_renewed() {
    let server = TestServer::start().await;
    for parameters in [
        json!({ "ttl": "1h", "explicit_max_ttl": "2h", "policies": ["default"] }),
        json!({ "period": "1h", "explicit_max_ttl": "2h", "policies": ["default"] }),
    ] {
        let token = server.token(parameters).await;
        server.clock.pass(Duration::from_secs(50 * 60));
        renew(&server, &token, "1h").await.expect(200);
        server.clock.pass(Duration::from_secs(50 * 60));
        let renewed = renew(&server, &token, "1h").await.expect(200);
        assert_eq!(renewed.number("/auth/lease_duration"), 20 * 60);
        server.clock.pass(Duration::from_secs(20 * 60 + 1));
        assert!(!lives(&server, &token).await);
    }
}

#[tokio::test]
async fn a_token_is_good_for_as_many_requests_as_it_was_made_for() {
    let server = TestServer::start().await;
    let token = server
        .token(json!({ "num_uses": 3, "policies": ["default"] }))
        .await;
    for left in [2, 1] {
        let shown = look_up(&server, &token).await.expect(200);
        assert_eq!(shown.number("/data/num_uses"), left);
    }
    // What is denied is a use too.
    server
        .call("GET", "/v1/sys/policies/acl", &token, Value::Null)
        .await
        .expect(403);
    assert!(!lives(&server, &token).await);
}

#[tokio::test]
async fn what_a_token_hid_in_its_cubbyhole_goes_with_it() {
    let server = TestServer::start().await;
    let token = server.token(json!({ "policies": ["default"] })).await;
    let secret = json!({ "password": crate::world::canary("cubbyhole") });
    server
        .call("POST", "/v1/cubbyhole/mine", &token, secret)
        .await
        .expect(204);
    server
        .call("GET", "/v1/cubbyhole/mine", &token, Value::Null)
        .await
        .expect(200);
    server.read("cubbyhole/mine").await.expect(404);
    server
        .call("POST", "/v1/auth/token/revoke-self", &token, Value::Null)
        .await
        .expect(204);
    server
        .call("GET", "/v1/cubbyhole/mine", &token, Value::Null)
        .await
        .expect(403);
}

#[tokio::test]
async fn a_batch_token_has_no_accessor_no_children_and_ends_with_its_parent() {
    let server = TestServer::start().await;
    let parent = server.token(json!({ "policies": ["root"] })).await;
    let parameters = json!({ "type": "batch", "ttl": "1h", "policies": ["default"] });
    let made = server
        .call("POST", "/v1/auth/token/create", &parent, parameters)
        .await
        .expect(200);
    assert_eq!(made.text("/auth/accessor"), "");
    let token = made.text("/auth/client_token");
    assert!(lives(&server, &token).await);
    server
        .call("POST", "/v1/auth/token/create", &token, json!({}))
        .await
        .expect(403);
    server
        .write("auth/token/revoke", json!({ "token": parent }))
        .await
        .expect(204);
    assert!(!lives(&server, &token).await);
}
