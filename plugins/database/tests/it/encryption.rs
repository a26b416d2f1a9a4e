//! Encrypted connections: whom the server has to prove to be.
//!
//! The certificate in `tls/` is for `localhost`; the authority that signed it has thrown its key away.

use crate::house::House;
use harness::postgres::{Postgres, query};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const AUTHORITY: &str = include_str!("tls/authority.pem");
const CERTIFICATE: &str = include_str!("tls/server.pem");
const KEY: &str = include_str!("tls/server.key");

/// A server that encrypts, and nobody else's.
fn encrypting() -> Postgres {
    let postgres = Postgres::start().unwrap();
    for (name, pem) in [("server.crt", CERTIFICATE), ("server.key", KEY)] {
        let lines = format!("SELECT unnest(string_to_array('{}', E'\\n'))", pem.trim());
        let save = format!("COPY ({lines}) TO PROGRAM 'umask 077; cat > {name}'");
        query(&postgres.url(), &save).unwrap();
    }
    query(&postgres.url(), "ALTER SYSTEM SET ssl = on").unwrap();
    query(&postgres.url(), "SELECT pg_reload_conf()").unwrap();
    let encrypted = format!("{}?sslmode=require", postgres.url());
    let patience = Instant::now() + Duration::from_secs(30);
    while query(&encrypted, "SELECT 1").is_err() {
        assert!(Instant::now() < patience, "PostgreSQL does not encrypt");
    }
    postgres
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_proves_who_it_is_where_that_is_asked_for() {
    let postgres = encrypting();
    let house = House::empty();
    let check = async |host: &str, mode: &str, authority: &str| {
        let address = postgres.address().replace("127.0.0.1", host);
        let (_, password) = postgres
            .url()
            .split_once("//postgres:")
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .unwrap();
        let (password, _) = password.split_once('@').unwrap();
        let config: Value = json!({
            "plugin_name": "postgresql-database-plugin",
            "connection_url": format!("postgresql://{{{{username}}}}:{{{{password}}}}@{address}/postgres?sslmode={mode}"),
            "username": "postgres",
            "password": password,
            "tls_ca": authority,
        });
        house
            .write("config/pg", config)
            .await
            .map(drop)
            .map_err(|error| error.to_string())
    };
    for (host, mode, authority) in [
        ("127.0.0.1", "disable", ""),
        ("127.0.0.1", "prefer", ""),
        ("127.0.0.1", "require", ""),
        ("127.0.0.1", "require", AUTHORITY),
        ("127.0.0.1", "verify-ca", AUTHORITY),
        ("localhost", "verify-full", AUTHORITY),
    ] {
        assert_eq!(check(host, mode, authority).await, Ok(()), "{host} {mode}");
    }
    for (host, mode, authority, said) in [
        ("127.0.0.1", "verify-full", AUTHORITY, "not valid for name"),
        ("localhost", "verify-full", "", "UnknownIssuer"),
        ("127.0.0.1", "verify-ca", "", "UnknownIssuer"),
        ("localhost", "verify-full", "CANARY", "no data found in PEM block"),
    ] {
        let error = check(host, mode, authority).await.unwrap_err();
        assert!(error.contains(said), "{host} {mode}: {error}");
        assert!(!error.contains("CANARY"), "{error}");
    }
}
