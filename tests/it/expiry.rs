//! What has an end ends on time, also if the server was down at that moment.

use crate::world::{Answer, TestServer, canary};
use harness::postgres::Postgres;
use serde_json::{Value, json};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);
const SECOND: Duration = Duration::from_secs(1);

/// An answer that waits for an hour.
async fn wrapped(server: &TestServer) -> String {
    let headers = [
        ("X-Vault-Token", server.root.as_str()),
        ("X-Vault-Wrap-TTL", "1h"),
    ];
    let request = server.request("POST", "/v1/sys/wrapping/wrap", &headers);
    let body = json!({ "password": canary("wrapped") });
    let answer = server
        .send(request, body.to_string().into_bytes())
        .await
        .expect(200);
    answer.text("/wrap_info/token")
}

async fn unwrap(server: &TestServer, token: &str) -> Answer {
    server
        .call("POST", "/v1/sys/wrapping/unwrap", token, Value::Null)
        .await
}

async fn look_up(server: &TestServer, token: &str) -> Answer {
    server
        .call("GET", "/v1/auth/token/lookup-self", token, Value::Null)
        .await
}

/// How many tokens the server knows of.
async fn accessors(server: &TestServer) -> usize {
    let path = "/v1/auth/token/accessors";
    let listed = server
        .call("LIST", path, &server.root, Value::Null)
        .await
        .expect(200);
    listed.at("/data/keys").as_array().unwrap().len()
}

#[tokio::test]
async fn a_token_ends_to_the_second() {
    let server = TestServer::start().await;
    let before = accessors(&server).await;
    let token = server
        .token(json!({ "ttl": "1h", "policies": ["default"] }))
        .await;
    server.clock.pass(HOUR - SECOND);
    assert_eq!(look_up(&server, &token).await.expect(200).number("/data/ttl"), 1);
    server.clock.pass(SECOND);
    look_up(&server, &token).await.expect(403);
    server
        .until("its rows are gone", async || accessors(&server).await == before)
        .await;
}

#[tokio::test]
async fn a_wrapped_answer_waits_to_the_second() {
    let server = TestServer::start().await;
    let (first, second) = (wrapped(&server).await, wrapped(&server).await);
    server.clock.pass(HOUR - SECOND);
    unwrap(&server, &first).await.expect(200);
    server.clock.pass(SECOND);
    unwrap(&server, &second).await.expect(400);
}

#[tokio::test]
async fn a_lease_ends_on_time_and_not_before() {
    let server = TestServer::start().await;
    let hour = json!({ "default_lease_ttl": "1h", "max_lease_ttl": "2h" });
    server.write("sys/mounts/stage/tune", hour).await.expect(204);
    let lease = server.read("stage/creds").await.expect(200).text("/lease_id");
    server.clock.pass(HOUR - SECOND);
    server
        .write("sys/leases/lookup", json!({ "lease_id": lease }))
        .await
        .expect(200);
    assert_eq!(server.stage.alive(), 1);
    server.clock.pass(SECOND);
    server
        .until("it is gone", async || server.stage.alive() == 0)
        .await;
    server
        .until("its rows are gone", async || {
            let shown = server
                .write("sys/leases/lookup", json!({ "lease_id": lease }))
                .await;
            shown.status == 400
        })
        .await;
}

#[tokio::test]
async fn credentials_end_with_the_token_that_asked_for_them() {
    let server = TestServer::start().await;
    let token = server.token(json!({ "ttl": "1h", "policies": ["root"] })).await;
    server
        .call("GET", "/v1/stage/creds", &token, Value::Null)
        .await
        .expect(200);
    server.clock.pass(HOUR);
    server
        .until("it is gone", async || server.stage.alive() == 0)
        .await;
}

#[tokio::test]
async fn what_should_have_ended_while_the_server_was_down_ends_when_it_is_back() {
    let server = TestServer::embedded().await;
    let before = accessors(&server).await;
    let token = server.token(json!({ "ttl": "1h", "policies": ["root"] })).await;
    let child = server
        .call("POST", "/v1/auth/token/create", &token, json!({ "ttl": "1h" }))
        .await;
    let child = child.expect(200).text("/auth/client_token");
    server
        .call("GET", "/v1/stage/creds", &token, Value::Null)
        .await
        .expect(200);
    let waiting = wrapped(&server).await;
    let kept = server
        .token(json!({ "ttl": "3h", "policies": ["default"] }))
        .await;
    server.stop().await;
    server.clock.pass(2 * HOUR);
    assert_eq!(server.stage.alive(), 1);
    let server = server.back().await;
    look_up(&server, &token).await.expect(403);
    look_up(&server, &child).await.expect(403);
    unwrap(&server, &waiting).await.expect(400);
    look_up(&server, &kept).await.expect(200);
    server
        .until("the credential is gone", async || server.stage.alive() == 0)
        .await;
    server
        .until("the rows are gone", async || {
            accessors(&server).await == before + 1
        })
        .await;
}

#[tokio::test]
async fn a_login_of_a_database_ends_with_its_lease() {
    let server = TestServer::start().await;
    let database = Postgres::shared().database().unwrap();
    server
        .write("sys/mounts/database", json!({ "type": "database" }))
        .await
        .expect(204);
    let connection = json!({
        "plugin_name": "postgresql-database-plugin",
        "connection_url": database.url_of("{{username}}", "{{password}}"),
        "username": database.user,
        "password": database.password,
        "allowed_roles": "app",
    });
    server.write("database/config/pg", connection).await.expect(204);
    let statement =
        "CREATE ROLE \"{{name}}\" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'";
    let role = json!({ "db_name": "pg", "creation_statements": [statement], "default_ttl": "1h" });
    server.write("database/roles/app", role).await.expect(204);
    let made = server.read("database/creds/app").await.expect(200);
    let name = made.text("/data/username");
    assert!(database.has_role(&name).unwrap());
    server.clock.pass(HOUR);
    server
        .until("the role is gone", async || !database.has_role(&name).unwrap())
        .await;
}
