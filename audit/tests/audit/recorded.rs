//! Entries, member for member as the recordings `audit.*` have them.

use crate::room::*;
use audit::{AuditedHeaders, Decision, NewToken, Outcome, Subject};
use logical::secret::SecretText;
use logical::{
    AuthInfo, Body, Caller, Entity, LeaseInfo, MountFacts, Operation, Remote, Response, TokenType, WrapInfo,
};
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

const DENIED: &str = "1 error occurred:\n\t* permission denied\n\n";

/// `auth` of the root token.
fn auth_of_root() -> Value {
    json!({
        "accessor": "#", "client_token": "#", "display_name": "root", "policies": ["root"],
        "policy_results": {"allowed": true, "granting_policies": [granting("root")]},
        "token_issue_time": "2026-01-02T03:04:05Z", "token_policies": ["root"], "token_type": "service",
    })
}

fn granting(policy: &str) -> Value {
    json!({"name": policy, "namespace_id": "root", "type": "acl"})
}

/// `request` of the root token at `kv/a`, with more members.
fn request_at_kv(operation: &str, more: &Value) -> Value {
    with(
        json!({
            "client_id": "0DHqvq2D77kL2/JTPSZkTMJbkFVmUu0TzMi0jiXcFy8=", "client_token": "#",
            "client_token_accessor": "#", "id": "1234", "mount_class": "secret", "mount_point": "kv/",
            "mount_running_version": "<build>", "mount_type": "kv", "namespace": {"id": "root"},
            "operation": operation, "path": "kv/a", "remote_address": "127.0.0.1", "remote_port": 4321,
        }),
        more,
    )
}

fn response_at_kv(more: &Value) -> Value {
    with(
        json!({
            "mount_accessor": "kv_01234567", "mount_class": "secret", "mount_point": "kv/",
            "mount_running_plugin_version": "<build>", "mount_type": "kv",
        }),
        more,
    )
}

fn with(mut value: Value, more: &Value) -> Value {
    let more = more.as_object().unwrap().clone();
    value.as_object_mut().unwrap().extend(more);
    value
}

/// A token as answers show it.
fn auth_info(policies: &[&str]) -> AuthInfo {
    AuthInfo {
        client_token: SecretText::from("s.MADEMADEMADEMADEMADEMADE"),
        accessor: "MADEMADEMADEMADEMADEMADE".to_owned(),
        policies: names(policies),
        token_policies: names(policies),
        identity_policies: Vec::new(),
        metadata: None,
        display_name: "token".to_owned(),
        duration: Duration::from_secs(3600),
        renewable: true,
        entity_id: String::new(),
        token_type: TokenType::Service,
        orphan: false,
        num_uses: 0,
    }
}

/// A request of somebody whom no policy was asked about.
fn unasked<'a>(
    request: &'a logical::Request,
    mount: Option<&'a MountFacts>,
    error: &'a str,
    nobody: &'a Caller,
) -> Subject<'a> {
    Subject {
        request,
        operation: request.operation,
        path: request.path.as_str(),
        mount,
        caller: nobody,
        decision: Decision::Unasked,
        error: Some(error),
    }
}

#[tokio::test]
async fn every_field_of_a_write() {
    let (room, kv, root, by) = (
        Room::with(&[]).await,
        mount("kv", "kv/"),
        root(),
        names(&["root"]),
    );
    let asked = request(
        Operation::Create,
        "kv/a",
        json!({"user": "ann", "word": "secret one"}),
    );
    let response = Response::empty("1234");
    let entries = room
        .exchange(&subject(&asked, &kv, &root, &by), &ended(&response))
        .await;
    let asked = request_at_kv(
        "create",
        &json!({"data": {"user": "#", "word": "#"}, "mount_accessor": "kv_01234567"}),
    );
    assert_eq!(
        entries,
        [
            json!({"auth": auth_of_root(), "request": asked, "time": "<time>", "type": "request"}),
            json!({"auth": auth_of_root(), "request": asked, "response": response_at_kv(&json!({})),
                "time": "<time>", "type": "response"}),
        ]
    );
}

#[tokio::test]
async fn every_field_of_a_read() {
    let (room, kv, root, by) = (
        Room::with(&[]).await,
        mount("kv", "kv/"),
        root(),
        names(&["root"]),
    );
    let asked = request(Operation::Read, "kv/a", json!({}));
    let mut response = answer(json!({"user": "ann", "n": 5}));
    response.lease = Some(LeaseInfo::default());
    let entries = room
        .exchange(&subject(&asked, &kv, &root, &by), &ended(&response))
        .await;
    assert_eq!(
        entries,
        [
            json!({"auth": auth_of_root(), "request": request_at_kv("read", &json!({})),
                "time": "<time>", "type": "request"}),
            json!({"auth": auth_of_root(),
                "request": request_at_kv("read", &json!({"mount_accessor": "kv_01234567"})),
                "response": response_at_kv(&json!({"data": {"user": "#", "n": 5}, "secret": {}})),
                "time": "<time>", "type": "response"}),
        ]
    );
}

#[tokio::test]
async fn every_field_of_a_token() {
    let (room, tokens) = (Room::with(&[]).await, mount("token", "auth/token/"));
    let by = names(&["default", "p"]);
    let app = Caller {
        metadata: Arc::new([("team".to_owned(), "web".to_owned())].into()),
        uses_left: Some(4),
        token_ttl_seconds: 3600,
        ..holder("token-app", &["default", "p"])
    };
    let asked = request(Operation::Update, "auth/token/create", json!({"num_uses": 5}));
    let mut response = Response::new("1234", 200, Body::Data(None));
    response.auth = Some(Box::new(AuthInfo {
        metadata: Some([("team".to_owned(), "web".to_owned())].into()),
        num_uses: 5,
        ..auth_info(&["default", "p"])
    }));
    response.warnings = names(&["Policy \"p\" does not exist"]);
    let [opening, closing] = room
        .exchange(&subject(&asked, &tokens, &app, &by), &ended(&response))
        .await;
    assert_eq!(
        opening["auth"],
        json!({
            "accessor": "#", "client_token": "#", "display_name": "token-app", "metadata": {"team": "web"},
            "policies": ["default", "p"], "token_policies": ["default", "p"], "remaining_uses": 5,
            "policy_results": {"allowed": true, "granting_policies": [granting("default"), granting("p")]},
            "token_issue_time": "2026-01-02T03:04:05Z", "token_ttl": 3600, "token_type": "service",
        })
    );
    assert_eq!(
        opening["request"]["client_id"],
        "B9WcCFncFBURZTx5hOVveNQlG77suEpCEnA/jy7xAs8="
    );
    assert_eq!(
        closing["response"],
        json!({
            "auth": {
                "accessor": "#", "client_token": "#", "display_name": "token", "metadata": {"team": "web"},
                "num_uses": 5, "policies": ["default", "p"], "token_policies": ["default", "p"],
                "token_ttl": 3600, "token_type": "service",
            },
            "mount_accessor": "token_01234567", "mount_class": "auth", "mount_point": "auth/token/",
            "mount_running_plugin_version": "<build>", "mount_type": "token",
            "warnings": ["Policy \"p\" does not exist"],
        })
    );
}

#[tokio::test]
async fn a_batch_token_has_no_accessor() {
    let (room, tokens) = (Room::with(&[]).await, mount("token", "auth/token/"));
    let batch = Caller {
        accessor: None,
        token_type: Some(TokenType::Batch),
        ..holder("token", &["p"])
    };
    let asked = request(Operation::Read, "auth/token/lookup-self", json!({}));
    let (by, response) = (names(&["p"]), answer(json!({"accessor": "", "num_uses": 0})));
    let [_, closing] = room
        .exchange(&subject(&asked, &tokens, &batch, &by), &ended(&response))
        .await;
    assert_eq!(closing["auth"]["token_type"], "batch");
    assert_eq!(
        (
            &closing["auth"]["accessor"],
            &closing["request"]["client_token_accessor"]
        ),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(
        closing["response"]["data"],
        json!({"accessor": "#", "num_uses": 0})
    );
}

#[tokio::test]
async fn every_field_of_a_login() {
    let (room, method) = (Room::with(&[]).await, mount("userpass", "auth/userpass/"));
    let nobody = Caller::anonymous();
    let asked = logical::Request {
        token: None,
        ..request(
            Operation::Update,
            "auth/userpass/login/ann",
            json!({"password": "very secret"}),
        )
    };
    let token = AuthInfo {
        display_name: "userpass-ann".to_owned(),
        entity_id: "e1".to_owned(),
        identity_policies: names(&["of-entity"]),
        ..auth_info(&["default"])
    };
    let mut response = Response::new("1234", 200, Body::Data(None));
    response.auth = Some(Box::new(token.clone()));
    let outcome = Outcome {
        login: Some(NewToken {
            auth: &token,
            entity_created: true,
        }),
        ..ended(&response)
    };
    let [opening, closing] = room
        .exchange(&subject(&asked, &method, &nobody, &[]), &outcome)
        .await;
    assert_eq!(
        opening["auth"],
        json!({"policy_results": {"allowed": true}, "token_type": "default"})
    );
    let request = json!({
        "data": {"password": "#"}, "id": "1234", "mount_accessor": "userpass_01234567", "mount_class": "auth",
        "mount_point": "auth/userpass/", "mount_running_version": "<build>", "mount_type": "userpass",
        "namespace": {"id": "root"}, "operation": "update", "path": "auth/userpass/login/ann",
        "remote_address": "127.0.0.1", "remote_port": 4321,
    });
    assert_eq!([&opening["request"], &closing["request"]], [&request, &request]);
    let made = json!({
        "accessor": "#", "client_token": "#", "display_name": "userpass-ann", "entity_id": "e1",
        "identity_policies": ["of-entity"], "policies": ["default"], "token_policies": ["default"],
        "token_ttl": 3600, "token_type": "service",
    });
    assert_eq!(closing["response"]["auth"], made);
    assert_eq!(closing["auth"], with(made, &json!({"entity_created": true})));
}

#[tokio::test]
async fn a_login_that_fails_shows_nobody() {
    let (room, method) = (Room::with(&[]).await, mount("userpass", "auth/userpass/"));
    let (nobody, response) = (Caller::anonymous(), refusal(400, "invalid username or password"));
    let asked = logical::Request {
        token: None,
        ..request(Operation::Update, "auth/userpass/login/ann", json!({}))
    };
    let outcome = Outcome {
        error: Some("invalid credentials"),
        ..ended(&response)
    };
    let [_, closing] = room
        .exchange(&subject(&asked, &method, &nobody, &[]), &outcome)
        .await;
    assert_eq!(closing["auth"], json!({"token_type": "default"}));
    assert_eq!(closing["error"], "invalid credentials");
    assert_eq!(closing["response"]["data"], json!({"error": "#"}));
}

#[tokio::test]
async fn every_field_of_a_wrapped_answer() {
    let (room, kv, root, by) = (
        Room::with(&[]).await,
        mount("kv", "kv/"),
        root(),
        names(&["root"]),
    );
    let asked = logical::Request {
        wrap_ttl: Some(Duration::from_secs(300)),
        ..request(Operation::Read, "kv/a", json!({}))
    };
    // Even if the answer still held what was wrapped, it would not be written down.
    let mut response = answer(json!({"word": "secret one"}));
    response.auth = Some(Box::new(auth_info(&["p"])));
    response.wrap_info = Some(Box::new(WrapInfo {
        token: SecretText::from("s.WRAPWRAPWRAPWRAPWRAPWRAP"),
        accessor: "WRAPWRAPWRAPWRAPWRAPWRAP".to_owned(),
        ttl: Duration::from_secs(300),
        creation_time: moment(),
        creation_path: "kv/a".to_owned(),
        wrapped_accessor: "MADEMADEMADEMADEMADEMADE".to_owned(),
    }));
    let [opening, closing] = room
        .exchange(&subject(&asked, &kv, &root, &by), &ended(&response))
        .await;
    assert_eq!(opening["request"]["wrap_ttl"], 300);
    let wrap = json!({
        "accessor": "#", "creation_path": "kv/a", "creation_time": "<time>", "token": "#", "ttl": 300,
        "wrapped_accessor": "#",
    });
    assert_eq!(closing["response"], response_at_kv(&json!({"wrap_info": wrap})));
}

#[tokio::test]
async fn a_lease_is_readable_and_its_credential_is_not() {
    let (room, database) = (Room::with(&[]).await, mount("database", "database/"));
    let (root, by) = (root(), names(&["root"]));
    let asked = request(Operation::Read, "database/creds/app", json!({}));
    let mut response = answer(json!({"username": "u", "password": "p"}));
    response.lease = Some(LeaseInfo {
        id: "database/creds/app/1".to_owned(),
        ..LeaseInfo::default()
    });
    let [_, closing] = room
        .exchange(&subject(&asked, &database, &root, &by), &ended(&response))
        .await;
    assert_eq!(
        closing["response"]["secret"],
        json!({"lease_id": "database/creds/app/1"})
    );
    assert_eq!(
        closing["response"]["data"],
        json!({"username": "#", "password": "#"})
    );
}

#[tokio::test]
async fn a_denial_tells_whom_and_why() {
    let (room, kv, reader) = (
        Room::with(&[]).await,
        mount("kv", "kv/"),
        holder("token", &["default", "reader"]),
    );
    let response = refusal(403, DENIED);
    let outcome = Outcome {
        error: Some(DENIED),
        ..ended(&response)
    };
    // Whether a write creates or updates was asked before it was denied, and so the mount was asked.
    for (operation, accessor) in [
        (Operation::Read, Value::Null),
        (Operation::Update, json!("kv_01234567")),
    ] {
        let asked = request(operation, "kv/a", json!({}));
        let denied = Subject {
            decision: Decision::Denied,
            error: Some(DENIED),
            ..subject(&asked, &kv, &reader, &[])
        };
        let [opening, closing] = room.exchange(&denied, &outcome).await;
        for entry in [&opening, &closing] {
            assert_eq!(entry["error"], DENIED);
            assert_eq!(entry["auth"]["policy_results"], json!({"allowed": false}));
            assert_eq!(entry["auth"]["policies"], json!(["default", "reader"]));
            assert_eq!(entry["request"]["mount_accessor"], accessor);
        }
        assert_eq!(closing["response"]["mount_accessor"], accessor);
        assert_eq!(closing["response"]["data"], json!({"error": "#"}));
    }
}

#[tokio::test]
async fn a_bad_token_is_hashed_and_nobody() {
    let (room, kv, nobody) = (Room::with(&[]).await, mount("kv", "kv/"), Caller::anonymous());
    let asked = request(Operation::Update, "kv/a", json!({"x": "y"}));
    let response = refusal(403, "permission denied");
    let outcome = Outcome {
        error: Some(DENIED),
        ..ended(&response)
    };
    let entries = room
        .exchange(
            &unasked(&asked, Some(&kv), "permission denied", &nobody),
            &outcome,
        )
        .await;
    let request = json!({
        "client_token": "#", "data": {"x": "#"}, "id": "1234", "mount_class": "secret", "mount_point": "kv/",
        "mount_running_version": "<build>", "mount_type": "kv", "namespace": {"id": "root"},
        "operation": "update", "path": "kv/a", "remote_address": "127.0.0.1", "remote_port": 4321,
    });
    let response = json!({
        "data": {"error": "#"}, "mount_class": "secret", "mount_point": "kv/",
        "mount_running_plugin_version": "<build>", "mount_type": "kv",
    });
    let auth = json!({"token_type": "default"});
    assert_eq!(
        entries,
        [
            json!({"auth": auth, "error": "permission denied", "request": request, "time": "<time>",
                "type": "request"}),
            json!({"auth": auth, "error": DENIED, "request": request, "response": response, "time": "<time>",
                "type": "response"}),
        ]
    );
}

#[tokio::test]
async fn what_leads_nowhere_names_no_mount() {
    let (room, root, by, kv) = (
        Room::with(&[]).await,
        root(),
        names(&["root"]),
        mount("kv", "kv/"),
    );
    let asked = request(Operation::Read, "none/a", json!({}));
    let nowhere = Subject {
        mount: None,
        ..subject(&asked, &kv, &root, &by)
    };
    let (text, response) = (
        "1 error occurred:\n\t* unsupported path\n\n",
        refusal(404, "no handler"),
    );
    let outcome = Outcome {
        error: Some(text),
        ..ended(&response)
    };
    let [opening, closing] = room.exchange(&nowhere, &outcome).await;
    assert_eq!(
        (&opening["error"], &opening["request"]["mount_point"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(closing["error"], text);
    assert_eq!(closing["response"], json!({"data": {"error": "#"}}));
}

#[tokio::test]
async fn an_unsupported_operation_and_an_empty_404_have_no_data() {
    let (room, kv, root, by) = (
        Room::with(&[]).await,
        mount("kv", "kv/"),
        root(),
        names(&["root"]),
    );
    let asked = request(Operation::Patch, "kv/a", json!({"x": 1}));
    let subject = subject(&asked, &kv, &root, &by);
    let text = "1 error occurred:\n\t* unsupported operation\n\n";
    let response = refusal(405, text);
    let outcome = Outcome {
        error: Some(text),
        ..ended(&response)
    };
    let [_, unsupported] = room.exchange(&subject, &outcome).await;
    assert_eq!(
        (&unsupported["error"], &unsupported["response"]["data"]),
        (&json!(text), &Value::Null)
    );
    let [_, missing] = room.exchange(&subject, &ended(&refusal(404, ""))).await;
    assert_eq!(
        (&missing["error"], &missing["response"]["data"]),
        (&Value::Null, &Value::Null)
    );
}

#[tokio::test]
async fn policies_of_the_identity_are_named_apart() {
    let (room, kv, by) = (Room::with(&[]).await, mount("kv", "kv/"), names(&["default"]));
    let ann = Caller {
        identity_policies: names(&["of-entity", "of-group"]).into(),
        entity: Some(Arc::new(Entity {
            id: "e1".to_owned(),
            ..Entity::default()
        })),
        ..holder("userpass-ann", &["default", "p"])
    };
    let asked = request(Operation::Read, "kv/a", json!({}));
    let [_, closing] = room
        .exchange(&subject(&asked, &kv, &ann, &by), &ended(&answer(json!({}))))
        .await;
    assert_eq!(
        closing["auth"]["policies"],
        json!(["default", "of-entity", "of-group", "p"])
    );
    assert_eq!(closing["auth"]["token_policies"], json!(["default", "p"]));
    assert_eq!(
        closing["auth"]["identity_policies"],
        json!(["of-entity", "of-group"])
    );
    assert_eq!(closing["auth"]["entity_id"], "e1");
    assert_eq!(closing["request"]["client_id"], "e1");
}

#[tokio::test]
async fn headers_that_were_asked_for_are_written_down() {
    let (room, kv, root, by) = (
        Room::with(&[]).await,
        mount("kv", "kv/"),
        root(),
        names(&["root"]),
    );
    room.enable("raw", &[("log_raw", "true")]).await.unwrap();
    let mut headers = AuditedHeaders::default();
    headers.insert("X-Request-Id", false);
    headers.insert("X-Secret", true);
    room.broker.set_headers(headers);
    let mut asked = request(Operation::Read, "kv/a", json!({}));
    for (name, values) in [
        ("x-request-id", &["abc"][..]),
        ("x-secret", &["one", "two"]),
        ("x-other", &["no"]),
    ] {
        asked.headers.0.insert(name.to_owned(), names(values));
    }
    room.take("raw");
    let [_, closing] = room
        .exchange(&subject(&asked, &kv, &root, &by), &ended(&answer(json!({}))))
        .await;
    assert_eq!(
        closing["request"]["headers"],
        json!({"x-request-id": ["abc"], "x-secret": ["#", "#"]})
    );
    assert!(!room.take("raw").contains("\"one\""));
}

#[tokio::test]
async fn a_list_is_elided_where_that_is_asked_for() {
    let room = Room::with(&[("elide_list_responses", "true")]).await;
    let (kv, root, by) = (mount("kv", "kv/"), root(), names(&["root"]));
    let response = answer(json!({"keys": ["a", "b"], "key_info": {"a": {"name": "x"}}}));
    let check = async |operation, expected: Value| {
        let asked = request(operation, "kv/", json!({}));
        let [_, closing] = room
            .exchange(&subject(&asked, &kv, &root, &by), &ended(&response))
            .await;
        assert_eq!(closing["response"]["data"], expected, "{operation}");
    };
    check(Operation::List, json!({"keys": 2, "key_info": 1})).await;
    check(
        Operation::Read,
        json!({"keys": ["#", "#"], "key_info": {"a": {"name": "#"}}}),
    )
    .await;
}

#[tokio::test]
async fn accessors_are_readable_where_that_is_asked_for() {
    let room = Room::with(&[("hmac_accessor", "false")]).await;
    let (tokens, root, by) = (mount("token", "auth/token/"), root(), names(&["root"]));
    let asked = request(
        Operation::Update,
        "auth/token/lookup-accessor",
        json!({"accessor": ACCESSOR}),
    );
    let mut response = answer(json!({"accessor": ACCESSOR}));
    response.auth = Some(Box::new(auth_info(&["p"])));
    let [_, closing] = room
        .exchange(&subject(&asked, &tokens, &root, &by), &ended(&response))
        .await;
    assert_eq!(closing["auth"]["accessor"], ACCESSOR);
    assert_eq!(closing["request"]["client_token_accessor"], ACCESSOR);
    assert_eq!(
        closing["response"]["auth"]["accessor"],
        "MADEMADEMADEMADEMADEMADE"
    );
    assert_eq!(closing["response"]["auth"]["client_token"], "#");
    // In `data` it is a text like any other, as recorded.
    assert_eq!(closing["response"]["data"]["accessor"], "#");
}

#[tokio::test]
async fn keys_that_the_mount_shows_are_shown() {
    let (room, root, by) = (Room::with(&[]).await, root(), names(&["root"]));
    let mut kv = mount("kv", "kv/");
    kv.tuning.audit_non_hmac_request_keys = Some(names(&["user"]));
    kv.tuning.audit_non_hmac_response_keys = Some(names(&["error"]));
    let asked = request(Operation::Create, "kv/a", json!({"user": "ann", "word": "x"}));
    let response = refusal(400, "no data provided");
    let [_, closing] = room
        .exchange(&subject(&asked, &kv, &root, &by), &ended(&response))
        .await;
    assert_eq!(closing["request"]["data"], json!({"user": "ann", "word": "#"}));
    assert_eq!(closing["response"]["data"], json!({"error": "no data provided"}));
}

#[tokio::test]
async fn a_body_of_bytes_is_hashed_whole() {
    let (room, sys, root, by) = (
        Room::with(&[]).await,
        mount("system", "sys/"),
        root(),
        names(&["root"]),
    );
    let asked = request(Operation::Read, "sys/metrics", json!({}));
    let body = Body::Raw {
        media: "text/plain",
        bytes: b"body".to_vec(),
    };
    let subject = subject(&asked, &sys, &root, &by);
    room.broker
        .response(&subject, &ended(&Response::new("1234", 200, body)))
        .await
        .unwrap();
    let line: Value = serde_json::from_str(&room.take("main")).unwrap();
    assert_eq!(
        line["response"]["data"],
        json!({
            "http_content_type": room.broker.hash("main", "text/plain").unwrap(),
            "http_raw_body": room.broker.hash("main", "body").unwrap(), "http_status_code": 200,
        })
    );
}

#[tokio::test]
async fn members_of_a_line_are_in_vaults_order() {
    let (room, kv, root, by) = (
        Room::with(&[("prefix", "@cee: ")]).await,
        mount("kv", "kv/"),
        root(),
        names(&["root"]),
    );
    let asked = request(Operation::Read, "kv/a", json!({}));
    let response = answer(json!({"x": "y"}));
    room.broker
        .response(&subject(&asked, &kv, &root, &by), &ended(&response))
        .await
        .unwrap();
    let line = room.take("main");
    let places = [
        "@cee: {\"time\":",
        "\"type\":\"response\"",
        "\"auth\":{\"client_token\":\"hmac-sha256:",
        "\"accessor\":",
        "\"policy_results\":",
        "\"token_type\":",
        "\"request\":{\"id\":",
        "\"operation\":",
        "\"mount_point\":",
        "\"client_token_accessor\":",
        "\"namespace\":",
        "\"path\":",
        "\"remote_port\":4321",
        "\"response\":{\"mount_point\":",
        "\"data\":",
    ]
    .map(|part| line.find(part).unwrap_or_else(|| panic!("{part} in {line}")));
    assert!(places.is_sorted(), "{line}");
}

#[tokio::test]
async fn the_houses_own_work_comes_from_nowhere() {
    let (room, kv, house) = (Room::with(&[]).await, mount("kv", "kv/"), Caller::system());
    let asked = logical::Request {
        token: None,
        remote: Remote {
            address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            port: 0,
        },
        ..request(Operation::Revoke, "kv/a", json!({}))
    };
    let [opening, _] = room
        .exchange(
            &subject(&asked, &kv, &house, &[]),
            &ended(&Response::empty("1234")),
        )
        .await;
    assert_eq!(opening["request"]["remote_address"], Value::Null);
}

/// As recorded in `audit.declared_in_the_configuration`.
#[tokio::test]
async fn a_new_device_is_tried_with_an_entry() {
    let room = Room::empty();
    room.enable("main", &[]).await.unwrap();
    assert_eq!(
        room.entries(),
        [json!({
            "auth": {"token_type": "default"}, "time": "<time>", "type": "request",
            "request": {
                "id": "00000000-0000-4000-8000-000000000000", "namespace": {"id": "root"},
                "operation": "update", "path": "sys/audit/test",
            },
        })]
    );
}
