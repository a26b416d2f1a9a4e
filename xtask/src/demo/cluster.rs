//! The Kubernetes side of the story: service accounts, a pod, and tokens for them, made with curl as the cluster's admin.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};
use harness::kubelab::Kubelab;
use serde_json::{Value, json};

use crate::program;

/// A cluster, and where its API server is.
pub(super) struct Cluster<'a> {
    pub(super) address: String,
    kubelab: &'a Kubelab,
}

impl<'a> Cluster<'a> {
    pub(super) fn new(kubelab: &'a Kubelab) -> Result<Self> {
        Ok(Self {
            address: kubelab.address()?,
            kubelab,
        })
    }

    /// Makes the service accounts, lets one of them review tokens, and makes the pod.
    pub(super) fn prepare(&self) -> Result<()> {
        for name in ["api-service", "reviewer"] {
            let account = json!({ "metadata": { "name": name } });
            self.post("/api/v1/namespaces/default/serviceaccounts", &account)?;
        }
        self.post(
            "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
            &json!({
                "metadata": { "name": "reviewer" },
                "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "system:auth-delegator" },
                "subjects": [{ "kind": "ServiceAccount", "name": "reviewer", "namespace": "default" }],
            }),
        )?;
        let pod = json!({
            "metadata": { "name": "api-0" },
            "spec": { "serviceAccountName": "api-service", "containers": [{ "name": "api", "image": "api" }] },
        });
        self.post("/api/v1/namespaces/default/pods", &pod).map(drop)
    }

    /// Returns the certificate that the API server is believed by.
    pub(super) fn authority(&self) -> Result<String> {
        fs::read_to_string(self.kubelab.dir().join("ca.crt")).context("read the cluster's authority")
    }

    /// Returns a token of the account that may review tokens.
    pub(super) fn reviewer(&self) -> Result<String> {
        self.token("reviewer", &json!({ "spec": {} }))
    }

    /// Returns a token as the pod finds it in its file system: bound to the pod.
    pub(super) fn pod_token(&self) -> Result<String> {
        let pod = self.call("/api/v1/namespaces/default/pods/api-0", &[])?;
        let uid = pod.pointer("/metadata/uid").cloned().unwrap_or_default();
        let bound = json!({ "kind": "Pod", "apiVersion": "v1", "name": "api-0", "uid": uid });
        self.token("api-service", &json!({ "spec": { "boundObjectRef": bound } }))
    }

    fn token(&self, account: &str, request: &Value) -> Result<String> {
        let path = format!("/api/v1/namespaces/default/serviceaccounts/{account}/token");
        let answer = self.post(&path, request)?;
        let token = answer.pointer("/status/token").and_then(Value::as_str);
        Ok(token
            .with_context(|| format!("the API server gave no token: {answer}"))?
            .to_owned())
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let body = body.to_string();
        self.call(
            path,
            &["--header", "content-type: application/json", "--data", &body],
        )
    }

    fn call(&self, path: &str, more: &[&str]) -> Result<Value> {
        let file = |name: &str| self.kubelab.dir().join(name);
        let text = program::read(
            Command::new("curl")
                .args(["--silent", "--show-error"])
                .arg("--cacert")
                .arg(file("ca.crt"))
                .arg("--cert")
                .arg(file("admin.crt"))
                .arg("--key")
                .arg(file("admin.key"))
                .args(more)
                .arg(format!("{}{path}", self.address)),
        )?;
        serde_json::from_str(&text).with_context(|| format!("read what the API server says to {path}"))
    }
}
