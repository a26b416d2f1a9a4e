//! `cargo xtask demo`: the main job as a story, on real parts, with every command and what it printed.

mod cluster;
mod stage;

use std::fs;

use anyhow::{Context, Result};
use harness::kubelab::Kubelab;
use harness::postgres::{Database, Postgres};
use serde_json::Value;

use self::cluster::Cluster;
pub(crate) use self::stage::Stage;
use crate::workspace;

const POLICY: &str = r#"path "secret/data/api-service/*" { capabilities = ["read"] }
path "database/creds/api-role"      { capabilities = ["read"] }
"#;

const CREATION: &str = "CREATE ROLE \"{{name}}\" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'; \
     GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO \"{{name}}\";";

/// Plays the story. `--server PROGRAM` plays it with a program that is built already.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let program = match arguments {
        [flag, program] if flag == "--server" => program.into(),
        [] => workspace::build_program()?,
        _ => anyhow::bail!("demo takes nothing, or --server PROGRAM"),
    };
    let postgres = Postgres::start()?;
    let kubelab = Kubelab::start()?;
    let database = postgres.database()?;
    database.query("CREATE TABLE orders (id int); INSERT INTO orders VALUES (7)")?;
    let cluster = Cluster::new(&kubelab)?;
    cluster.prepare()?;
    let mut stage = Stage::open(&program)?;
    open(&mut stage)?;
    set_up(&mut stage, &cluster, &database)?;
    be_the_pod(&mut stage, &cluster, &database)?;
    show_the_log(&stage)
}

/// The operator initialises and unseals.
fn open(stage: &mut Stage) -> Result<()> {
    stage.tell("An operator initialises the server and unseals it");
    let keys = stage.json("operator init -key-shares=1 -key-threshold=1 -format=json")?;
    let share = text(&keys, "/unseal_keys_b64/0")?;
    stage.become_(text(&keys, "/root_token")?);
    stage.run(&["operator", "unseal", &share])
}

/// The operator mounts what the pod needs, and says what it may.
fn set_up(stage: &mut Stage, cluster: &Cluster<'_>, database: &Database) -> Result<()> {
    stage.tell("The operator sets up the secret, the database and the login");
    stage.run(&["secrets", "enable", "-path=secret", "-version=2", "kv"])?;
    stage.run(&[
        "kv",
        "put",
        "-mount=secret",
        "api-service/config",
        "api_key=k-123",
    ])?;
    stage.run(&["secrets", "enable", "database"])?;
    let url = database.url_of("{{username}}", "{{password}}");
    stage.run(&[
        "write",
        "database/config/postgres",
        "plugin_name=postgresql-database-plugin",
        "allowed_roles=api-role",
        &format!("connection_url={url}"),
        &format!("username={}", database.user),
        &format!("password={}", database.password),
    ])?;
    stage.run(&[
        "write",
        "database/roles/api-role",
        "db_name=postgres",
        &format!("creation_statements={CREATION}"),
        "default_ttl=1h",
        "max_ttl=24h",
    ])?;
    let policy = stage.file("api-service.hcl", POLICY)?;
    stage.run(&["policy", "write", "api-service", &policy])?;
    stage.run(&["auth", "enable", "kubernetes"])?;
    let authority = stage.file("ca.crt", &cluster.authority()?)?;
    stage.run(&[
        "write",
        "auth/kubernetes/config",
        &format!("kubernetes_host={}", cluster.address),
        &format!("kubernetes_ca_cert=@{authority}"),
        &format!("token_reviewer_jwt={}", cluster.reviewer()?),
        "disable_local_ca_jwt=true",
    ])?;
    stage.run(&[
        "write",
        "auth/kubernetes/role/api-service",
        "bound_service_account_names=api-service",
        "bound_service_account_namespaces=default",
        "policies=api-service",
        "ttl=1h",
    ])
}

/// The pod logs in, reads, gets a login, uses it; the operator takes it away.
fn be_the_pod(stage: &mut Stage, cluster: &Cluster<'_>, database: &Database) -> Result<()> {
    stage.tell("A pod logs in with its service account");
    let operator = stage.token();
    let jwt = cluster.pod_token()?;
    stage.become_(String::new()); // Whoever logs in has no token yet.
    let login = stage.json_of(&[
        "write",
        "-format=json",
        "auth/kubernetes/login",
        "role=api-service",
        &format!("jwt={jwt}"),
    ])?;
    stage.become_(text(&login, "/auth/client_token")?);
    stage.tell("It reads its secret, and gets a database login of its own for one hour");
    stage.run(&["kv", "get", "-mount=secret", "api-service/config"])?;
    let credential = stage.json("read -format=json database/creds/api-role")?;
    let (user, password) = (
        text(&credential, "/data/username")?,
        text(&credential, "/data/password")?,
    );
    let lease = text(&credential, "/lease_id")?;
    let url = database.url_of(&user, &password);
    stage.query("the orders, read with the login", &url);
    stage.tell("The operator revokes the lease; the login is gone at once");
    stage.become_(operator);
    stage.run(&["lease", "revoke", &lease])?;
    stage.query("the orders, asked for once more", &url);
    let left = database.has_role(&user)?;
    println!("roles named {user} in PostgreSQL: {}\n", u8::from(left));
    Ok(())
}

/// The lines of the steps that the story tells, short enough to read.
fn show_the_log(stage: &Stage) -> Result<()> {
    stage.tell("Every step stands in the audit log");
    let log = fs::read_to_string(stage.log()).context("read the audit log")?;
    for line in log.lines() {
        let entry: Value = serde_json::from_str(line).context("read an audit entry")?;
        let at = |place: &str| entry.pointer(place).and_then(Value::as_str).unwrap_or("-");
        println!(
            "{} {:8} {:6} {:38} {}",
            at("/time").get(11..19).unwrap_or_default(),
            at("/type"),
            at("/request/operation"),
            at("/request/path").chars().take(38).collect::<String>(),
            at("/auth/display_name"),
        );
    }
    Ok(())
}

fn text(answer: &Value, place: &str) -> Result<String> {
    let found = answer.pointer(place).and_then(Value::as_str);
    Ok(found
        .with_context(|| format!("the answer has no {place}"))?
        .to_owned())
}
