//! The end of a login, whatever it has done in the meantime.

use crate::house::{CREATE, House};
use crate::proxy::Proxy;
use logical::Operation;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn an_open_session_is_ended_also_one_that_took_on_another_role() {
    let house =
        House::ready(&json!({ "creation_statements": [CREATE, "GRANT \"team_{{name}}\" TO \"{{name}}\""] }))
            .await;
    let make = json!([
        "CREATE ROLE \"team_{{name}}\"",
        CREATE,
        "GRANT \"team_{{name}}\" TO \"{{name}}\""
    ]);
    house.role(&json!({ "creation_statements": make })).await;
    let login = house.login().await;
    let (user, password) = (&login.username, &login.password);
    let mut plain = house.pg.session(user, password, "SELECT pg_sleep(60)");
    let team = format!("SET ROLE \"team_{user}\"; SELECT pg_sleep(60)");
    let mut disguised = house.pg.session(user, password, &team);
    house.pg.wait_for(&format!(
        "SELECT 1 FROM pg_stat_activity WHERE usename = '{user}' AND query LIKE '%pg_sleep%' HAVING count(*) = 2"
    ));
    house.revoke(&login).await.unwrap();
    assert!(!plain.wait().unwrap().success());
    assert!(!disguised.wait().unwrap().success());
    assert!(!house.pg.has_role(user));
    house.pg.superuser(&format!("DROP ROLE \"team_{user}\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_owns_a_table_is_disabled_and_reported() {
    let grant = "GRANT CREATE, USAGE ON SCHEMA public TO \"{{name}}\"";
    let house = House::ready(&json!({ "creation_statements": [CREATE, grant] })).await;
    let login = house.login().await;
    let (user, password) = (&login.username, &login.password);
    house
        .pg
        .query_as(user, password, "CREATE TABLE mine (x int)")
        .unwrap();
    let error = house.revoke(&login).await.err().unwrap();
    assert!(
        error.public().contains("owns 1 objects (table public.mine)")
            || error.public().contains("owns 1 objects (table mine)"),
        "{error}"
    );
    assert!(house.pg.has_role(user));
    assert!(!house.pg.can_log_in(user, password));

    house
        .role(&json!({ "creation_statements": [CREATE, grant], "revocation_ownership": "reassign" }))
        .await;
    house.revoke(&login).await.unwrap();
    assert!(!house.pg.has_role(user));
    assert_eq!(
        house
            .pg
            .superuser("SELECT tableowner FROM pg_tables WHERE tablename = 'mine'"),
        [house.pg.user.as_str()]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_are_dropped_if_the_role_says_so() {
    let grant = "GRANT CREATE, USAGE ON SCHEMA public TO \"{{name}}\"";
    let house =
        House::ready(&json!({ "creation_statements": [CREATE, grant], "revocation_ownership": "drop" }))
            .await;
    let login = house.login().await;
    house
        .pg
        .query_as(&login.username, &login.password, "CREATE TABLE mine (x int)")
        .unwrap();
    house.revoke(&login).await.unwrap();
    assert!(!house.pg.has_role(&login.username));
    assert!(
        house
            .pg
            .superuser("SELECT 1 FROM pg_tables WHERE tablename = 'mine'")
            .is_empty()
    );
}

/// A published vulnerability of others: names from the catalog, spliced into statements as they are.
#[tokio::test(flavor = "multi_thread")]
async fn names_of_schemas_are_only_names() {
    let house = House::ready(&json!({})).await;
    let odd = r#""x""; DROP TABLE t; --""#;
    let weird = r#""weird ""q"" name""#;
    house.pg.query("CREATE TABLE t (x int)");
    house.pg.query(&format!(
        "CREATE SCHEMA {odd}; CREATE TABLE {odd}.{weird} (x int, y int); CREATE SCHEMA {weird}"
    ));
    let function = format!("CREATE FUNCTION {odd}.{odd}(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'");
    let kinds =
        format!("CREATE SEQUENCE {odd}.s; CREATE TYPE {odd}.{weird}_ AS ENUM ('a')").replace("\"_", "_\"");
    house.pg.query(&format!("{function}; {kinds}"));
    let name = "\"{{name}}\"";
    house
        .role(&json!({ "creation_statements": [
            CREATE,
            format!("GRANT ALL ON SCHEMA {odd}, {weird} TO {name}"),
            format!("GRANT ALL ON ALL TABLES IN SCHEMA {odd} TO {name}"),
            format!("GRANT SELECT (x) ON {odd}.{weird} TO {name}"),
            format!("GRANT ALL ON ALL SEQUENCES IN SCHEMA {odd} TO {name}"),
            format!("GRANT ALL ON ALL ROUTINES IN SCHEMA {odd} TO {name}"),
            format!("GRANT USAGE ON TYPE {odd}.\"weird \"\"q\"\" name_\" TO {name}"),
            format!("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {name}", house.pg.name),
            format!("ALTER DEFAULT PRIVILEGES IN SCHEMA {odd} GRANT SELECT ON TABLES TO {name}"),
            format!("ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO {name}"),
        ] }))
        .await;
    let login = house.login().await;
    house.revoke(&login).await.unwrap();
    assert!(!house.pg.has_role(&login.username));
    assert_eq!(house.pg.query("SELECT count(*) FROM t"), ["0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_login_was_granted_in_another_database_is_taken_back() {
    let house = House::ready(&json!({})).await;
    let (other, admin) = (format!("other_{}", house.pg.tag), &house.pg.user);
    house
        .pg
        .superuser(&format!("CREATE DATABASE {other} OWNER {admin}"));
    let login = house.login().await;
    let url = format!(
        "postgresql://{admin}:{}@127.0.0.1:{}/{other}",
        house.pg.password, house.pg.port
    );
    let grant = format!(
        "CREATE TABLE far (x int); GRANT SELECT ON far TO \"{}\"",
        login.username
    );
    let granted = std::process::Command::new("psql")
        .args([&url, "-Xqc", &grant])
        .status()
        .unwrap();
    assert!(granted.success());
    house.revoke(&login).await.unwrap();
    assert!(!house.pg.has_role(&login.username));
    house.pg.superuser(&format!("DROP DATABASE {other}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn own_statements_count_as_they_are_today() {
    let house = House::ready(&json!({})).await;
    house.pg.query("CREATE TABLE noted (who text)");
    let login = house.login().await;
    let own = json!(["DROP ROLE \"{{username}}\"; INSERT INTO noted VALUES ('{{name}}')"]);
    house.role(&json!({ "revocation_statements": own })).await;
    house.revoke(&login).await.unwrap();
    assert_eq!(house.pg.query("SELECT who FROM noted"), [login.username.as_str()]);
    house.revoke(&login).await.unwrap();

    house.role(&json!({ "revocation_statements": "SELECT 1" })).await;
    let login = house.login().await;
    house.revoke(&login).await.unwrap();
    assert!(
        house.pg.has_role(&login.username),
        "what stays is for the operator to say"
    );
    assert!(!house.pg.can_log_in(&login.username, &login.password));
    house.pg.superuser(&format!("DROP ROLE \"{}\"", login.username));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_whose_own_statements_fail_is_disabled_all_the_same() {
    let house = House::ready(&json!({ "revocation_statements": "SELECT 1/0" })).await;
    let login = house.login().await;
    let error = house.revoke(&login).await.err().unwrap();
    assert!(error.public().contains("division by zero"), "{error}");
    assert!(house.pg.has_role(&login.username));
    assert!(!house.pg.can_log_in(&login.username, &login.password));
    house.role(&json!({ "revocation_statements": "" })).await;
    house.revoke(&login).await.unwrap();
    assert!(!house.pg.has_role(&login.username));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_is_revoked_without_its_role_and_not_without_its_connection() {
    let house = House::ready(&json!({})).await;
    let login = house.login().await;
    house
        .call(Operation::Delete, "roles/app", json!({}))
        .await
        .unwrap();
    house
        .call(Operation::Delete, "config/pg", json!({}))
        .await
        .unwrap();
    let error = house.revoke(&login).await.err().unwrap();
    assert!(
        error
            .public()
            .contains("failed to find entry for connection with name: \"pg\""),
        "{error}"
    );
    house.write("config/pg", house.config(&json!({}))).await.unwrap();
    house.revoke(&login).await.unwrap();
    assert!(!house.pg.has_role(&login.username));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_down_only_delays_the_end() {
    let house = House::ready(&json!({})).await;
    let proxy = Proxy::to(house.pg.port).await.unwrap();
    house
        .write("config/pg", json!({ "connection_url": house.url(proxy.port) }))
        .await
        .unwrap();
    let login = house.login().await;
    proxy.down();
    let error = house.revoke(&login).await.err().unwrap();
    assert!(error.public().contains("failed to connect"), "{error}");
    assert!(!error.to_string().contains("CANARY"), "{error}");
    assert!(house.pg.has_role(&login.username));
    proxy.up();
    house.revoke(&login).await.unwrap();
    assert!(!house.pg.has_role(&login.username));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_was_dropped_by_hand_is_gone() {
    let house = House::ready(&json!({})).await;
    let login = house.login().await;
    house.pg.superuser(&format!("DROP ROLE \"{}\"", login.username));
    house.revoke(&login).await.unwrap();
}
