//! The administrator's password: one that is written down always works.

use crate::house::House;
use logical::ErrorKind;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn after_a_rotation_only_the_house_knows_the_password() {
    let house = House::ready(&json!({})).await;
    let login = house.login().await;
    house.write("rotate-root/pg", json!({})).await.unwrap();
    assert!(!house.pg.can_log_in(&house.pg.user, &house.pg.password));
    assert_eq!(house.store.count("rotation"), 0);
    house.revoke(&login).await.unwrap();
    house.write("rotate-root/pg", json!({})).await.unwrap();
    house.write("reset/pg", json!({})).await.unwrap();
    house
        .write("config/pg", json!({ "max_open_connections": 2 }))
        .await
        .unwrap();
    let error = house
        .write("config/pg", house.config(&json!({})))
        .await
        .err()
        .unwrap();
    assert!(
        error.public().contains("password authentication failed"),
        "{error}"
    );
    let house = house.restarted();
    let login = house.login().await;
    house.revoke(&login).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_that_fail_change_nothing() {
    let house = House::ready(&json!({})).await;
    let lost = "ALTER ROLE \"{{username}}\" PASSWORD 'lost'; SELECT 1/0";
    house
        .write("config/pg", json!({ "root_rotation_statements": lost }))
        .await
        .unwrap();
    let error = house.write("rotate-root/pg", json!({})).await.err().unwrap();
    assert!(error.public().contains("division by zero"), "{error}");
    assert_eq!(house.store.count("rotation"), 0);
    assert!(house.pg.can_log_in(&house.pg.user, &house.pg.password));
    let unknown = house.write("rotate-root/none", json!({})).await.err().unwrap();
    assert_eq!(
        unknown.public(),
        "failed to find entry for connection with name: \"none\""
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_only_in_the_url_cannot_be_rotated() {
    let house = House::empty();
    let url = house.url(house.pg.port);
    let url = url
        .replace("{{username}}", &house.pg.user)
        .replace("{{password}}", &house.pg.password);
    let config = json!({ "plugin_name": "postgresql-database-plugin", "connection_url": url });
    house.write("config/pg", config).await.unwrap();
    let error = house.write("rotate-root/pg", json!({})).await.err().unwrap();
    assert_eq!(
        error.public(),
        "unable to rotate root credentials: no username in configuration"
    );
    house
        .write("config/pg", json!({ "username": house.pg.user }))
        .await
        .unwrap();
    let error = house.write("rotate-root/pg", json!({})).await.err().unwrap();
    assert_eq!(
        error.public(),
        "unable to rotate root credentials: no password in configuration"
    );
    assert_eq!(error.kind(), ErrorKind::Internal);
}

/// The session ends before anybody hears whether the password was set; it was not.
#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_that_was_cut_off_before_its_commit_is_undone() {
    let house = House::ready(&json!({})).await;
    let cut = [
        "ALTER ROLE \"{{username}}\" PASSWORD '{{password}}'",
        "SELECT pg_terminate_backend(pg_backend_pid())",
    ];
    house
        .write("config/pg", json!({ "root_rotation_statements": cut }))
        .await
        .unwrap();
    let error = house.write("rotate-root/pg", json!({})).await.err().unwrap();
    assert!(error.public().contains("no answer"), "{error}");
    assert_eq!(house.store.count("rotation"), 1);
    let login = house.login().await;
    let house = house.restarted();
    house.work().await;
    assert_eq!(house.store.count("rotation"), 0);
    house.revoke(&login).await.unwrap();
    assert!(house.pg.can_log_in(&house.pg.user, &house.pg.password));
}

/// The password was set, and the process died before it was written into the configuration.
#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_that_was_cut_off_after_its_commit_is_completed() {
    let house = House::ready(&json!({})).await;
    // The test itself sets the password that was written down.
    let cut = "SELECT pg_terminate_backend(pg_backend_pid())";
    house
        .write("config/pg", json!({ "root_rotation_statements": cut }))
        .await
        .unwrap();
    assert!(house.write("rotate-root/pg", json!({})).await.is_err());
    let written = house.store.text("rotation");
    let password = written["password"].as_str().unwrap();
    house
        .pg
        .superuser(&format!("ALTER ROLE {} PASSWORD '{password}'", house.pg.user));
    let house = house.restarted();
    let login = house.login().await;
    house.revoke(&login).await.unwrap();
    house.work().await;
    assert_eq!(house.store.count("rotation"), 0);
    let house = house.restarted();
    let login = house.login().await;
    house.revoke(&login).await.unwrap();
}
