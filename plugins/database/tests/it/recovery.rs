//! What a crash leaves, at each step of making a login.

use crate::house::House;
use crate::proxy::Proxy;
use logical::{Next, Operation};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// Names of roles that the house's logins have.
fn logins(house: &House) -> Vec<String> {
    house.pg.superuser(&format!(
        "SELECT rolname FROM pg_roles WHERE rolname LIKE '{}-%'",
        house.pg.tag
    ))
}

async fn ready(more: &serde_json::Value) -> House {
    let house = House::ready(more).await;
    let template = format!("{}-{{{{.RoleName}}}}-{{{{random 8}}}}", house.pg.tag);
    house
        .write("config/pg", json!({ "username_template": template }))
        .await
        .unwrap();
    house
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_whose_lease_was_never_written_is_dropped() {
    let house = ready(&json!({})).await;
    let lost = house
        .unfinished(Operation::Read, "creds/app", json!({}))
        .await
        .unwrap();
    assert_eq!((house.store.count("intent"), logins(&house).len()), (1, 1));
    let house = house.restarted();
    assert_eq!(house.work().await, Next::At(house.now + Duration::from_secs(60)));
    assert_eq!((house.store.count("intent"), logins(&house).len()), (0, 0));
    assert!(
        house.store.apply(lost.batch).is_err(),
        "no lease can come of it any more"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_is_being_made_is_left_alone_until_its_deadline() {
    let mut house = ready(&json!({})).await;
    drop(
        house
            .unfinished(Operation::Read, "creds/app", json!({}))
            .await
            .unwrap(),
    );
    house.work().await;
    assert_eq!((house.store.count("intent"), logins(&house).len()), (1, 1));
    house.now += Duration::from_secs(600);
    house.work().await;
    assert_eq!((house.store.count("intent"), logins(&house).len()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_with_a_lease_is_never_dropped() {
    let mut house = ready(&json!({})).await;
    let login = house.login().await;
    house.now += Duration::from_secs(600);
    let house = house.restarted();
    house.work().await;
    assert!(house.pg.can_log_in(&login.username, &login.password));
    house.revoke(&login).await.unwrap();
}

/// The name is free of chance, and the second login was interrupted before it found out that the name is taken.
#[tokio::test(flavor = "multi_thread")]
async fn a_login_of_the_same_name_that_has_a_lease_is_never_dropped() {
    let house = ready(&json!({})).await;
    let fixed = json!({ "username_template": format!("{}-only", house.pg.tag) });
    house.write("config/pg", fixed.clone()).await.unwrap();
    let lost = house
        .unfinished(Operation::Read, "creds/app", json!({}))
        .await
        .unwrap();
    house
        .pg
        .superuser(&format!("DROP ROLE \"{}-only\"", house.pg.tag));
    let login = house.login().await;
    assert_eq!(house.store.count("intent"), 1);
    let house = house.restarted();
    house.work().await;
    assert_eq!(house.store.count("intent"), 0);
    assert!(house.pg.can_log_in(&login.username, &login.password));
    drop(lost);
    house.revoke(&login).await.unwrap();
}

/// The killed server's statements are still running: its sessions are ended first, and only then is anything looked at.
#[tokio::test(flavor = "multi_thread")]
async fn statements_that_still_run_are_ended_before_anybody_looks() {
    let slow = [crate::house::CREATE, "SELECT pg_sleep(30)"];
    let house = ready(&json!({ "creation_statements": slow })).await;
    let running = "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND pid <> pg_backend_pid() AND usename = ";
    let running = format!("{running}'{}'", house.pg.user);
    let house = Arc::new(house);
    let asked = Arc::clone(&house);
    let asked = tokio::spawn(async move {
        asked
            .unfinished(Operation::Read, "creds/app", json!({}))
            .await
            .is_ok()
    });
    house.pg.wait_for(&running);
    asked.abort();
    assert!(asked.await.is_err());
    assert!(
        !house.pg.superuser(&running).is_empty(),
        "the statement goes on without whoever asked for it"
    );
    let house = Arc::into_inner(house).unwrap();
    let house = house.restarted();
    house.work().await;
    assert!(house.pg.superuser(&running).is_empty(), "the session has ended");
    assert_eq!((house.store.count("intent"), logins(&house).len()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_was_cut_off_is_recovered_in_the_same_process() {
    let house = ready(&json!({ "creation_statements": [crate::house::CREATE, "SELECT pg_terminate_backend(pg_backend_pid())"] })).await;
    let error = house.read("creds/app").await.err().unwrap();
    assert!(error.public().contains("no answer from the database"), "{error}");
    assert_eq!(house.store.count("intent"), 1);
    house.work().await;
    assert_eq!((house.store.count("intent"), logins(&house).len()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_never_answers_holds_up_nobody_else() {
    let house = ready(&json!({})).await;
    let proxy = Proxy::to(house.pg.port).await.unwrap();
    house
        .write(
            "config/far",
            house.config(&json!({ "connection_url": house.url(proxy.port) })),
        )
        .await
        .unwrap();
    house
        .write(
            "roles/far",
            json!({ "db_name": "far", "creation_statements": crate::house::CREATE }),
        )
        .await
        .unwrap();
    proxy.silent();
    let stuck = house.read("creds/far");
    let login = tokio::select! {
        biased;
        login = house.login() => login,
        _ = stuck => panic!("a silent database answers"),
    };
    house.revoke(&login).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_down_is_recovered_when_it_is_back() {
    let house = ready(&json!({})).await;
    let proxy = Proxy::to(house.pg.port).await.unwrap();
    house
        .write("config/pg", json!({ "connection_url": house.url(proxy.port) }))
        .await
        .unwrap();
    drop(
        house
            .unfinished(Operation::Read, "creds/app", json!({}))
            .await
            .unwrap(),
    );
    proxy.down();
    let house = house.restarted();
    house.work().await;
    assert_eq!((house.store.count("intent"), logins(&house).len()), (1, 1));
    proxy.up();
    house.work().await;
    assert_eq!((house.store.count("intent"), logins(&house).len()), (0, 0));
}
