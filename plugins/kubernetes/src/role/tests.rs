//! Roles as they are written and shown.

use crate::cluster::{Lab, role};
use logical::Operation::{Delete, List, Read, Update};
use logical::testing::Answer;
use serde_json::{Value, json};

async fn check_refused(lab: &Lab, body: Value, expected: &str) {
    let answer = lab.bench.ask(Update, "role/r", body.clone()).await;
    assert_eq!(answer, Answer::invalid(expected), "{body}");
}

#[tokio::test]
async fn a_role_is_shown_as_it_was_written() {
    let lab = Lab::new();
    let body = json!({ "bound_service_account_names": ["app", "app-*"], "bound_service_account_namespaces": "prod, stage",
        "bound_service_account_namespace_selector": "{\"matchLabels\": {\"team\": \"web\"}}", "audience": "vault",
        "alias_name_source": "serviceaccount_name", "token_ttl": "1h", "token_type": "service" });
    lab.write("role/full", body).await;
    let shown = lab.read("role/full").await;
    let expected = json!({ "alias_name_source": "serviceaccount_name", "audience": "vault",
        "bound_service_account_names": ["app", "app-*"],
        "bound_service_account_namespace_selector": "{\"matchLabels\": {\"team\": \"web\"}}",
        "bound_service_account_namespaces": ["prod", "stage"], "token_bound_cidrs": [], "token_explicit_max_ttl": 0,
        "token_max_ttl": 0, "token_no_default_policy": false, "token_num_uses": 0, "token_period": 0, "token_policies": [],
        "token_strictly_bind_ip": false, "token_ttl": 3600, "token_type": "service" });
    assert_eq!(shown, expected);
    let selected = json!({ "bound_service_account_names": "app,,app", "bound_service_account_namespace_selector": "{}" });
    lab.write("role/selected", selected).await;
    let shown = lab.read("role/selected").await;
    assert_eq!(shown["bound_service_account_namespaces"], Value::Null);
    assert_eq!(shown["bound_service_account_names"], json!(["app", "", "app"]));
    assert_eq!(shown.get("audience"), None);
}

#[tokio::test]
async fn a_role_says_whom_it_is_for_and_nothing_of_a_refused_one_is_kept() {
    let lab = Lab::new();
    let names = "\"bound_service_account_names\" can not be empty";
    let namespaces = "\"bound_service_account_namespaces\" can not be empty if \"bound_service_account_namespace_selector\" is not set";
    let selector = "invalid \"bound_service_account_namespace_selector\" configured";
    let star = "can not mix \"*\" with values";
    check_refused(&lab, json!({}), names).await;
    check_refused(&lab, role(json!({ "bound_service_account_names": "" })), names).await;
    check_refused(&lab, json!({ "bound_service_account_names": "app" }), namespaces).await;
    check_refused(
        &lab,
        role(json!({ "bound_service_account_namespaces": [] })),
        namespaces,
    )
    .await;
    check_refused(
        &lab,
        role(json!({ "bound_service_account_names": "*,app" })),
        star,
    )
    .await;
    check_refused(
        &lab,
        role(json!({ "bound_service_account_namespaces": ["prod", "*"] })),
        star,
    )
    .await;
    check_refused(
        &lab,
        role(json!({ "bound_service_account_namespace_selector": "team=web" })),
        selector,
    )
    .await;
    let source = "invalid alias_name_source, must be one of: serviceaccount_uid, serviceaccount_name";
    check_refused(&lab, role(json!({ "alias_name_source": "uid" })), source).await;
    check_refused(
        &lab,
        role(json!({ "token_type": "other" })),
        "invalid 'token_type' value \"other\"",
    )
    .await;
    let period = "token period of '\"1000000h0m0s\"' is greater than the backend's maximum lease TTL of '\"768h0m0s\"'";
    check_refused(&lab, role(json!({ "token_period": "1000000h" })), period).await;
    assert_eq!(lab.bench.ask(Read, "role/r", json!({})).await, Answer::absent());
}

#[tokio::test]
async fn a_second_write_changes_only_what_it_names() {
    let lab = Lab::new();
    lab.write("role/r", role(json!({ "audience": "vault", "bound_service_account_namespace_selector": "{}", "token_ttl": "1h" }))).await;
    lab.write(
        "role/R",
        json!({ "token_ttl": "30m", "bound_service_account_names": ["x", "y"] }),
    )
    .await;
    let shown = lab.read("role/r").await;
    assert_eq!(shown["bound_service_account_names"], json!(["x", "y"]));
    assert_eq!(shown["bound_service_account_namespace_selector"], "{}");
    assert_eq!(
        (&shown["audience"], &shown["token_ttl"]),
        (&json!("vault"), &json!(1800))
    );
    lab.write("role/r", json!({ "audience": "" })).await;
    assert_eq!(lab.read("role/r").await.get("audience"), None);
}

#[tokio::test]
async fn more_life_than_the_mount_allows_is_taken_with_a_warning() {
    let lab = Lab::new();
    let warnings = lab
        .bench
        .warnings(Update, "role/r", role(json!({ "token_max_ttl": "100000h" })))
        .await;
    assert!(
        warnings[0].starts_with("max_ttl is greater than the system or backend mount's maximum TTL value")
    );
    let warnings = lab
        .bench
        .warnings(Update, "role/r", role(json!({ "token_max_ttl": "1h" })))
        .await;
    assert!(warnings.is_empty());
}

#[tokio::test]
async fn roles_are_listed_in_order_and_known_by_lower_case_names() {
    let lab = Lab::new();
    for name in ["b", "Alpha", "c.d", "9"] {
        lab.write(&format!("role/{name}"), role(json!({}))).await;
    }
    let list = async |page: Value| lab.bench.ask(List, "role", page).await;
    assert_eq!(list(json!({})).await, Answer::keys(&["9", "alpha", "b", "c.d"]));
    assert_eq!(
        list(json!({ "after": "9", "limit": 2 })).await,
        Answer::keys(&["alpha", "b"])
    );
    assert_eq!(lab.bench.exists("role/none").await.unwrap(), Some(false));
    assert_eq!(lab.bench.exists("role/ALPHA").await.unwrap(), Some(true));
    for _ in 0..2 {
        assert_eq!(
            lab.bench.ask(Delete, "role/ALPHA", json!({})).await,
            Answer::Empty
        );
    }
    assert_eq!(list(json!({})).await, Answer::keys(&["9", "b", "c.d"]));
    for name in ["-x", "x-", "a$b", ".x"] {
        let answer = lab
            .bench
            .ask(Update, &format!("role/{name}"), role(json!({})))
            .await;
        assert!(
            matches!(answer, Answer::Refused(logical::ErrorKind::NotFound, _)),
            "{name}"
        );
    }
}
