//! The method before a real API server, dialled by the real dialer: what a stand-in cannot prove.

mod admin;

use admin::{Admin, eventually};
use anyhow::{Context, Result, ensure};
use logical::testing::{Answer, Bench};
use logical::{Error, Login, Operation, Reply};
use serde_json::{Value, json};
use server_outbound::Dialer;
use std::sync::Arc;

/// Certificates of nobody who is asked here.
const ANOTHER_CA: &str = include_str!("another.crt");

/// The method, mounted and pointed at the cluster, with a role `app` for every account of the namespace.
struct Method(Bench);

impl Method {
    async fn before(admin: &Admin, change: Value) -> Result<Self> {
        let mut bench = Bench::new(plugins_kubernetes::kubernetes(Arc::new(Dialer::new())));
        // Real tokens are made now.
        bench.now = admin.now;
        let method = Self(bench);
        let mut config = json!({ "kubernetes_host": admin.address, "kubernetes_ca_cert": admin.ca,
            "disable_local_ca_jwt": true, "token_reviewer_jwt": admin.reviewer().await? });
        let members = config.as_object_mut().context("a configuration is an object")?;
        members.extend(change.as_object().cloned().unwrap_or_default());
        method.write("config", config).await?;
        let role = json!({ "bound_service_account_names": "*", "bound_service_account_namespaces": admin.namespace });
        method.write("role/app", role).await?;
        Ok(method)
    }

    async fn write(&self, path: &str, data: Value) -> Result<()> {
        let answer = self.0.ask(Operation::Update, path, data).await;
        ensure!(answer == Answer::Empty, "{path}: {answer:?}");
        Ok(())
    }

    async fn login(&self, jwt: &str) -> Result<Login, Error> {
        let input = json!({ "role": "app", "jwt": jwt });
        match self.0.propose(Operation::Update, "login", input).await?.reply {
            Reply::Login(login) => Ok(*login),
            _ => Err(Error::internal("a login answers a login")),
        }
    }

    /// What the client and what the operator get to read.
    async fn refusal(&self, jwt: &str) -> Result<(String, String)> {
        let error = self.login(jwt).await.err().context("the login is refused")?;
        Ok((error.public().to_owned(), error.to_string()))
    }
}

#[tokio::test]
async fn a_pod_logs_in_and_is_known_by_where_it_runs() -> Result<()> {
    let admin = Admin::new("runs").await?;
    let method = Method::before(&admin, json!({})).await?;
    let uid = admin.service_account("web").await?;
    let pod = admin.pod("web-0", "web").await?;
    let login = method
        .login(&admin.pod_token("web", "web-0", &pod).await?)
        .await?;
    assert_eq!(login.display_name, format!("{}-web", admin.namespace));
    assert_eq!(login.alias.context("an alias")?.name, uid);
    let origin = login.origin.context("an origin")?.attributes;
    for (name, value) in [
        ("namespace", admin.namespace.as_str()),
        ("service_account", "web"),
        ("service_account_uid", &uid),
        ("pod", "web-0"),
        ("pod_uid", &pod),
        ("node", admin::NODE),
    ] {
        assert_eq!(origin.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert!(origin["credential_id"].starts_with("JTI="), "{origin:?}");
    Ok(())
}

#[tokio::test]
async fn a_token_dies_with_its_pod_and_with_its_account() -> Result<()> {
    let admin = Admin::new("dies").await?;
    let method = Method::before(&admin, json!({})).await?;
    admin.service_account("app").await?;
    let pod = admin.pod("app-0", "app").await?;
    let (bound, loose) = (
        admin.pod_token("app", "app-0", &pod).await?,
        admin.token("app", &[]).await?,
    );
    method.login(&bound).await?;
    admin.delete("pods/app-0?gracePeriodSeconds=0").await?;
    eventually(async || method.login(&bound).await.is_err()).await?;
    method.login(&loose).await?;
    admin.delete("serviceaccounts/app").await?;
    eventually(async || method.login(&loose).await.is_err()).await?;
    let (public, told) = method.refusal(&loose).await?;
    assert_eq!(public, "permission denied");
    assert!(!told.contains(&loose), "no token in {told}");
    Ok(())
}

#[tokio::test]
async fn a_token_is_good_for_its_own_audience() -> Result<()> {
    let admin = Admin::new("audience").await?;
    let method = Method::before(&admin, json!({})).await?;
    admin.service_account("app").await?;
    let (ours, theirs) = (
        admin.token("app", &["vault"]).await?,
        admin.token("app", &["strange"]).await?,
    );
    method.write("role/app", json!({ "audience": "vault" })).await?;
    method.login(&ours).await?;
    let (public, _) = method.refusal(&theirs).await?;
    assert_eq!(
        public,
        "invalid audience (aud) claim: audience claim does not match any expected audience"
    );
    Ok(())
}

#[tokio::test]
async fn namespaces_are_chosen_by_the_labels_that_the_reviewer_may_read() -> Result<()> {
    let admin = Admin::new("labels").await?;
    let method = Method::before(&admin, json!({})).await?;
    admin.service_account("app").await?;
    let jwt = admin.token("app", &[]).await?;
    let selector = "matchLabels:\n  team: web\n";
    method
        .write("role/app", json!({ "bound_service_account_namespaces": "other", "bound_service_account_namespace_selector": selector }))
        .await?;
    assert_eq!(method.refusal(&jwt).await?.0, "namespace not authorized");
    admin.label("team", "web").await?;
    assert_eq!(
        method.refusal(&jwt).await?.0,
        "namespace not authorized",
        "the reviewer may not read it yet"
    );
    admin.let_reviewer_read_namespaces().await?;
    eventually(async || method.login(&jwt).await.is_ok()).await
}

#[tokio::test]
async fn an_api_server_that_cannot_be_asked_is_named_to_the_operator_only() -> Result<()> {
    let admin = Admin::new("away").await?;
    admin.service_account("app").await?;
    let jwt = admin.token("app", &[]).await?;
    let port = admin.address.rsplit(':').next().context("a port")?.to_owned();
    for (change, expected) in [
        (
            json!({ "kubernetes_ca_cert": ANOTHER_CA }),
            "TLS: certificate not trusted",
        ),
        (
            json!({ "kubernetes_ca_cert": "nothing" }),
            "TLS: the given CA text holds no certificate",
        ),
        (
            json!({ "kubernetes_host": "https://127.0.0.1:1" }),
            "call 127.0.0.1:1: connect: ",
        ),
        (
            json!({ "kubernetes_host": format!("127.0.0.1:{port}") }),
            "needs http:// or https://",
        ),
        (
            json!({ "kubernetes_host": format!("http://127.0.0.1:{port}") }),
            "the API server",
        ),
        (
            json!({ "kubernetes_host": format!("{}/elsewhere", admin.address) }),
            "the API server answered 40",
        ),
        (
            json!({ "kubernetes_host": "https://169.254.169.254" }),
            "never dialled",
        ),
        (
            json!({ "token_reviewer_jwt": "garbage" }),
            "the API server answered 401",
        ),
    ] {
        let method = Method::before(&admin, change.clone()).await?;
        let (public, told) = method.refusal(&jwt).await?;
        assert_eq!(public, "permission denied", "{change}");
        assert!(told.contains(expected), "{change}: {told}");
        assert!(!told.contains(&jwt), "no token in {told}");
    }
    let slash = json!({ "kubernetes_host": format!("https://localhost:{port}/") });
    Method::before(&admin, slash).await?.login(&jwt).await?;
    Ok(())
}
