//! Connections: what is kept, what is shown, what is refused.

use crate::house::House;
use crate::proxy::Proxy;
use logical::{ErrorKind, Operation};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_read_back_without_its_password() {
    let house = House::empty();
    assert_eq!(house.exists("config/pg").await, Some(false));
    let details = json!({ "max_open_connections": "3", "nested": { "a": [1, null, true] }, "private_key": "CANARY", "weight": 3 });
    house.write("config/pg", house.config(&details)).await.unwrap();
    assert_eq!(house.exists("config/pg").await, Some(true));
    let data = house.read("config/pg").await.unwrap().data;
    assert_eq!(data["allowed_roles"], json!(["*"]));
    assert_eq!(data["plugin_name"], "postgresql-database-plugin");
    assert_eq!(
        data["connection_details"],
        json!({
            "connection_url": house.url(house.pg.port),
            "username": house.pg.user,
            "max_open_connections": "3",
            "nested": { "a": [1, null, true] },
            "weight": 3,
        })
    );
    house
        .write("config/pg", json!({ "allowed_roles": null, "weight": null }))
        .await
        .unwrap();
    let data = house.read("config/pg").await.unwrap().data;
    assert_eq!(
        (&data["allowed_roles"], &data["connection_details"]["weight"]),
        (&json!([]), &Value::Null)
    );
    assert_eq!(
        house
            .call(Operation::List, "config/", json!({}))
            .await
            .unwrap()
            .data,
        json!(["pg"])
    );
    house
        .call(Operation::Delete, "config/pg", json!({}))
        .await
        .unwrap();
    assert_eq!(
        house.read("config/pg").await.err().unwrap().kind(),
        ErrorKind::NotFound
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_in_the_url_is_masked_and_earns_a_warning() {
    let house = House::empty();
    let (user, password) = (&house.pg.user, &house.pg.password);
    let url = house.url(house.pg.port);
    let url = url
        .replace("{{username}}", user)
        .replace("{{password}}", password);
    let config = json!({ "plugin_name": "postgresql-database-plugin", "connection_url": url });
    let answer = house.write("config/pg", config).await.unwrap();
    assert!(answer.warnings[0].starts_with("Password found in connection_url"));
    let shown = house.read("config/pg").await.unwrap().data["connection_details"]["connection_url"].clone();
    assert_eq!(shown, url.replace(password, "xxxxx"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_names_the_connections_that_it_closed() {
    let house = House::ready(&json!({})).await;
    let login = house.login().await;
    let answer = house
        .write("reload/postgresql-database-plugin", json!({}))
        .await
        .unwrap();
    assert_eq!(answer.data, json!({ "count": 1, "connections": ["pg"] }));
    assert!(house.write("reload/mysql", json!({})).await.is_err());
    house.revoke(&login).await.unwrap();
}

#[test]
fn every_parameter_is_documented() {
    use logical::Plugin;
    let table = plugins_database::database();
    let found = table.manifest().find("config/pg", Operation::Update).unwrap();
    let fields = table.manifest().routes[found.route]
        .operation(Operation::Update)
        .unwrap()
        .parameters();
    for name in [
        "plugin_name",
        "allowed_roles",
        "connection_url",
        "password",
        "username_template",
        "tls_ca",
    ] {
        assert!(fields.iter().any(|field| field.name == name), "{name}");
    }
}

/// The commands of many a guide, as they stand: without a user name.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_can_be_named_before_its_administrator() {
    let house = House::empty();
    let config = json!({
        "plugin_name": "postgresql-database-plugin",
        "allowed_roles": "api-role",
        "connection_url": "postgresql://{{username}}:{{password}}@postgres:5432/production",
    });
    let answer = house.write("config/postgres", config).await.unwrap();
    assert!(answer.warnings[0].contains("no username is configured"));
    let role = json!({
        "db_name": "postgres",
        "creation_statements": "CREATE ROLE \"{{name}}\" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO \"{{name}}\";",
        "default_ttl": "1h",
        "max_ttl": "24h",
    });
    house.write("roles/api-role", role).await.unwrap();
    let error = house.read("creds/api-role").await.err().unwrap();
    assert!(error.public().contains("no username is configured"), "{error}");
    let admin = json!({ "connection_url": house.url(house.pg.port), "username": house.pg.user, "password": house.pg.password });
    assert!(
        house
            .write("config/postgres", admin)
            .await
            .unwrap()
            .warnings
            .is_empty()
    );
    assert!(house.read("creds/api-role").await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_does_not_work_is_refused_and_not_kept() {
    let house = House::empty();
    for (change, said) in [
        (
            json!({ "password": "CANARY-wrong" }),
            "password authentication failed for user",
        ),
        (
            json!({ "username": "nobody_at_all" }),
            "user=nobody_at_all database=",
        ),
        (json!({ "connection_url": house.url(1) }), "127.0.0.1:1: "),
        (
            json!({ "connection_url": house.url(house.pg.port).replace(&house.pg.name, "no_such") }),
            "database \"no_such\" does not exist (SQLSTATE 3D000)",
        ),
        (
            json!({ "connection_url": house.url(house.pg.port).replace("disable", "require") }),
            "TLS",
        ),
        (
            json!({ "connection_url": house.url(house.pg.port).replace("disable", "verify-full") }),
            "TLS",
        ),
        (json!({ "connection_url": "nonsense" }), "invalid keyword/value"),
        (json!({ "plugin_name": "" }), "empty plugin name"),
        (
            json!({ "plugin_name": "mysql" }),
            "plugin not found in the catalog: mysql",
        ),
        (json!({ "verify_connection": "maybe" }), "verify_connection"),
    ] {
        let error = house
            .write("config/bad", house.config(&change))
            .await
            .err()
            .unwrap();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{change}: {error}");
        assert!(error.public().contains(said), "{change}: {error}");
        assert!(!error.to_string().contains("CANARY"), "{error}");
    }
    assert_eq!(house.store.latest(), 0);
    let unverified = house.config(&json!({ "verify_connection": false, "password": "CANARY-wrong" }));
    house.write("config/bad", unverified).await.unwrap();
    let error = house.write("reset/bad", json!({})).await.err().unwrap();
    assert!(
        error
            .public()
            .starts_with("error verifying connection: failed to connect"),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn encryption_is_preferred_where_nobody_says_otherwise() {
    let house = House::empty();
    for mode in ["?sslmode=prefer", "?sslmode=allow", ""] {
        let url = house.url(house.pg.port).replace("?sslmode=disable", mode);
        house
            .write("config/pg", house.config(&json!({ "connection_url": url })))
            .await
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_allowed_roles_make_logins() {
    let house = House::ready(&json!({})).await;
    house
        .write("config/pg", json!({ "allowed_roles": ["other", "a*x"] }))
        .await
        .unwrap();
    let error = house.read("creds/app").await.err().unwrap();
    assert_eq!(error.public(), "\"app\" is not an allowed role");
    house
        .write("config/pg", json!({ "allowed_roles": ["ap*"] }))
        .await
        .unwrap();
    let login = house.login().await;
    house.revoke(&login).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_cut_is_replaced() {
    let house = House::ready(&json!({})).await;
    let proxy = Proxy::to(house.pg.port).await.unwrap();
    house
        .write("config/pg", json!({ "connection_url": house.url(proxy.port) }))
        .await
        .unwrap();
    let first = house.login().await;
    proxy.down();
    assert!(house.read("creds/app").await.is_err());
    assert_eq!(
        house.store.count("intent"),
        0,
        "a database that is down costs no intent"
    );
    proxy.up();
    let second = house.login().await;
    house.revoke(&first).await.unwrap();
    house.revoke(&second).await.unwrap();
}
