//! A cluster that answers what a test tells it to, and remembers what it was asked.

use crate::{Kubernetes, LocalFiles, kubernetes_with};
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use logical::secret::{Plaintext, SecretText};
use logical::testing::{Answer, Bench};
use logical::{Error, Login, Operation, Outbound, OutboundAnswer, OutboundCall, Reply, Result};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;

/// A question that the cluster was asked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Asked {
    pub(crate) url: String,
    pub(crate) bearer: String,
    pub(crate) body: Value,
}

#[derive(Default)]
pub(crate) struct Cluster {
    /// Status and body, by the end of the URL. What is not here cannot be reached.
    pages: Mutex<BTreeMap<&'static str, (u16, String)>>,
    asked: Mutex<Vec<Asked>>,
    /// Holds answers back until somebody gives the word.
    gate: Option<Notify>,
}

/// The files of our own pod.
#[derive(Clone, Copy)]
pub(crate) enum Files {
    None,
    Pod,
}

/// The method on a bench, before a cluster.
pub(crate) struct Lab {
    pub(crate) bench: Bench,
    pub(crate) cluster: Arc<Cluster>,
    /// The same method once more, for renewals: it keeps nothing but reviews under way.
    pub(crate) plugin: Arc<Kubernetes>,
}

pub(crate) const REVIEWS: &str = "/apis/authentication.k8s.io/v1/tokenreviews";

impl Lab {
    pub(crate) fn new() -> Self {
        Self::before(Cluster::default(), Files::None)
    }

    pub(crate) fn before(cluster: Cluster, files: Files) -> Self {
        let cluster = Arc::new(cluster);
        let outbound = || Arc::clone(&cluster) as Arc<dyn Outbound>;
        let plugin = Arc::new(Kubernetes::new(outbound(), Arc::new(files)));
        let table = kubernetes_with(outbound(), Arc::new(files));
        Self {
            bench: Bench::new(table),
            cluster,
            plugin,
        }
    }

    /// A method that is configured and has a role `r`, before a cluster that knows `prod/app`.
    pub(crate) async fn ready() -> Self {
        let lab = Self::new();
        lab.cluster.answers(REVIEWS, &reviewed());
        lab.write("config", config(json!({}))).await;
        lab.write("role/r", role(json!({}))).await;
        lab
    }

    pub(crate) async fn write(&self, path: &str, data: Value) {
        let answer = self.bench.ask(Operation::Update, path, data).await;
        assert_eq!(answer, Answer::Empty, "{path}");
    }

    pub(crate) async fn read(&self, path: &str) -> Value {
        self.bench.ask(Operation::Read, path, json!({})).await.members()
    }

    pub(crate) async fn login(&self, role: &str, jwt: &str) -> Result<Login> {
        let input = json!({ "role": role, "jwt": jwt });
        let done = self.bench.propose(Operation::Update, "login", input).await?;
        match done.reply {
            Reply::Login(login) => Ok(*login),
            _ => Err(Error::internal("a login answers a login")),
        }
    }

    pub(crate) async fn check_refused(&self, jwt: &str, expected: &str) {
        let error = self.login("r", jwt).await.err().expect("the login is refused");
        assert_eq!(error.public(), expected);
    }
}

impl Cluster {
    pub(crate) fn held_back() -> Self {
        Self {
            gate: Some(Notify::new()),
            ..Self::default()
        }
    }

    /// Lets one answer go.
    pub(crate) fn give_the_word(&self) {
        self.gate.as_ref().unwrap().notify_one();
    }

    pub(crate) fn answers(&self, path: &'static str, body: &Value) {
        self.answers_with(path, 200, &body.to_string());
    }

    pub(crate) fn answers_with(&self, path: &'static str, status: u16, body: &str) {
        self.pages.lock().unwrap().insert(path, (status, body.to_owned()));
    }

    pub(crate) fn goes_away(&self) {
        self.pages.lock().unwrap().clear();
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().drain(..).collect()
    }
}

#[async_trait]
impl Outbound for Cluster {
    async fn call(&self, call: OutboundCall) -> Result<OutboundAnswer> {
        let body = call
            .body
            .map(|(_, body)| serde_json::from_slice(body.expose()).unwrap());
        self.asked.lock().unwrap().push(Asked {
            url: call.url.clone(),
            bearer: call.bearer.unwrap().expose().to_owned(),
            body: body.unwrap_or_default(),
        });
        if let Some(gate) = &self.gate {
            gate.notified().await;
        }
        let pages = self.pages.lock().unwrap();
        let page = pages.iter().find(|(path, _)| call.url.ends_with(**path));
        let (_, (status, body)) = page.ok_or_else(|| Error::unavailable("call k8s: connect: refused"))?;
        Ok(OutboundAnswer {
            status: *status,
            body: Plaintext::from(body.as_bytes()),
        })
    }
}

impl LocalFiles for Files {
    fn token(&self) -> Option<SecretText> {
        matches!(self, Self::Pod).then(|| SecretText::from("the pod's"))
    }

    fn ca_certificate(&self) -> Option<String> {
        matches!(self, Self::Pod).then(|| "the pod's CA".to_owned())
    }
}

/// A configuration with a reviewer, changed.
pub(crate) fn config(change: Value) -> Value {
    let plain = json!({ "kubernetes_host": "https://k8s:6443/", "kubernetes_ca_cert": "CA", "disable_local_ca_jwt": true,
        "token_reviewer_jwt": "the reviewer's" });
    changed(plain, change)
}

/// A role for `prod/app`, changed.
pub(crate) fn role(change: Value) -> Value {
    changed(
        json!({ "bound_service_account_names": "app", "bound_service_account_namespaces": "prod" }),
        change,
    )
}

/// What a token of `prod/app` claims.
pub(crate) fn claims() -> Value {
    json!({ "iss": "https://issuer", "aud": ["vault", "api"], "exp": 1_764_003_600, "iat": 1_764_000_000,
        "kubernetes.io": { "namespace": "prod", "serviceaccount": { "name": "app", "uid": "u-1" } } })
}

/// The API server's word that a token is `prod/app`'s.
pub(crate) fn reviewed() -> Value {
    json!({ "status": { "authenticated": true, "audiences": ["vault"],
        "user": { "username": "system:serviceaccount:prod:app", "uid": "u-1", "extra": {
            "authentication.kubernetes.io/pod-name": ["app-0"], "authentication.kubernetes.io/pod-uid": ["p-1"],
            "authentication.kubernetes.io/node-name": ["node-a"], "authentication.kubernetes.io/credential-id": ["JTI=1"] } } } })
}

/// A token that looks signed.
pub(crate) fn jwt(claims: &Value) -> String {
    jwt_by("RS256", claims)
}

pub(crate) fn jwt_by(algorithm: &str, claims: &Value) -> String {
    let part = |value: String| URL_SAFE_NO_PAD.encode(value);
    let header = part(json!({ "alg": algorithm }).to_string());
    format!(
        "{header}.{}.{}",
        part(claims.to_string()),
        part("signature".to_owned())
    )
}

/// Members, some of them replaced.
pub(crate) fn changed(mut plain: Value, change: Value) -> Value {
    let Value::Object(change) = change else {
        return plain;
    };
    plain.as_object_mut().unwrap().extend(change);
    plain
}
