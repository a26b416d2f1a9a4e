//! No answer leaves without the entries that are due, however the log fails.

use crate::world::{Broken, CANARY, TestServer, canary};
use serde_json::{Value, json};

/// Requests of every shape: a write, a pure read, a listing, a refusal, a login-less public path, a wrapped answer.
async fn everything(server: &TestServer) -> Vec<(&'static str, u16)> {
    let secret = json!({ "data": { "password": canary("kv") } });
    let root = server.root.clone();
    let mut answers = Vec::new();
    let calls = [
        ("POST", "/v1/secret/data/a", root.as_str(), secret),
        ("GET", "/v1/secret/data/a", root.as_str(), Value::Null),
        ("LIST", "/v1/secret/metadata", root.as_str(), Value::Null),
        ("GET", "/v1/secret/data/nothing", root.as_str(), Value::Null),
        ("GET", "/v1/nowhere/at/all", root.as_str(), Value::Null),
        ("GET", "/v1/sys/mounts", root.as_str(), Value::Null),
        ("POST", "/v1/auth/token/create", root.as_str(), json!({})),
        (
            "POST",
            "/v1/sys/wrapping/wrap",
            root.as_str(),
            json!({ "password": canary("wrapped") }),
        ),
        ("GET", "/v1/stage/creds", root.as_str(), Value::Null),
        ("POST", "/v1/stage/fail", root.as_str(), Value::Null),
        (
            "POST",
            "/v1/secret/data/a",
            "hvs.stranger",
            json!({ "data": { "password": canary("denied") } }),
        ),
        ("GET", "/v1/secret/data/a", "", Value::Null),
    ];
    for (method, path, token, body) in calls {
        let answer = match path.contains("wrapping") {
            true => {
                let headers = [("X-Vault-Token", token), ("X-Vault-Wrap-TTL", "60")];
                let request = server.request(method, path, &headers);
                server.send(request, body.to_string().into_bytes()).await
            }
            false => server.call(method, path, token, body).await,
        };
        answers.push((path, answer.status));
    }
    answers
}

#[tokio::test]
async fn every_request_has_an_opening_and_a_closing_entry() {
    let server = TestServer::start().await;
    let before = server.trail.pairs().len();
    let asked = everything(&server).await;
    let pairs = server.trail.pairs();
    assert_eq!(pairs.len(), before + asked.len());
    // The device was tried with one entry when it was made.
    let unpaired: Vec<_> = pairs.iter().filter(|(_, pair)| **pair != (1, 1)).collect();
    assert!(unpaired.len() == 1 && *unpaired[0].1 == (1, 0), "{unpaired:?}");
}

#[tokio::test]
async fn nothing_is_answered_whose_entries_cannot_be_written() {
    let server = TestServer::start().await;
    for how in Broken::ALL {
        let written = server.trail.text();
        server.break_trail(how);
        for (path, status) in everything(&server).await {
            assert!(status == 500 || status == 403, "{how:?}: {path}: {status}");
        }
        assert_eq!(server.trail.text(), written, "{how:?}");
        server.mend_trail();
    }
    server.read("secret/data/a").await.expect(404);
    assert_eq!(server.stage.alive(), 0);
}

#[tokio::test]
async fn one_device_that_writes_is_enough() {
    let server = TestServer::start().await;
    let other = server.trail.file().parent().unwrap().with_file_name("other");
    let device = json!({ "type": "file", "options": { "file_path": other } });
    server.write("sys/audit/other", device).await.expect(204);
    server.break_trail(Broken::DiskFull);
    everything(&server).await;
    let text = std::fs::read_to_string(&other).unwrap();
    assert!(text.contains("stage/creds") && !text.contains(CANARY));
    server.read("secret/data/a").await.expect(200);
}

#[tokio::test]
async fn an_entry_shows_hashes_and_no_secret() {
    let server = TestServer::start().await;
    everything(&server).await;
    let entries = server.trail.of("secret/data/a");
    let shown = entries[0]["request"]["data"]["data"]["password"]
        .as_str()
        .unwrap();
    let input = json!({ "input": canary("kv") });
    let hash = server.write("sys/audit-hash/trail", input).await.expect(200);
    assert_eq!(shown, hash.text("/data/hash"));
    assert!(!server.trail.text().contains(&server.root));
}
