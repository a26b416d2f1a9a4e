//! The administrator of a test's own namespace in the cluster that all tests share.

use anyhow::{Context, Result, bail, ensure};
use harness::kubelab::Kubelab;
use logical::Time;
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use serde_json::{Value, json};
use std::fs;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// The node that pods are said to run on. There is no kubelet.
pub(crate) const NODE: &str = "node-a";

/// How long what was written may take to reach the API server's caches.
const PATIENCE: Duration = Duration::from_secs(20);
const RBAC: &str = "/apis/rbac.authorization.k8s.io/v1";

pub(crate) struct Admin {
    pub(crate) address: String,
    pub(crate) ca: String,
    pub(crate) namespace: String,
    /// The present moment, by the cluster's clock.
    pub(crate) now: Time,
    tls: TlsConnector,
}

impl Admin {
    /// Makes the namespace.
    pub(crate) async fn new(namespace: &str) -> Result<Self> {
        let kubelab = tokio::task::spawn_blocking(Kubelab::shared).await?;
        let read =
            |name: &str| fs::read_to_string(kubelab.dir().join(name)).with_context(|| format!("read {name}"));
        let ca = read("ca.crt")?;
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(ca.as_bytes())?)?;
        let certificate = CertificateDer::from_pem_slice(read("admin.crt")?.as_bytes())?;
        let key = PrivateKeyDer::from_pem_slice(read("admin.key")?.as_bytes())?;
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_client_auth_cert(vec![certificate], key)?;
        let mut admin = Self {
            now: Time::UNIX_EPOCH,
            address: kubelab.address()?,
            ca,
            namespace: namespace.to_owned(),
            tls: TlsConnector::from(Arc::new(config)),
        };
        let named = json!({ "metadata": { "name": namespace } });
        let made = admin.create("/api/v1/namespaces", named).await?;
        admin.now = text(&made, "/metadata/creationTimestamp")?.parse()?;
        Ok(admin)
    }

    /// Makes a service account; its uid.
    pub(crate) async fn service_account(&self, name: &str) -> Result<String> {
        let made = self
            .create(
                &self.own("serviceaccounts"),
                json!({ "metadata": { "name": name } }),
            )
            .await?;
        text(&made, "/metadata/uid")
    }

    /// Makes a pod; its uid.
    pub(crate) async fn pod(&self, name: &str, service_account: &str) -> Result<String> {
        let pod = json!({ "metadata": { "name": name }, "spec": { "serviceAccountName": service_account, "nodeName": NODE,
            "containers": [{ "name": "c", "image": "none" }] } });
        text(&self.create(&self.own("pods"), pod).await?, "/metadata/uid")
    }

    /// Makes a token that is bound to nothing.
    pub(crate) async fn token(&self, service_account: &str, audiences: &[&str]) -> Result<String> {
        self.request_token(service_account, json!({ "audiences": audiences }))
            .await
    }

    /// Makes a token that is bound to a pod.
    pub(crate) async fn pod_token(&self, service_account: &str, pod: &str, uid: &str) -> Result<String> {
        let bound = json!({ "kind": "Pod", "apiVersion": "v1", "name": pod, "uid": uid });
        self.request_token(
            service_account,
            json!({ "audiences": [], "boundObjectRef": bound }),
        )
        .await
    }

    async fn request_token(&self, service_account: &str, spec: Value) -> Result<String> {
        let path = self.own(&format!("serviceaccounts/{service_account}/token"));
        text(
            &self.create(&path, json!({ "spec": spec })).await?,
            "/status/token",
        )
    }

    /// The token of a service account that may review, once the API server knows that it may.
    pub(crate) async fn reviewer(&self) -> Result<String> {
        let reviewers = self
            .ask("GET", &self.own("serviceaccounts/reviewer"), None)
            .await?;
        if reviewers.0 == 404 {
            self.service_account("reviewer").await?;
            self.bind("reviewer", "system:auth-delegator").await?;
        }
        let token = self.token("reviewer", &[]).await?;
        let review = json!({ "apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": {
            "user": format!("system:serviceaccount:{}:reviewer", self.namespace), "resourceAttributes": {
                "group": "authentication.k8s.io", "resource": "tokenreviews", "verb": "create" } } });
        eventually(async || {
            let path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
            let answer = self.create(path, review.clone()).await;
            answer.is_ok_and(|answer| answer.pointer("/status/allowed") == Some(&json!(true)))
        })
        .await?;
        Ok(token)
    }

    pub(crate) async fn let_reviewer_read_namespaces(&self) -> Result<()> {
        let name = format!("{}-read", self.namespace);
        let role = json!({ "metadata": { "name": name }, "rules": [{ "apiGroups": [""], "resources": ["namespaces"],
            "verbs": ["get"] }] });
        self.create(&format!("{RBAC}/clusterroles"), role).await?;
        self.bind("read", &name).await
    }

    pub(crate) async fn label(&self, name: &str, value: &str) -> Result<()> {
        let body = json!({ "metadata": { "name": self.namespace, "labels": { name: value } } });
        let path = format!("/api/v1/namespaces/{}", self.namespace);
        let (status, answer) = self.ask("PUT", &path, Some(body)).await?;
        ensure!(status == 200, "label {path}: {answer}");
        Ok(())
    }

    pub(crate) async fn delete(&self, thing: &str) -> Result<()> {
        let (status, answer) = self.ask("DELETE", &self.own(thing), None).await?;
        ensure!(status < 300, "delete {thing}: {answer}");
        Ok(())
    }

    async fn bind(&self, name: &str, role: &str) -> Result<()> {
        let binding = json!({ "metadata": { "name": format!("{}-{name}", self.namespace) },
            "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role },
            "subjects": [{ "kind": "ServiceAccount", "name": "reviewer", "namespace": self.namespace }] });
        self.create(&format!("{RBAC}/clusterrolebindings"), binding)
            .await?;
        Ok(())
    }

    fn own(&self, thing: &str) -> String {
        format!("/api/v1/namespaces/{}/{thing}", self.namespace)
    }

    async fn create(&self, path: &str, body: Value) -> Result<Value> {
        let (status, answer) = self.ask("POST", path, Some(body)).await?;
        ensure!(status < 300, "create {path}: {answer}");
        Ok(answer)
    }

    /// HTTP/1.0, because its answers come in one piece and end with the connection.
    async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Result<(u16, Value)> {
        let place = self
            .address
            .strip_prefix("https://")
            .context("an https address")?;
        let name = ServerName::from(std::net::IpAddr::from(Ipv4Addr::LOCALHOST));
        let mut stream = self.tls.connect(name, TcpStream::connect(place).await?).await?;
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let head = format!("{method} {path} HTTP/1.0\r\nhost: {place}\r\ncontent-type: application/json\r\n");
        let request = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        let answer = String::from_utf8(answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").context("an HTTP answer")?;
        let status = head.split(' ').nth(1).context("a status")?.parse()?;
        Ok((status, serde_json::from_str(body).unwrap_or_default()))
    }
}

/// Waits until something is so: what was written takes a moment to reach the API server's caches.
pub(crate) async fn eventually(holds: impl AsyncFn() -> bool) -> Result<()> {
    let since = Instant::now();
    while !holds().await {
        if since.elapsed() > PATIENCE {
            bail!("the API server did not follow within {PATIENCE:?}");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

fn text(value: &Value, pointer: &str) -> Result<String> {
    let text = value.pointer(pointer).and_then(Value::as_str);
    text.map(str::to_owned)
        .with_context(|| format!("{pointer} in an answer"))
}
