//! Logins: what they are, how long they live, and what a failure leaves.

use crate::house::{CREATE, House};
use serde_json::json;
use std::time::Duration;

fn valid_until(house: &House, username: &str) -> String {
    let sql = format!(
        "SELECT to_char(rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') FROM pg_roles WHERE rolname = '{username}'"
    );
    house.pg.superuser(&sql).concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_works_until_it_is_revoked() {
    let house = House::ready(&json!({})).await;
    let login = house.login().await;
    assert!(
        login.username.starts_with("v-token-we-app-"),
        "{}",
        login.username
    );
    assert!(house.pg.can_log_in(&login.username, &login.password));
    assert!(!house.pg.can_log_in(&login.username, "another"));
    assert_eq!(valid_until(&house, &login.username), "2030-03-17 18:46:45");
    assert_eq!(house.store.count("intent"), 0);
    house.revoke(&login).await.unwrap();
    assert!(!house.pg.has_role(&login.username));
    house.revoke(&login).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_moves_the_end_up_to_the_maximum() {
    let mut house = House::ready(&json!({ "max_ttl": "3h" })).await;
    let login = house.login().await;
    let hour = Duration::from_secs(3600);
    house.renew(&login, 2 * hour).await.unwrap();
    assert_eq!(valid_until(&house, &login.username), "2030-03-17 19:46:45");
    house.now += hour;
    house.renew(&login, 10 * hour).await.unwrap();
    assert_eq!(valid_until(&house, &login.username), "2030-03-17 20:46:45");
    house.renew(&login, Duration::ZERO).await.unwrap();
    assert_eq!(valid_until(&house, &login.username), "2030-03-17 19:46:45");
    house.revoke(&login).await.unwrap();
    let error = house.renew(&login, hour).await.err().unwrap();
    assert!(error.public().contains("does not exist"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_statement_leaves_nothing_and_says_why() {
    let house = House::ready(&json!({})).await;
    house.pg.query("CREATE TABLE noted (who text)");
    for (statements, said) in [
        (
            json!([CREATE, "INSERT INTO noted VALUES ('{{name}}')", "SELECT 1/0"]),
            "division by zero (SQLSTATE 22012)",
        ),
        (json!([CREATE, CREATE]), "already exists"),
        (
            json!([CREATE, "CREATE DATABASE never"]),
            "cannot run inside a transaction block",
        ),
        (json!("CREATE ROLE {{name}}"), "syntax error"),
        (json!([CREATE, "SELECT {{password}}"]), "SQLSTATE"),
        (json!(""), "empty creation statements"),
    ] {
        house.role(&json!({ "creation_statements": statements })).await;
        let error = house.read("creds/app").await.err().unwrap();
        assert!(error.public().contains(said), "{error}");
        assert!(!error.to_string().contains("CANARY"), "{error}");
    }
    assert_eq!(house.pg.query("SELECT count(*) FROM noted"), ["0"]);
    assert_eq!(house.store.count("intent"), 0);
    let left = house.pg.superuser("SELECT rolname FROM pg_roles WHERE rolname LIKE '%-app-%' AND pg_catalog.shobj_description(oid, 'pg_authid') IS NULL");
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_leave_the_transaction_is_refused_before_anything_runs() {
    let house = House::ready(&json!({})).await;
    let revision = house.store.latest();
    let role = json!({ "db_name": "pg", "creation_statements": [CREATE, "COMMIT", "SELECT 1/0"] });
    let error = house.write("roles/app", role).await.err().unwrap();
    assert!(error.public().contains("COMMIT may not be used"), "{error}");
    house
        .write(
            "config/pg",
            json!({ "username_template": "{{.RoleName}}-{{random 60}}" }),
        )
        .await
        .unwrap();
    let error = house.read("creds/app").await.err().unwrap();
    assert!(error.public().contains("64 bytes"), "{error}");
    assert_eq!(
        house.store.latest(),
        revision + 1,
        "only the connection was written"
    );
}

/// As recorded: a name that is only written into a table may be longer than a role's.
#[tokio::test(flavor = "multi_thread")]
async fn a_long_name_is_a_name_where_no_role_has_it() {
    let note = "INSERT INTO noted VALUES ('{{name}}')";
    let house = House::ready(&json!({ "creation_statements": note })).await;
    house.pg.query("CREATE TABLE noted (who text)");
    house
        .write(
            "config/pg",
            json!({ "username_template": "{{.RoleName | sha256}}" }),
        )
        .await
        .unwrap();
    let login = house.login().await;
    assert_eq!(house.pg.query("SELECT length(who) FROM noted"), ["64"]);
    house.revoke(&login).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_and_quotes_are_run_as_they_stand() {
    let house = House::ready(&json!({})).await;
    house.pg.query("CREATE TABLE seen (name text, other text)");
    let block = "DO $$ BEGIN CREATE ROLE \"{{name}}\" WITH LOGIN PASSWORD '{{password}}'; INSERT INTO seen VALUES ('{{name}}', 'a;b'); END $$;";
    house.role(&json!({ "creation_statements": block })).await;
    let login = house.login().await;
    assert!(house.pg.can_log_in(&login.username, &login.password));
    assert_eq!(
        house.pg.query("SELECT name, other FROM seen"),
        [format!("{}|a;b", login.username)]
    );
    house.revoke(&login).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_and_names_with_quotes_are_quoted() {
    let house = House::ready(&json!({ "credential_config": { "password_policy": "quotes" } })).await;
    let template = json!({ "username_template": "{{random 8}} \"; DROP TABLE t; -- it's" });
    house.write("config/pg", template).await.unwrap();
    let login = house.login().await;
    assert!(house.pg.has_role(&login.username), "{}", login.username);
    assert_eq!(login.password, "CANARY-it's \\ \"x\"");
    house.renew(&login, Duration::from_secs(60)).await.unwrap();
    house.revoke(&login).await.unwrap();
    assert!(!house.pg.has_role(&login.username));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_gets_only_a_verifier_if_asked_to() {
    let house =
        House::ready(&json!({ "creation_statements": [CREATE, "INSERT INTO seen VALUES ('{{password}}')"] }))
            .await;
    house.pg.query("CREATE TABLE seen (password text)");
    house
        .write("config/pg", json!({ "password_authentication": "scram-sha-256" }))
        .await
        .unwrap();
    let login = house.login().await;
    assert!(house.pg.can_log_in(&login.username, &login.password));
    assert_eq!(
        house.pg.query("SELECT left(password, 19) FROM seen"),
        ["SCRAM-SHA-256$4096:"]
    );
    house.revoke(&login).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn many_logins_at_once_grant_on_the_same_tables() {
    let grant = "GRANT SELECT ON ALL TABLES IN SCHEMA public TO \"{{name}}\"";
    let house = House::ready(&json!({ "creation_statements": [CREATE, grant] })).await;
    house.pg.query("CREATE TABLE a (x int); CREATE TABLE b (x int)");
    house
        .write("config/pg", json!({ "max_open_connections": 6 }))
        .await
        .unwrap();
    let logins = futures_util::future::join_all((0..24).map(|_| house.login())).await;
    for login in &logins {
        assert!(
            house
                .pg
                .query_as(&login.username, &login.password, "SELECT * FROM a, b")
                .is_ok()
        );
    }
    let revoked = futures_util::future::join_all(logins.iter().map(|login| house.revoke(login))).await;
    revoked.into_iter().for_each(|outcome| outcome.unwrap());
    assert!(logins.iter().all(|login| !house.pg.has_role(&login.username)));
}
