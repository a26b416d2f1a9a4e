//! No secret in the clear: every text that a request or an answer can hide something in is filled with a mark, and no
//! line may show it in any spelling.

use crate::room::*;
use audit::{NewToken, Outcome, Subject};
use logical::secret::SecretText;
use logical::{AuthInfo, Body, Fields, Operation, Response, TokenType, WrapInfo};
use serde_json::json;
use std::time::Duration;

const MARK: &str = "SENTINEL";

fn secret(name: &str) -> String {
    format!("{MARK}-{name}\"\n")
}

fn token() -> AuthInfo {
    AuthInfo {
        client_token: SecretText::new(secret("token")),
        accessor: secret("accessor"),
        policies: names(&["p"]),
        token_policies: names(&["p"]),
        identity_policies: Vec::new(),
        metadata: None,
        display_name: "name".to_owned(),
        duration: Duration::from_secs(60),
        renewable: false,
        entity_id: "entity".to_owned(),
        token_type: TokenType::Service,
        orphan: true,
        num_uses: 0,
    }
}

fn members() -> serde_json::Value {
    json!({"text": secret("text"), "list": [secret("item"), [secret("deep")]], "map": {"k": {"l": secret("deeper")}}})
}

/// Every body and every part of an answer that can hold a secret.
fn responses() -> Vec<Response> {
    let with = |body| Response::new("1234", 200, body);
    let mut logged_in = with(Body::Data(None));
    logged_in.auth = Some(Box::new(token()));
    let mut wrapped = with(Body::Data(Some(Fields::of(members()))));
    wrapped.wrap_info = Some(Box::new(WrapInfo {
        token: SecretText::new(secret("wrapping")),
        accessor: secret("wrapping accessor"),
        ttl: Duration::from_secs(60),
        creation_time: moment(),
        creation_path: "kv/a".to_owned(),
        wrapped_accessor: secret("wrapped accessor"),
    }));
    let errors = Body::Errors {
        errors: vec![secret("error")],
        data: Some(Fields::of(members())),
    };
    let raw = Body::Raw {
        media: "application/octet-stream",
        bytes: secret("raw").into_bytes(),
    };
    vec![
        answer(members()),
        answer(json!({"keys": [secret("key")]})),
        logged_in,
        wrapped,
        with(errors),
        with(raw),
    ]
}

async fn lines(options: &[(&str, &str)]) -> String {
    let room = Room::with(options).await;
    let (kv, root, by, login) = (mount("kv", "kv/"), root(), names(&["root"]), token());
    let mut asked = request(Operation::List, "kv/a", members());
    asked.token = Some(SecretText::new(secret("caller")));
    asked
        .headers
        .0
        .insert("x-secret".to_owned(), vec![secret("header")]);
    asked
        .headers
        .0
        .insert("x-unaudited".to_owned(), vec![secret("header")]);
    let mut headers = audit::AuditedHeaders::default();
    headers.insert("x-secret", true);
    room.broker.set_headers(headers);
    for response in responses() {
        for subject in subjects(&subject(&asked, &kv, &root, &by)) {
            let login = Some(NewToken {
                auth: &login,
                entity_created: true,
            });
            for outcome in [
                ended(&response),
                Outcome {
                    login,
                    ..ended(&response)
                },
            ] {
                room.broker.both(&subject, &outcome).await.unwrap();
            }
        }
    }
    room.take("main")
}

fn subjects<'a>(subject: &Subject<'a>) -> [Subject<'a>; 2] {
    [
        *subject,
        Subject {
            decision: audit::Decision::Unasked,
            mount: None,
            ..*subject
        },
    ]
}

#[tokio::test]
async fn no_line_shows_a_secret() {
    let log = lines(&[]).await;
    assert_eq!(log.lines().count(), 48);
    for line in log.lines() {
        assert!(!line.contains(MARK), "{line}");
        // "SENTINEL" in base64, at each of the three places where it can begin.
        for encoded in ["U0VOVElORU", "NFTlRJTkVM", "TRU5USU5FT"] {
            assert!(!line.contains(encoded), "{line}");
        }
    }
}

/// Shows that the test above looks for the right thing.
#[tokio::test]
async fn a_raw_device_does_show_them() {
    let log = lines(&[("log_raw", "true")]).await;
    for name in [
        "text", "item", "deep", "deeper", "error", "token", "accessor", "caller", "wrapping",
    ] {
        assert!(log.contains(&format!("{MARK}-{name}")), "{name}");
    }
}
