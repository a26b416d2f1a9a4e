//! A database that the server makes logins in.

use harness::http::Caller;
use harness::postgres::Database;
use harness::server::accepted;
use serde_json::json;

/// Mounts the database engine, with a role that is named like the test's tag and makes logins for `ttl`.
pub(crate) fn connect(root: &mut Caller, database: &Database, ttl: &str) {
    let tag = &database.tag;
    let url = database.url_of("{{username}}", "{{password}}");
    let connection = json!({
        "plugin_name": "postgresql-database-plugin",
        "allowed_roles": "*",
        "connection_url": url,
        "username": database.user,
        "password": database.password,
    });
    let role = json!({
        "db_name": "main",
        "default_ttl": ttl,
        "max_ttl": "24h",
        "creation_statements":
            "CREATE ROLE \"{{name}}\" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}';",
    });
    for (path, body) in [
        ("sys/mounts/database".to_owned(), json!({ "type": "database" })),
        ("database/config/main".to_owned(), connection),
        (format!("database/roles/{tag}"), role),
    ] {
        accepted(root.post(&path, &body)).unwrap();
    }
}

/// The logins that are there. Roles belong to the whole PostgreSQL, so their names tell whose they are.
pub(crate) fn logins(database: &Database) -> Vec<String> {
    let sql = format!(
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'v-%-{}-%'",
        database.tag
    );
    let rows = database.query(&sql).unwrap();
    rows.into_iter().flatten().collect()
}

/// How many sessions run under logins that are there no more.
pub(crate) fn orphaned_sessions(database: &Database) -> usize {
    let sql = "SELECT pid FROM pg_stat_activity a WHERE usesysid IS NOT NULL AND datname = current_database() \
               AND NOT EXISTS (SELECT FROM pg_roles r WHERE r.oid = a.usesysid)";
    database.query(sql).unwrap().len()
}
