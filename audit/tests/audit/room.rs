//! A broker in a folder of its own, callers, mounts and requests as the recordings have them.

use async_trait::async_trait;
use audit::{Broker, Decision, DeviceConfig, Outcome, Prefixing, Settings, Subject};
use logical::secret::{Plaintext, SecretText};
use logical::{
    Body, Caller, CallerKind, Clock, Fields, Headers, Id, MountFacts, Operation, Random, Remote, Request,
    RequestPath, Response, Time, TokenType,
};
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;

pub(crate) const NOW: &str = "2026-01-02T03:04:05.000000006Z";
pub(crate) const TOKEN: &str = "s.TOKENTOKENTOKENTOKENTOKE";
pub(crate) const ACCESSOR: &str = "ACCESSORACCESSORACCESSOR";

/// A broker whose devices write into a folder.
pub(crate) struct Room {
    pub(crate) folder: TempDir,
    pub(crate) broker: Broker,
}

/// A clock that stands still.
struct Stopped(Time);

#[async_trait]
impl Clock for Stopped {
    fn now(&self) -> Time {
        self.0
    }

    async fn sleep_until(&self, _: Time) {}
}

/// No chance at all.
struct Zeros;

impl Random for Zeros {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(0);
    }
}

impl Room {
    /// A room without devices.
    pub(crate) fn empty() -> Self {
        let settings = Settings {
            clock: Arc::new(Stopped(moment())),
            random: Arc::new(Zeros),
            plugin_version: "<build>".to_owned(),
            prefixing: Prefixing::Allowed,
        };
        Self {
            folder: TempDir::new().unwrap(),
            broker: Broker::new(settings),
        }
    }

    /// A room with one file device, `main`, with these options. Its log is empty.
    pub(crate) async fn with(options: &[(&str, &str)]) -> Self {
        let room = Self::empty();
        room.enable("main", options).await.unwrap();
        room.take("main");
        room
    }

    /// Enables a file device that writes to a file of its name.
    pub(crate) async fn enable(&self, name: &str, options: &[(&str, &str)]) -> logical::Result<()> {
        let mut config = file(name, self.path(name).to_str().unwrap());
        let more = options
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        config.options.extend(more);
        let salt = Plaintext::from(format!("salt of {name}").as_bytes());
        self.broker.enable(config, &salt).await
    }

    /// Where a device writes to.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.log"))
    }

    /// What a device wrote since it was asked last.
    pub(crate) fn take(&self, name: &str) -> String {
        let text = std::fs::read_to_string(self.path(name)).unwrap();
        std::fs::write(self.path(name), "").unwrap();
        text
    }

    /// The entries of `main` since it was asked last, with `#` for each hash.
    pub(crate) fn entries(&self) -> Vec<Value> {
        let text = self.take("main");
        text.lines()
            .map(|line| plain(serde_json::from_str(line).unwrap()))
            .collect()
    }

    /// Both entries of a request.
    pub(crate) async fn exchange(&self, subject: &Subject<'_>, outcome: &Outcome<'_>) -> [Value; 2] {
        self.broker.request(subject).await.unwrap();
        self.broker.response(subject, outcome).await.unwrap();
        self.entries().try_into().unwrap()
    }
}

/// A file device's configuration.
pub(crate) fn file(name: &str, path: &str) -> DeviceConfig {
    DeviceConfig {
        path: format!("{name}/"),
        kind: "file".to_owned(),
        options: [("file_path".to_owned(), path.to_owned())].into(),
        ..DeviceConfig::default()
    }
}

pub(crate) fn moment() -> Time {
    NOW.parse().unwrap()
}

fn plain(value: Value) -> Value {
    match value {
        Value::String(text) if text.starts_with("hmac-sha256:") => json!("#"),
        Value::String(text) if text == NOW => json!("<time>"),
        Value::Array(items) => items.into_iter().map(plain).collect(),
        Value::Object(members) => members.into_iter().map(|(k, v)| (k, plain(v))).collect(),
        other => other,
    }
}

/// A request with the root token.
pub(crate) fn request(operation: Operation, path: &str, data: Value) -> Request {
    Request {
        id: "1234".to_owned(),
        received: moment(),
        operation,
        path: RequestPath::parse(path).unwrap(),
        token: Some(SecretText::from(TOKEN)),
        data: Fields::of(data),
        namespace: String::new(),
        wrap_ttl: None,
        media: String::new(),
        headers: Headers::default(),
        remote: Remote {
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 4321,
        },
    }
}

/// What the entries tell of a request that was granted by a policy of the caller's first.
pub(crate) fn subject<'a>(
    request: &'a Request,
    mount: &'a MountFacts,
    caller: &'a Caller,
    granting: &'a [String],
) -> Subject<'a> {
    Subject {
        request,
        operation: request.operation,
        path: request.path.as_str(),
        mount: Some(mount),
        caller,
        decision: Decision::Granted(granting),
        error: None,
    }
}

/// An outcome without an error.
pub(crate) fn ended(response: &Response) -> Outcome<'_> {
    Outcome {
        response,
        error: None,
        login: None,
    }
}

/// An answer with members.
pub(crate) fn answer(data: Value) -> Response {
    Response::new("1234", 200, Body::Data(Some(Fields::of(data))))
}

/// A refusal in the form that every client knows.
pub(crate) fn refusal(status: u16, text: &str) -> Response {
    let errors = if text.is_empty() {
        Vec::new()
    } else {
        names(&[text])
    };
    Response::new("1234", status, Body::Errors { errors, data: None })
}

/// The holder of a service token with these policies.
pub(crate) fn holder(display_name: &str, policies: &[&str]) -> Caller {
    Caller {
        kind: CallerKind::Token,
        accessor: Some(ACCESSOR.parse::<Id>().unwrap()),
        token_type: Some(TokenType::Service),
        display_name: display_name.to_owned(),
        token_policies: names(policies).into(),
        token_issued: Some(moment()),
        ..Caller::default()
    }
}

pub(crate) fn root() -> Caller {
    holder("root", &["root"])
}

pub(crate) fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// A mount of a type: `kv` at `kv/`, `token` at `auth/token/`.
pub(crate) fn mount(kind: &str, path: &str) -> MountFacts {
    MountFacts {
        path: path.to_owned(),
        kind: kind.to_owned(),
        accessor: format!("{kind}_01234567"),
        is_auth: path.starts_with("auth/"),
        ..MountFacts::default()
    }
}
