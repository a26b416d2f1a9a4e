//! A server of a few lines that answers what it was told, and remembers what it was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use super::*;
use crate::Wrapping;

struct Stub {
    address: String,
    thread: JoinHandle<Vec<String>>,
}

impl Stub {
    /// Answers as many requests as there are texts, each on a connection of its own.
    fn answering(answers: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let thread = std::thread::spawn(move || {
            answers
                .iter()
                .map(|answer| Self::serve(&listener, answer))
                .collect()
        });
        Self { address, thread }
    }

    fn serve(listener: &TcpListener, answer: &str) -> String {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).expect("a line");
            if let Some(text) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = text.trim().parse().expect("a length");
            }
            if line.trim().is_empty() {
                break;
            }
            head.push_str(&line);
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).expect("a body");
        stream.write_all(answer.as_bytes()).expect("an answer sent");
        format!("{head}\n{}", String::from_utf8_lossy(&body))
    }

    /// What was asked, request by request.
    fn asked(self) -> Vec<String> {
        self.thread.join().expect("the stub ends")
    }
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
}

fn client(address: &str, change: impl FnOnce(&mut Settings)) -> Client {
    let mut settings = Settings::new(Address::parse(address).expect("an address"));
    settings.token = Token::parse("a-token");
    change(&mut settings);
    Client::new(settings).expect("a client")
}

#[test]
fn a_request_carries_the_token_and_the_vault_header() {
    let stub = Stub::answering(vec![answer("200 OK", "", r#"{"data": {"a": 1}}"#)]);
    let client = client(&stub.address, |_| {});
    let found = client
        .send(&Request::put("secret/x").text(r#"{"b":2}"#.to_owned()))
        .expect("an answer");
    assert_eq!(found.member("a"), Some(&serde_json::Value::from(1)));
    let asked = stub.asked().remove(0).to_ascii_lowercase();
    assert!(asked.starts_with("put /v1/secret/x http/1.1"), "{asked}");
    assert!(
        asked.contains("x-vault-request: true") && asked.contains("x-vault-token: a-token"),
        "{asked}"
    );
    assert!(asked.ends_with(r#"{"b":2}"#), "{asked}");
}

#[test]
fn a_redirect_is_followed_once_with_the_token() {
    let target = Stub::answering(vec![answer("200 OK", "", "{}")]);
    let redirect = format!("Location: {}/v1/there\r\n", target.address);
    let stub = Stub::answering(vec![answer("307 Temporary Redirect", &redirect, "")]);
    client(&stub.address, |_| {})
        .send(&Request::put("here").text("{}".to_owned()))
        .expect("an answer");
    stub.asked();
    let asked = target.asked().remove(0).to_ascii_lowercase();
    assert!(
        asked.starts_with("put /v1/there") && asked.contains("x-vault-token: a-token"),
        "{asked}"
    );
}

#[test]
fn a_second_redirect_is_not_followed() {
    let again = "Location: /v1/again\r\n";
    let stub = Stub::answering(vec![
        answer("307 Temporary Redirect", again, ""),
        answer("307 Temporary Redirect", again, ""),
    ]);
    let found = client(&stub.address, |_| {})
        .send(&Request::get("here"))
        .expect("the second redirect");
    assert_eq!((found.status, stub.asked().len()), (307, 2));
}

#[test]
fn a_redirect_is_the_answer_if_none_is_to_be_followed() {
    let stub = Stub::answering(vec![answer(
        "307 Temporary Redirect",
        "Location: /v1/there\r\n",
        "",
    )]);
    let client = client(&stub.address, |settings| settings.redirects = Redirects::Keep);
    assert_eq!(
        client.send(&Request::get("here")).expect("the redirect").status,
        307
    );
    assert_eq!(stub.asked().len(), 1);
}

#[test]
fn a_passing_failure_is_repeated_after_a_pause() {
    let stub = Stub::answering(vec![
        answer("500 Internal Server Error", "", ""),
        answer("412 Precondition Failed", "", ""),
        answer("200 OK", "", "{}"),
    ]);
    let pauses = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&pauses);
    let client = client(&stub.address, |settings| {
        let wait = move |pause: Duration| noted.lock().expect("a lock").push(pause.as_millis());
        settings.retries = Retries {
            most: 2,
            wait: Box::new(wait),
        };
    });
    assert_eq!(
        client.send(&Request::get("x")).expect("the third answer").status,
        200
    );
    assert_eq!(*pauses.lock().expect("a lock"), [1000, 1500]);
    assert_eq!(stub.asked().len(), 3);
}

#[test]
fn a_refusal_is_not_repeated() {
    let stub = Stub::answering(vec![answer(
        "403 Forbidden",
        "",
        r#"{"errors": ["permission denied"]}"#,
    )]);
    let client = client(&stub.address, |settings| settings.retries.most = 2);
    let error = client.send(&Request::get("x")).err().expect("a refusal");
    assert_eq!(error.status(), Some(403));
    assert_eq!(stub.asked().len(), 1);
}

#[test]
fn a_request_may_bring_its_own_token_or_none() {
    let stub = Stub::answering(vec![answer("200 OK", "", "{}"), answer("200 OK", "", "{}")]);
    let client = client(&stub.address, |_| {});
    client
        .send(&Request::get("x").credential(Credential::Token(Token::parse("another").expect("a token"))))
        .expect("an answer");
    client
        .send(&Request::get("x").credential(Credential::Nobody))
        .expect("an answer");
    let asked = stub.asked().join("").to_ascii_lowercase();
    assert!(
        asked.contains("x-vault-token: another") && !asked.contains("a-token"),
        "{asked}"
    );
}

#[test]
fn nobody_at_the_address_is_said_in_the_words_of_vault() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let error = client(&format!("http://{address}"), |_| {})
        .send(&Request::get("x"))
        .err()
        .expect("nobody");
    let expected = format!("Get \"http://{address}/v1/x\": dial tcp {address}: connect: connection refused");
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_scheme_that_cannot_be_spoken_is_refused() {
    let error = client("ftp://127.0.0.1:1", |_| {})
        .send(&Request::get("x"))
        .err()
        .expect("no such scheme");
    assert_eq!(
        error.to_string(),
        "Get \"ftp://127.0.0.1:1/v1/x\": unsupported protocol scheme \"ftp\""
    );
}

#[test]
fn headers_are_in_order_and_the_token_is_not_among_them() {
    let client = client("http://h", |settings| {
        settings.namespace = Some("team/".to_owned());
        settings.headers.push(("X-One".to_owned(), "1".to_owned()));
    });
    let prepared = client.prepare(&Request::patch("x").wrapping(Wrapping::For("1m0s".to_owned())));
    let names: Vec<&str> = prepared.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "Content-Type",
            "X-One",
            "X-Vault-Namespace",
            "X-Vault-Request",
            "X-Vault-Wrap-Ttl"
        ]
    );
}

#[test]
fn wrapping_something_asks_for_five_minutes_unless_told_otherwise() {
    let wrap_ttl = |client: &Client, request: &Request| {
        let headers = client.prepare(request).headers;
        headers
            .into_iter()
            .find(|(name, _)| name == "X-Vault-Wrap-Ttl")
            .map(|(_, ttl)| ttl)
    };
    let (plain, set) = (
        client("http://h", |_| {}),
        client("http://h", |s| s.wrap_ttl = Some("1m".to_owned())),
    );
    assert_eq!(
        wrap_ttl(&plain, &Request::put("sys/wrapping/wrap")).as_deref(),
        Some("5m")
    );
    assert_eq!(
        wrap_ttl(&set, &Request::put("sys/wrapping/wrap")).as_deref(),
        Some("1m")
    );
    assert_eq!(wrap_ttl(&set, &Request::get("x").wrapping(Wrapping::Never)), None);
}

#[test]
fn a_token_that_would_add_a_header_is_not_sent() {
    let client = client("http://127.0.0.1:1", |settings| {
        settings.token = Token::parse("a\nX-Other: b")
    });
    let error = client.send(&Request::get("x")).err().expect("a refusal");
    assert!(matches!(error, Error::UnsendableToken));
}
