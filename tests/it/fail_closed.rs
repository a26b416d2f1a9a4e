//! The fail-closed table of the house: what cannot be recorded does not happen, and whatever happens is recorded.

use crate::world::{Broken, TestServer};
use serde_json::{Value, json};
use std::sync::Arc;

async fn stranger(server: &TestServer) -> String {
    server.token(json!({ "policies": ["default"] })).await
}

fn kinds(entries: &[Value]) -> Vec<&str> {
    entries
        .iter()
        .map(|entry| entry["type"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn what_is_denied_is_recorded_and_does_not_happen() {
    let server = TestServer::start().await;
    let token = stranger(&server).await;
    server
        .call("POST", "/v1/stage/effect", &token, Value::Null)
        .await
        .expect(403);
    assert_eq!(server.stage.effects(), 0);
    let entries = server.trail.of("stage/effect");
    assert_eq!(kinds(&entries), ["request", "response"]);
    assert!(
        entries[1]["error"]
            .as_str()
            .unwrap()
            .contains("permission denied")
    );
}

#[tokio::test]
async fn what_is_denied_is_denied_when_it_cannot_be_recorded() {
    let server = TestServer::start().await;
    let token = stranger(&server).await;
    for how in Broken::ALL {
        server.break_trail(how);
        server
            .call("POST", "/v1/stage/effect", &token, Value::Null)
            .await
            .expect(403);
        server.mend_trail();
    }
    assert_eq!(server.stage.effects(), 0);
}

#[tokio::test]
async fn what_is_allowed_and_cannot_be_recorded_does_not_happen() {
    let server = TestServer::start().await;
    for how in Broken::ALL {
        server.break_trail(how);
        server.write("stage/effect", Value::Null).await.expect(500);
        server.mend_trail();
    }
    assert_eq!(server.stage.effects(), 0);
    server.write("stage/effect", Value::Null).await.expect(200);
    assert_eq!(server.stage.effects(), 1);
}

#[tokio::test]
async fn a_failure_of_a_plugin_is_answered_and_recorded() {
    let server = TestServer::start().await;
    let answer = server.write("stage/fail", Value::Null).await.expect(400);
    assert_eq!(answer.text("/errors/0"), "this cannot be done");
    let entries = server.trail.of("stage/fail");
    assert_eq!(kinds(&entries), ["request", "response"]);
    assert!(entries[1]["error"].as_str().unwrap().contains("invalid request"));
}

#[tokio::test]
async fn a_credential_whose_answer_cannot_be_recorded_is_revoked() {
    let server = TestServer::start().await;
    server.expect_broken_trail();
    let (trail, house) = (server.trail.clone(), Arc::clone(server.strongbox.house()));
    *server.stage.interlude.lock() = Some(Box::new(move || {
        trail.break_it(Broken::DiskFull);
        house.audit.reopen_all();
    }));
    let answer = server.read("stage/creds").await.expect(500);
    assert_eq!(answer.at("/data"), &Value::Null);
    assert_eq!(server.stage.effects(), 1);
    server.mend_trail();
    server
        .until("the credential is gone", async || server.stage.alive() == 0)
        .await;
    server
        .call(
            "LIST",
            "/v1/sys/leases/lookup/stage/creds",
            &server.root,
            Value::Null,
        )
        .await
        .expect(404);
}

#[tokio::test]
async fn a_request_whose_client_hangs_up_runs_to_its_end() {
    let server = TestServer::start().await;
    {
        let asked = server.write("stage/wait", Value::Null);
        tokio::pin!(asked);
        tokio::select! {
            _ = &mut asked => panic!("the handler waits"),
            () = server.stage.waits.notified() => {}
        }
    }
    assert_eq!(kinds(&server.trail.of("stage/wait")), ["request"]);
    server.stage.go_on.notify_one();
    server
        .until("the closing entry is written", async || {
            server.trail.of("stage/wait").len() == 2
        })
        .await;
    assert_eq!(server.stage.effects(), 1);
    assert_eq!(kinds(&server.trail.of("stage/wait")), ["request", "response"]);
}

#[tokio::test]
async fn a_plugin_that_panics_is_answered_for_and_its_mount_is_named() {
    let server = TestServer::start().await;
    server.log.expect("a plugin panicked");
    server.write("stage/panic", Value::Null).await.expect(500);
    let entries = server.trail.of("stage/panic");
    assert_eq!(kinds(&entries), ["request", "response"]);
    assert!(server.log.text().contains("mount.path=\"stage/\""));
    server.write("stage/effect", Value::Null).await.expect(200);
}
