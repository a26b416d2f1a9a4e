//! Requests as the recordings have them, without a network.
#![expect(clippy::indexing_slicing, reason = "a test may panic")]

mod stub;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use logical::Remote;
use serde_json::{Value, json};
use server_http::{CrossOrigin, Forwarded};
use std::sync::Arc;
use stub::{door, settings};
use tower::ServiceExt;

const MERGE: &str = "application/merge-patch+json";

/// An answer, read to its end.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    /// The members of the body; null if there are none.
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// The texts of a refusal.
    fn errors(&self) -> Value {
        self.json()["errors"].clone()
    }

    /// A header, if it is there and is text.
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// Asks in this process, without a network.
async fn ask(door: &axum::Router, request: Request<Body>) -> Answer {
    let answer = door
        .clone()
        .oneshot(request)
        .await
        .expect("a router does not fail");
    let (parts, body) = answer.into_parts();
    let bytes = body.collect().await.expect("the body is in memory").to_bytes();
    Answer {
        status: parts.status,
        headers: parts.headers,
        text: String::from_utf8(bytes.to_vec()).expect("answers are text"),
    }
}

/// A request with a host, which HTTP/1.1 demands.
fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path).header("host", "x");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request
        .body(Body::from(body.to_owned()))
        .expect("the test says what HTTP can hold")
}

async fn call(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    ask(&door(settings()), request(method, path, headers, body)).await
}

async fn check_asked(method: &str, path: &str, body: &str, expected: Value) {
    let answer = call(method, &format!("/v1/{path}"), &[("content-type", MERGE)], body).await;
    let asked = answer.json()["data"].clone();
    let found = json!([asked["operation"], asked["path"], asked["data"]]);
    assert_eq!(found, expected, "{method} {path}: {answer:?}");
}

async fn check_refused(method: &str, path: &str, body: &str, status: u16, errors: Value) {
    let answer = call(method, path, &[], body).await;
    assert_eq!(
        (answer.status.as_u16(), answer.errors()),
        (status, errors),
        "{method} {path}"
    );
    assert_eq!(answer.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn reading_takes_its_members_from_the_query() {
    for (method, path, operation, arrived, data) in [
        (
            "GET",
            "kv1/a?version=1&help=",
            "read",
            "kv1/a",
            json!({"version": "1"}),
        ),
        ("GET", "kv1?list=true&x=1", "list", "kv1", json!({"x": "1"})),
        (
            "GET",
            "kv1/a?list=false",
            "read",
            "kv1/a",
            json!({"list": "false"}),
        ),
        ("LIST", "kv1/?list=x", "list", "kv1/", json!({"list": "x"})),
        ("SCAN", "kv1", "scan", "kv1", json!({})),
        (
            "DELETE",
            "kv1/a?v=1&v=2",
            "delete",
            "kv1/a",
            json!({"v": ["1", "2"]}),
        ),
        ("GET", "sys/seal-status/", "read", "sys/seal-status/", json!({})),
        ("GET", "", "read", "", json!({})),
    ] {
        check_asked(method, path, "{\"list\":true}", json!([operation, arrived, data])).await;
    }
}

#[tokio::test]
async fn writing_takes_its_members_from_the_body() {
    for (method, path, body, operation, arrived, data) in [
        (
            "POST",
            "kv1/a?q=1",
            "{\"a\":1}",
            "update",
            "kv1/a",
            json!({"a": 1}),
        ),
        ("PUT", "kv1/a%20b", "", "update", "kv1/a b", json!({})),
        (
            "PATCH",
            "kv1/a",
            "{\"a\":null}",
            "patch",
            "kv1/a",
            json!({"a": null}),
        ),
        ("PUT", "sys/seal", "", "update", "sys/seal", json!({})),
    ] {
        check_asked(method, path, body, json!([operation, arrived, data])).await;
    }
}

#[tokio::test]
async fn help_is_asked_for_with_any_method_and_body() {
    check_asked(
        "POST",
        "sys/health?help=1",
        "{",
        json!(["help", "sys/health", {}]),
    )
    .await;
    check_asked("GET", "sys?help=1", "", json!(["help", "sys", {}])).await;
    check_asked("HELP", "kv1/a", "", json!(["help", "kv1/a", {}])).await;
}

#[tokio::test]
async fn headers_arrive_with_it() {
    let headers = [
        ("x-vault-token", "t"),
        ("x-vault-namespace", "root/"),
        ("x-vault-wrap-ttl", "1m"),
        ("content-type", "Application/X-WWW-Form-Urlencoded; charset=utf-8"),
    ];
    let answer = call("PUT", "/v1/kv1/a", &headers, "a=1&a=2").await;
    let asked = &answer.json()["data"];
    assert_eq!(
        json!([
            asked["token"],
            asked["namespace"],
            asked["wrap"],
            asked["media"],
            asked["data"]
        ]),
        json!(["t", "root/", 60, "application/x-www-form-urlencoded", {"a": "1,2"}])
    );
    assert_eq!(answer.header("x-vault-namespace"), Some("root/"));
}

#[tokio::test]
async fn every_answer_has_an_id_of_its_own() {
    let door = door(settings());
    let mut ids = Vec::new();
    for _ in 0..2 {
        let asked = request("GET", "/v1/a", &[("x-request-id", "my-own")], "");
        ids.push(ask(&door, asked).await.json()["request_id"].clone());
    }
    assert_ne!(ids[0], ids[1]);
    assert!(ids.iter().all(|id| id.as_str().unwrap().len() == 36));
}

#[tokio::test]
async fn every_answer_forbids_to_store_it() {
    for (method, path) in [
        ("GET", "/v1/kv1/a"),
        ("GET", "/v1/empty/a"),
        ("COPY", "/v1/kv1/a"),
        ("HEAD", "/v1/sys/health"),
        ("GET", "/v2/x"),
    ] {
        let answer = call(method, path, &[], "").await;
        assert_eq!(
            answer.header("cache-control"),
            Some("no-store"),
            "{method} {path}"
        );
        assert_eq!(
            answer.header("content-type"),
            Some("application/json"),
            "{method} {path}"
        );
        let strict = answer.header("strict-transport-security");
        assert_eq!(
            strict,
            Some("max-age=31536000; includeSubDomains"),
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn an_empty_answer_is_a_204() {
    let answer = call("PUT", "/v1/empty/a", &[], "{\"a\":1}").await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (204, ""));
}

#[tokio::test]
async fn what_is_wrong_is_refused_in_vaults_order() {
    let eof = json!(["failed to decode JSON input: unexpected EOF"]);
    let relative = json!(["relative paths not supported"]);
    check_refused("COPY", "/v1/secret/%2e%2e/x", "", 405, json!([])).await;
    check_refused(
        "OPTIONS",
        "/v1/a",
        "",
        400,
        json!(["cannot handle internal-only request operation"]),
    )
    .await;
    check_refused("GET", "/v1/secret/%2e%2e/x?list=maybe", "", 400, json!([])).await;
    check_refused("POST", "/v1/secret/%2e%2e/x", "{", 400, eof.clone()).await;
    check_refused("POST", "/v1/secret/a/", "{", 400, eof).await;
    check_refused("PATCH", "/v1/secret/a", "{", 400, json!(["mime: no media type"])).await;
    for method in ["GET", "POST", "DELETE", "LIST"] {
        check_refused(method, "/v1/secret/%2e%2e/x", "", 400, relative.clone()).await;
    }
    let answer = call("GET", "/v1/secret/%2e/x", &[("x-vault-wrap-ttl", "soon")], "").await;
    assert_eq!(answer.errors(), relative);
    let answer = call("GET", "/v1/secret/x", &[("x-vault-wrap-ttl", "soon")], "").await;
    let text = "error parsing X-Vault-Wrap-TTL header: time: invalid duration \"soon\"";
    assert_eq!((answer.status.as_u16(), answer.errors()), (400, json!([text])));
}

#[tokio::test]
async fn json_that_is_called_something_else_is_json() {
    for kind in [
        "text/plain",
        "application/xml",
        "not a type;;",
        "application/x-www-form-urlencoded",
    ] {
        let answer = call("POST", "/v1/a", &[("content-type", kind)], " {\"a\":1}").await;
        assert_eq!(answer.json()["data"]["data"], json!({"a": 1}), "{kind}");
    }
}

#[tokio::test]
async fn an_untidy_path_is_sent_to_its_tidy_form() {
    for method in ["GET", "PUT", "DELETE", "LIST"] {
        for (path, location) in [
            ("/v1//kv1/a", "/v1/kv1/a"),
            ("/v1/kv1//a?x=1&y=2", "/v1/kv1/a?x=1&y=2"),
            ("/v1/kv1/a%20b//", "/v1/kv1/a%20b/"),
            ("/v1//sys/health", "/v1/sys/health"),
        ] {
            let answer = call(method, path, &[], "").await;
            assert_eq!(answer.status.as_u16(), 307);
            assert_eq!(answer.header("location"), Some(location), "{method} {path}");
        }
    }
    let answer = call("GET", "/v1/sys/mounts/../mounts", &[], "").await;
    assert_eq!(
        answer.text,
        "<a href=\"/v1/sys/mounts\">Temporary Redirect</a>.\n\n"
    );
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
}

#[tokio::test]
async fn outside_of_v1_there_is_nothing() {
    for path in [
        "/v1",
        "/v2/sys/health",
        "/V1/sys/health",
        "/health",
        "/v1sys/health",
        "//v1/kv1/a",
        "/?help=1",
    ] {
        for method in ["GET", "POST", "LIST"] {
            let answer = call(method, path, &[], "").await;
            assert_eq!(
                (answer.status.as_u16(), answer.errors()),
                (404, json!([])),
                "{method} {path}"
            );
        }
    }
    for path in ["/", "/ui", "/?x"] {
        let answer = call("POST", path, &[], "").await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("location")),
            (307, Some("/ui/"))
        );
    }
}

#[tokio::test]
async fn open_paths_answer_without_an_envelope() {
    for (method, path, status, expected) in [
        ("GET", "/v1/sys/seal-status", 200, json!({"sealed": true})),
        ("GET", "/v1/s%79s/seal-status", 200, json!({"sealed": true})),
        ("GET", "/v1/sys/health", 503, json!({"sealed": true})),
        (
            "GET",
            "/v1/sys/health?sealedcode=299",
            299,
            json!({"sealed": true}),
        ),
        ("GET", "/v1/sys/health?sealedcode=x", 400, json!({"errors": []})),
        ("HEAD", "/v1/sys/health", 503, Value::Null),
        ("GET", "/v1/sys/leader", 200, json!({"ha_enabled": false})),
        ("GET", "/v1/sys/init", 200, json!({"initialized": false})),
        ("PUT", "/v1/sys/init", 200, json!({"secret_shares": 1})),
        (
            "POST",
            "/v1/sys/unseal",
            400,
            json!({"errors": ["Vault is not initialized"]}),
        ),
        ("POST", "/v1/sys/health", 405, json!({"errors": []})),
        ("HEAD", "/v1/sys/seal-status", 405, Value::Null),
        ("OPTIONS", "/v1/sys/leader", 405, json!({"errors": []})),
        ("GET", "/v1/sys/seal", 405, json!({"errors": []})),
        ("LIST", "/v1/sys/step-down", 405, json!({"errors": []})),
    ] {
        let answer = call(method, path, &[], "{\"secret_shares\":1}").await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()),
            (status, expected),
            "{method} {path}"
        );
    }
    let text =
        "failed to decode JSON input: json: cannot unmarshal array into Go value of type http.InitRequest";
    check_refused("PUT", "/v1/sys/init", "[]", 400, json!([text])).await;
}

#[tokio::test]
async fn open_paths_take_few_methods() {
    let methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "LIST", "PATCH", "OPTIONS"];
    for (path, taken) in [
        ("sys/init", &["GET", "POST", "PUT"][..]),
        ("sys/seal-status", &["GET"]),
        ("sys/health", &["GET", "HEAD"]),
        ("sys/leader", &["GET"]),
        ("sys/unseal", &["POST", "PUT"]),
        ("sys/seal", &["POST", "PUT", "PATCH"]),
        ("sys/step-down", &["POST", "PUT", "PATCH"]),
    ] {
        for method in methods {
            let answer = call(method, &format!("/v1/{path}"), &[], "").await;
            let is_taken = answer.status != StatusCode::METHOD_NOT_ALLOWED;
            assert_eq!(is_taken, taken.contains(&method), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_larger_body_is_refused_on_every_path() {
    let mut settings = settings();
    settings.body_max = 4096;
    let door = door(settings);
    let body = |size: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(size - 8));
    let fits = ask(&door, request("PUT", "/v1/kv1/a", &[], &body(4096))).await;
    assert_eq!(fits.status.as_u16(), 200);
    for (method, path) in [
        ("PUT", "/v1/sys/unseal"),
        ("PUT", "/v1/kv1/a"),
        ("GET", "/v1/kv1/a"),
        ("DELETE", "/v1/kv1/a"),
        ("GET", "/v1/sys/seal-status"),
    ] {
        let answer = ask(&door, request(method, path, &[], &body(4097))).await;
        let found = (answer.status.as_u16(), answer.errors());
        assert_eq!(
            found,
            (413, json!(["http: request body too large"])),
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn an_operator_adds_headers() {
    let mut settings = settings();
    let headers = &mut settings.response_headers;
    headers
        .add("default", "Strict-Transport-Security", &["max-age=1".into()])
        .unwrap();
    headers.add("4xx", "X-Failed", &["yes".into()]).unwrap();
    let door = door(settings);
    for (path, failed) in [("/v1/kv1/a", None), ("/nowhere", Some("yes"))] {
        let answer = ask(&door, request("GET", path, &[], "")).await;
        assert_eq!(answer.header("x-failed"), failed);
        assert_eq!(answer.header("strict-transport-security"), Some("max-age=1"));
    }
}

#[tokio::test]
async fn a_proxy_says_on_whose_behalf_it_asks() {
    let mut settings = settings();
    settings.forwarded = Some(Forwarded {
        authorized: vec!["127.0.0.0/8".parse().unwrap()],
        hop_skips: 1,
        reject_not_present: false,
        reject_not_authorized: true,
    });
    let mut asked = request("GET", "/v1/a", &[("x-forwarded-for", "10.1.2.3, 192.0.2.1")], "");
    asked.extensions_mut().insert(Remote {
        address: "127.0.0.1".parse().unwrap(),
        port: 1,
    });
    let answer = ask(&door(settings), asked).await;
    assert_eq!(answer.json()["data"]["address"], json!("10.1.2.3"));
}

fn with_origins(origins: &[&str]) -> axum::Router {
    let settings = settings();
    settings.cross_origin.store(Some(Arc::new(CrossOrigin {
        origins: origins.iter().map(|&origin| origin.to_owned()).collect(),
        headers: vec!["Content-Type".into(), "X-Custom".into()],
        allow_credentials: false,
    })));
    door(settings)
}

#[tokio::test]
async fn pages_of_known_origins_may_ask() {
    let door = with_origins(&["http://a.example"]);
    let known = [("origin", "http://a.example")];
    let answer = ask(&door, request("GET", "/v1/a", &known, "")).await;
    assert_eq!(
        answer.header("access-control-allow-origin"),
        Some("http://a.example")
    );
    assert_eq!(answer.header("vary"), Some("Origin"));
    for origin in ["HTTP://A.example", "http://a.example.evil", "null"] {
        for method in ["GET", "OPTIONS"] {
            let answer = ask(&door, request(method, "/v1/a", &[("origin", origin)], "")).await;
            assert_eq!(
                (answer.status.as_u16(), answer.errors()),
                (403, json!(["origin not allowed"]))
            );
            assert_eq!(answer.header("access-control-allow-origin"), None);
        }
    }
    let answer = ask(&with_origins(&["*"]), request("GET", "/v1/a", &known, "")).await;
    assert_eq!(
        answer.header("access-control-allow-origin"),
        Some("http://a.example")
    );
    assert_eq!(
        ask(&door, request("GET", "/v1/a", &[], "")).await.status.as_u16(),
        200
    );
}

#[tokio::test]
async fn a_page_asks_first_which_methods_it_may_use() {
    let door = with_origins(&["http://a.example"]);
    for (wanted, status) in [("GET", 200), ("LIST", 200), ("OPTIONS", 200), ("FOO", 405)] {
        let headers = [
            ("origin", "http://a.example"),
            ("access-control-request-method", wanted),
        ];
        let answer = ask(&door, request("OPTIONS", "/v1/a", &headers, "")).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type")),
            (status, None),
            "{wanted}"
        );
        let allowed = (status == 200).then_some("Content-Type,X-Custom");
        assert_eq!(answer.header("access-control-allow-headers"), allowed);
    }
    let answer = ask(
        &door,
        request("OPTIONS", "/v1/a", &[("origin", "http://a.example")], ""),
    )
    .await;
    assert_eq!(answer.status.as_u16(), 405);
}
