//! Logins before a cluster that says what it is told to say.

use super::*;
use crate::cluster::{
    Asked, Cluster, Files, Lab, REVIEWS, changed, claims, config, jwt, jwt_by, reviewed, role,
};
use logical::Operation;
use logical::testing::check_manifest;
use serde_json::Value;
use std::time::Duration;

const SIGNED: &str = include_str!("signed.jwt");

fn good() -> String {
    jwt(&claims())
}

#[test]
fn everything_is_explained_in_a_sentence() {
    check_manifest(Lab::new().bench.plugin().manifest());
}

#[tokio::test]
async fn a_reviewed_account_gets_what_its_role_says_and_is_known_by_where_it_runs() {
    let lab = Lab::ready().await;
    lab.write(
        "role/r",
        json!({ "policies": "app", "token_ttl": "1h", "token_no_default_policy": true }),
    )
    .await;
    let login = lab.login("R", &good()).await.unwrap();
    assert_eq!(login.policies, ["app"]);
    assert_eq!(login.terms.ttl, Some(Duration::from_secs(3600)));
    assert!(login.terms.no_default_policy);
    assert_eq!(login.display_name, "prod-app");
    assert_eq!(login.internal.text("role"), Some("r"));
    let shown = json!(login.metadata);
    let expected = json!({ "role": "R", "service_account_name": "app", "service_account_namespace": "prod",
        "service_account_uid": "u-1", "service_account_secret_name": "" });
    assert_eq!(shown, expected);
    let alias = login.alias.unwrap();
    assert_eq!(alias.name, "u-1");
    assert_eq!(alias.metadata.len(), 4);
    let expected = json!({ "namespace": "prod", "service_account": "app", "service_account_uid": "u-1", "pod": "app-0",
        "pod_uid": "p-1", "node": "node-a", "credential_id": "JTI=1" });
    assert_eq!(json!(login.origin.unwrap().attributes), expected);
}

#[tokio::test]
async fn an_old_token_names_its_secret_and_an_alias_may_be_a_name() {
    let lab = Lab::ready().await;
    lab.write(
        "role/r",
        json!({ "alias_name_source": "serviceaccount_name", "alias_metadata": { "team": "web",
        "service_account_uid": "forged" } }),
    )
    .await;
    let old = json!({ "iss": "kubernetes/serviceaccount", "kubernetes.io/serviceaccount/namespace": "prod",
        "kubernetes.io/serviceaccount/secret.name": "legacy", "kubernetes.io/serviceaccount/service-account.name": "app",
        "kubernetes.io/serviceaccount/service-account.uid": "u-1" });
    let login = lab.login("r", &jwt(&old)).await.unwrap();
    assert_eq!(login.metadata["service_account_secret_name"], "legacy");
    let alias = login.alias.unwrap();
    assert_eq!(
        (alias.name.as_str(), alias.metadata["team"].as_str()),
        ("prod/app", "web")
    );
    assert_eq!(alias.metadata["service_account_uid"], "u-1");
}

#[tokio::test]
async fn what_is_missing_is_named_in_vaults_order() {
    let lab = Lab::new();
    let check = async |input: Value, expected: &str| {
        let error = lab
            .bench
            .propose(Operation::Update, "login", input)
            .await
            .err()
            .unwrap();
        assert_eq!(error.public(), expected);
    };
    check(json!({}), "missing role").await;
    check(json!({ "jwt": "x" }), "missing role").await;
    check(json!({ "role": "none" }), "missing jwt").await;
    check(
        json!({ "role": "None", "jwt": "x" }),
        "invalid role name \"None\"",
    )
    .await;
    check(json!({ "role": "a/b", "jwt": "x" }), "invalid role name \"a/b\"").await;
    lab.write("role/r", role(json!({}))).await;
    check(
        json!({ "role": "r", "jwt": "x" }),
        "could not load backend configuration",
    )
    .await;
    lab.write("role/r", json!({ "token_bound_cidrs": "10.0.0.0/8" }))
        .await;
    check(json!({ "role": "r", "jwt": "x" }), "permission denied").await;
}

#[tokio::test]
async fn the_api_server_is_asked_for_the_roles_audience_or_the_tokens_own() {
    let lab = Lab::ready().await;
    let asked = |url: &str, bearer: &str, spec: Value| Asked {
        url: format!("{url}{REVIEWS}"),
        bearer: bearer.to_owned(),
        body: json!({ "apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": spec }),
    };
    lab.login("r", &good()).await.unwrap();
    let own = json!({ "token": good(), "audiences": ["vault", "api"] });
    assert_eq!(
        lab.cluster.asked(),
        [asked("https://k8s:6443", "the reviewer's", own)]
    );
    lab.write(
        "config",
        config(json!({ "kubernetes_host": "http://k8s/base", "token_reviewer_jwt": "" })),
    )
    .await;
    lab.write("role/r", json!({ "audience": "vault" })).await;
    lab.login("r", &good()).await.unwrap();
    let roles = json!({ "token": good(), "audiences": ["vault"] });
    assert_eq!(lab.cluster.asked(), [asked("http://k8s/base", &good(), roles)]);
    lab.write("role/r", json!({ "audience": "" })).await;
    let nobodys = jwt(&changed(claims(), json!({ "aud": null })));
    lab.login("r", &nobodys).await.unwrap();
    assert_eq!(lab.cluster.asked()[0].body["spec"], json!({ "token": nobodys }));
}

#[tokio::test]
async fn the_files_of_our_own_pod_are_used_unless_they_are_switched_off() {
    let lab = Lab::before(Cluster::default(), Files::Pod);
    lab.cluster.answers(REVIEWS, &reviewed());
    lab.write("role/r", role(json!({}))).await;
    let bearer = async |change: Value| {
        lab.write("config", config(change)).await;
        lab.login("r", &good()).await.unwrap();
        lab.cluster.asked()[0].bearer.clone()
    };
    let local = json!({ "disable_local_ca_jwt": false, "token_reviewer_jwt": "" });
    assert_eq!(bearer(local).await, "the pod's");
    assert_eq!(
        bearer(json!({ "disable_local_ca_jwt": false })).await,
        "the reviewer's"
    );
    assert_eq!(bearer(json!({ "token_reviewer_jwt": "" })).await, good());
}

#[tokio::test]
async fn whatever_the_api_server_answers_but_a_yes_lets_nobody_in() {
    let lab = Lab::ready().await;
    lab.write(
        "role/r",
        role(json!({ "bound_service_account_names": "*", "bound_service_account_namespaces": "*" })),
    )
    .await;
    let user = |username: &str, uid: &str| json!({ "user": { "username": username, "uid": uid } });
    let status =
        |change: Value| json!({ "status": changed(reviewed()["status"].clone(), change) }).to_string();
    let yes = status(json!({}));
    for (status, body) in [
        (200, status(json!({ "authenticated": false }))),
        (200, status(json!({ "error": "token has expired" }))),
        (200, status(user("system:serviceaccount:prod:other", "u-1"))),
        (200, status(user("system:serviceaccount:other:app", "u-1"))),
        (200, status(user("system:serviceaccount:prod:app", "another"))),
        (200, status(user("system:serviceaccount:prod:app", ""))),
        (200, status(user("jane", "u-1"))),
        (200, status(user("system:user:prod:app", "u-1"))),
        (200, status(json!({ "user": {} }))),
        (200, status(json!({ "audiences": [] }))),
        (200, status(json!({ "audiences": ["x"] }))),
        (200, json!({ "status": {} }).to_string()),
        (200, "{}".to_owned()),
        (200, "null".to_owned()),
        (200, "[]".to_owned()),
        (200, "hello".to_owned()),
        (200, String::new()),
        (302, yes.clone()),
        (401, yes.clone()),
        (403, yes.clone()),
        (404, "404 page not found".to_owned()),
        (429, yes.clone()),
        (500, "oops".to_owned()),
        (503, String::new()),
    ] {
        lab.cluster.answers_with(REVIEWS, status, &body);
        lab.check_refused(&good(), "permission denied").await;
    }
    for status in [200, 201, 202] {
        lab.cluster.answers_with(REVIEWS, status, &yes);
        assert!(lab.login("r", &good()).await.is_ok());
    }
}

#[tokio::test]
async fn an_api_server_that_is_away_is_named_to_the_operator_and_not_to_the_client() {
    let lab = Lab::ready().await;
    lab.cluster.goes_away();
    let error = lab.login("r", &good()).await.err().unwrap();
    assert_eq!(error.public(), "permission denied");
    let text = error.to_string();
    assert!(
        text.contains("review a token: ask the API server: call k8s: connect: refused"),
        "{text}"
    );
    assert!(!text.contains(&good()) && !text.contains("reviewer's"), "{text}");
}

#[tokio::test]
async fn a_token_is_refused_by_its_claims_before_anybody_is_asked() {
    let lab = Lab::ready().await;
    let check = async |change: Value, expected: &str| {
        lab.check_refused(&jwt(&changed(claims(), change)), expected)
            .await;
    };
    let account = |namespace: &str, name: &str, uid: &str| json!({ "kubernetes.io": { "namespace": namespace, "serviceaccount": { "name": name, "uid": uid } } });
    check(
        json!({ "exp": 1_763_990_000 }),
        "invalid expiration time (exp) claim: token is expired",
    )
    .await;
    check(
        json!({ "nbf": 1_764_003_600 }),
        "invalid not before (nbf) claim: token not yet valid",
    )
    .await;
    check(
        json!({ "iat": 1_764_086_400.5 }),
        "invalid issued at (iat) claim: token issued in the future",
    )
    .await;
    check(
        account("prod", "other", "u-1"),
        "service account name not authorized",
    )
    .await;
    check(account("other", "app", "u-1"), "namespace not authorized").await;
    check(
        json!({ "aud": "vault" }),
        "the audience (aud) claim of a service account's token is a list",
    )
    .await;
    check(json!({ "exp": "soon" }), "permission denied").await;
    lab.write(
        "role/r",
        json!({ "bound_service_account_names": "*", "bound_service_account_namespaces": "*" }),
    )
    .await;
    let nobody = "the token is not a service account's: it claims no namespace, name and uid";
    check(account("prod", "app", ""), nobody).await;
    check(json!({ "kubernetes.io": "text" }), nobody).await;
    check(json!({ "kubernetes.io": null }), nobody).await;
    lab.write("role/r", json!({ "audience": "strange" })).await;
    check(
        json!({}),
        "invalid audience (aud) claim: audience claim does not match any expected audience",
    )
    .await;
    assert_eq!(lab.cluster.asked(), []);
}

#[tokio::test]
async fn a_token_is_refused_by_its_form_before_anybody_is_asked() {
    let lab = Lab::ready().await;
    let good = good();
    let unsigned = format!("{}.", good.rsplit_once('.').unwrap().0);
    lab.check_refused(
        &unsigned,
        "invalid algorithm (alg) header parameter: token must be signed",
    )
    .await;
    for algorithm in ["PS256", "EdDSA"] {
        let expected = "invalid algorithm (alg) header parameter: token signed with unexpected algorithm";
        lab.check_refused(&jwt_by(algorithm, &claims()), expected).await;
    }
    for text in [
        "hello",
        "a.b.c",
        "..",
        "hvs.AAAA",
        &format!("{good}.x"),
        &format!(" {good}\n"),
        &jwt_by("none", &claims()),
        &jwt_by("HS256", &claims()),
        &jwt(&json!([])),
        &jwt(&json!("x")),
    ] {
        lab.check_refused(text, "permission denied").await;
    }
    assert_eq!(lab.cluster.asked(), []);
}

#[tokio::test]
async fn the_issuer_is_looked_at_only_when_that_is_switched_on_and_one_is_given() {
    let lab = Lab::ready().await;
    let check = async |change: Value, admitted: bool| {
        lab.write("config", config(change.clone())).await;
        assert_eq!(lab.login("r", &good()).await.is_ok(), admitted, "{change}");
    };
    check(json!({ "issuer": "https://wrong" }), true).await;
    check(json!({ "disable_iss_validation": false }), true).await;
    check(
        json!({ "disable_iss_validation": false, "issuer": "https://issuer" }),
        true,
    )
    .await;
    check(
        json!({ "disable_iss_validation": false, "issuer": "https://wrong" }),
        false,
    )
    .await;
    lab.check_refused(&good(), "invalid issuer (iss) claim").await;
}

#[tokio::test]
async fn with_configured_keys_a_signature_is_checked_and_the_api_server_has_the_last_word() {
    let lab = Lab::ready().await;
    let (right, wrong) = (include_str!("right.pem"), include_str!("wrong.pem"));
    let check = async |keys: Value, jwt: &str, admitted: bool| {
        lab.write("config", config(json!({ "pem_keys": keys.clone() })))
            .await;
        assert_eq!(lab.login("r", jwt).await.is_ok(), admitted, "{keys}");
        assert_eq!(lab.cluster.asked().len(), usize::from(admitted));
    };
    check(json!([right]), SIGNED.trim(), true).await;
    check(json!([wrong, right]), SIGNED.trim(), true).await;
    check(json!([include_str!("right.crt")]), SIGNED.trim(), true).await;
    check(json!([wrong]), SIGNED.trim(), false).await;
    check(json!([right]), &good(), false).await;
    lab.cluster
        .answers(REVIEWS, &json!({ "status": { "authenticated": false } }));
    lab.check_refused(SIGNED.trim(), "permission denied").await;
}

#[tokio::test]
async fn a_namespace_may_be_chosen_by_its_labels() {
    let lab = Lab::ready().await;
    let selector = json!({ "bound_service_account_namespaces": "other",
        "bound_service_account_namespace_selector": "{\"matchLabels\": {\"team\": \"web\"}}" });
    lab.write("role/r", selector).await;
    lab.check_refused(&good(), "namespace not authorized").await;
    let labels = |labels: Value| json!({ "metadata": { "name": "prod", "labels": labels } });
    lab.cluster
        .answers("/api/v1/namespaces/prod", &labels(json!({ "team": "db" })));
    lab.check_refused(&good(), "namespace not authorized").await;
    lab.cluster.answers(
        "/api/v1/namespaces/prod",
        &labels(json!({ "team": "web", "stage": "x" })),
    );
    assert!(lab.login("r", &good()).await.is_ok());
    lab.cluster.answers_with("/api/v1/namespaces/prod", 403, "{}");
    lab.check_refused(&good(), "namespace not authorized").await;
    lab.cluster.asked();
    lab.cluster
        .answers(REVIEWS, &json!({ "status": { "authenticated": false } }));
    lab.check_refused(&good(), "permission denied").await;
    assert_eq!(
        lab.cluster.asked().len(),
        1,
        "labels are asked for after the review only"
    );
    lab.write("config", config(json!({ "token_reviewer_jwt": "" })))
        .await;
    lab.check_refused(
        &good(),
        "namespace not authorized err=namespace lookup failed: TokenReviewer JWT needs to be \
        configured to use namespace selectors",
    )
    .await;
}

#[tokio::test]
async fn annotations_become_metadata_of_the_alias_where_that_is_switched_on() {
    let lab = Lab::ready().await;
    lab.write(
        "config",
        config(json!({ "use_annotations_as_alias_metadata": true })),
    )
    .await;
    lab.check_refused(&good(), "permission denied").await;
    let account = |uid: &str| {
        json!({ "metadata": { "uid": uid, "annotations": {
        "vault.hashicorp.com/alias-metadata-team": "web", "vault.hashicorp.com/alias-metadata-service_account_name": "forged",
        "other": "x" } } })
    };
    lab.cluster
        .answers("/api/v1/namespaces/prod/serviceaccounts/app", &account("u-1"));
    let alias = lab.login("r", &good()).await.unwrap().alias.unwrap();
    assert_eq!(
        (
            alias.metadata["team"].as_str(),
            alias.metadata["service_account_name"].as_str()
        ),
        ("web", "app")
    );
    assert_eq!(alias.metadata.len(), 5);
    lab.cluster
        .answers("/api/v1/namespaces/prod/serviceaccounts/app", &account("u-2"));
    lab.check_refused(&good(), "permission denied").await;
}

#[tokio::test]
async fn equal_tokens_at_the_same_moment_share_a_review_and_later_ones_do_not() {
    let lab = Lab::before(Cluster::held_back(), Files::None);
    lab.cluster.answers(REVIEWS, &reviewed());
    lab.write("config", config(json!({}))).await;
    lab.write("role/r", role(json!({}))).await;
    let (token, words) = (good(), async {
        tokio::task::yield_now().await;
        lab.cluster.give_the_word();
    });
    let (first, second, ()) = tokio::join!(lab.login("r", &token), lab.login("r", &token), words);
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(lab.cluster.asked().len(), 1);
    lab.cluster.give_the_word();
    lab.cluster
        .answers(REVIEWS, &json!({ "status": { "authenticated": false } }));
    lab.check_refused(&token, "permission denied").await;
    assert_eq!(lab.cluster.asked().len(), 1);
}

#[tokio::test]
async fn a_renewal_follows_the_role_and_asks_nobody() {
    let lab = Lab::ready().await;
    lab.write("role/r", json!({ "policies": "app", "token_ttl": "10m" }))
        .await;
    let login = lab.login("r", &good()).await.unwrap();
    lab.write(
        "role/r",
        json!({ "token_policies": "other", "token_period": "25m", "bound_service_account_names": "nobody" }),
    )
    .await;
    lab.cluster.goes_away();
    let renew = |login| Arc::clone(&lab.plugin).renew_login(lab.bench.cx(Operation::Renew, "login"), login);
    let login = renew(login).await.unwrap();
    assert_eq!(login.terms.period, Some(Duration::from_secs(1500)));
    assert_eq!(login.policies, ["app"]);
    lab.bench.ask(Operation::Delete, "role/r", json!({})).await;
    let error = renew(login).await.err().unwrap();
    assert_eq!(
        error.public(),
        "the role \"r\" of this login does not exist any more"
    );
}
