//! Connections: where a database is, who administers it, which roles may use it.

use crate::dialer::Dialer;
use crate::engine::Database;
use crate::error::DatabaseError;
use crate::glob::matches;
use crate::input::{self, NameInput, Statements, Stored};
use crate::rotation::Rotation;
use crate::settings::{DetailsDocument, Settings};
use crate::target::masked;
use logical::field::{CommaList, Flag, Given, Text};
use logical::{Batch, Call, Cx, Done, Error, Fields, Key, Page, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The one kind of database that there is.
pub(crate) const PLUGIN: &str = "postgresql-database-plugin";

/// Our version, as Vault writes those of plugins that are part of the server.
const VERSION: &str = concat!("v", env!("CARGO_PKG_VERSION"), "+builtin");

/// Details that are never shown.
const HIDDEN: [&str; 3] = ["password", "private_key", "service_account_json"];

/// One may say where a database is before one says who administers it.
const NO_USERNAME: &str = "connection_url asks for {{username}}, and no username is configured: the connection was not verified, and makes no logins until username and password are written.";

const IN_URL: &str = "Password found in connection_url, use a templated url to enable root rotation and prevent read access to password information.";

/// A connection, as it is kept.
#[derive(Serialize, Deserialize)]
pub(crate) struct Config {
    /// Whatever was written besides: URL, user, password, pool. See `settings.rs`.
    #[serde(serialize_with = "write_fields", deserialize_with = "read_fields")]
    pub(crate) details: Fields,
    /// Names of roles, with stars.
    pub(crate) allowed_roles: Vec<String>,
    /// How the administrator's password is changed; empty is by `ALTER ROLE`.
    pub(crate) rotation_statements: Vec<String>,
    /// The policy that passwords follow; empty is the built-in one.
    pub(crate) password_policy: String,
}

/// Parameters of a connection. Other members are kept as details.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct ConfigInput {
    /// Which database it is: `postgresql-database-plugin`.
    #[serde(default)]
    plugin_name: Given<Text>,
    /// The plugin's version; only the one that is part of this server can be asked for.
    #[serde(default)]
    plugin_version: Option<Text>,
    /// Whether the connection is tried before it is stored. True if it is not said.
    #[serde(default)]
    verify_connection: Option<Flag>,
    /// Names of the roles that may make logins here; a star stands for any characters.
    #[serde(default)]
    allowed_roles: Given<CommaList>,
    /// Statements that change the administrator's password.
    #[serde(default)]
    root_rotation_statements: Given<Statements>,
    /// The password policy for logins and for the administrator.
    #[serde(default)]
    password_policy: Given<Text>,
}

/// All that a connection is configured with, for whoever documents it.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct ConfigDocument {
    #[schemars(flatten)]
    parameters: ConfigInput,
    #[schemars(flatten)]
    details: DetailsDocument,
}

/// Members that are no details.
const PARAMETERS: [&str; 7] = [
    "name",
    "plugin_name",
    "plugin_version",
    "verify_connection",
    "allowed_roles",
    "root_rotation_statements",
    "password_policy",
];

impl Config {
    /// Finds a connection.
    pub(crate) async fn find(cx: &Cx, name: &str) -> Result<Option<Stored<Self>>> {
        input::find(cx, &key(name)).await
    }

    /// Adds the connection to a batch.
    pub(crate) fn put(&self, batch: &mut Batch, name: &str) -> Result<()> {
        batch.put_json(key(name), self).map(drop)
    }

    /// What the details mean.
    pub(crate) fn settings(&self) -> Result<Settings, DatabaseError> {
        Settings::read(&self.details)
    }

    /// Refuses a role that may not make logins here.
    pub(crate) fn allow(&self, role: &str) -> Result<(), DatabaseError> {
        if self.allowed_roles.iter().any(|pattern| matches(pattern, role)) {
            Ok(())
        } else {
            Err(DatabaseError::NotAllowed(role.to_owned()))
        }
    }

    fn empty() -> Self {
        Self {
            details: Fields::new(),
            allowed_roles: Vec::new(),
            rotation_statements: Vec::new(),
            password_policy: String::new(),
        }
    }

    /// The details, as they may be shown.
    fn shown(&self) -> Map<String, Value> {
        let mut shown = self.details.expose().clone();
        shown.retain(|name, _| !HIDDEN.contains(&name.as_str()));
        if let Some(url) = self.details.text("connection_url").and_then(masked) {
            shown.insert("connection_url".to_owned(), url.into());
        }
        shown
    }
}

/// The place of a connection, seen by rotation and recovery too.
pub(crate) fn key(name: &str) -> Key {
    Key::of("config").name(name)
}

pub(crate) async fn exists(cx: &Cx, name: &str) -> Result<bool> {
    Ok(cx.storage.get(&key(name)).await?.is_some())
}

pub(crate) async fn list(cx: Cx) -> Result<Done> {
    Ok(Done::keys(
        cx.storage.list(&Key::of("config"), &Page::all()).await?,
    ))
}

pub(crate) async fn read(cx: Cx, input: NameInput) -> Result<Done> {
    let found = Config::find(&cx, input.name.as_str()).await?;
    let config = found.ok_or_else(Error::not_found)?.record;
    Ok(Done::data(json!({
        "plugin_name": PLUGIN,
        "plugin_version": VERSION,
        "connection_details": config.shown(),
        "allowed_roles": config.allowed_roles,
        "root_credentials_rotate_statements": config.rotation_statements,
        "password_policy": config.password_policy,
    })))
}

pub(crate) async fn write(database: Arc<Database>, cx: Cx, call: Call) -> Result<Done> {
    let name = call.captures.get("name").to_owned();
    let members = call.data.take().into_iter();
    let (parameters, details): (Map<String, Value>, Map<String, Value>) =
        members.partition(|(name, _)| PARAMETERS.contains(&name.as_str()));
    let input: ConfigInput = input::read(parameters)?;

    let found = Config::find(&cx, &name).await?;
    let revision = found.as_ref().map(|found| found.revision);
    check_plugin(&input.plugin_name, input.plugin_version.as_ref(), found.is_some())?;
    let verifies = input.verify_connection.is_none_or(|flag| flag.0);
    let brings_password = details.contains_key("password");
    let config = changed(found, input, details);
    let settings = config.settings().map_err(DatabaseError::creating)?;
    let lacks_username = settings.lacks_username();
    if verifies && !lacks_username {
        let pending = Rotation::find(&cx, &name).await?.filter(|_| !brings_password);
        let replaced_by = pending.map(|rotation| rotation.record.password());
        try_out(&settings, replaced_by.as_ref())
            .await
            .map_err(DatabaseError::creating)?;
    }

    let mut batch = Batch::new();
    batch.expect(key(&name), revision);
    config.put(&mut batch, &name)?;
    if brings_password {
        batch.delete(Rotation::key(&name));
    }
    let has_password = config.details.text("connection_url").and_then(masked).is_some();
    let mut done = Done::empty().commit(batch).then(move || database.forget(&name));
    done.warnings.extend(has_password.then(|| IN_URL.to_owned()));
    done.warnings
        .extend(lacks_username.then(|| NO_USERNAME.to_owned()));
    Ok(done)
}

pub(crate) async fn delete(database: Arc<Database>, input: NameInput) -> Result<Done> {
    let name = input.name.into_string();
    let mut batch = Batch::new();
    batch.delete(key(&name)).delete(Rotation::key(&name));
    Ok(Done::empty().commit(batch).then(move || database.forget(&name)))
}

fn check_plugin(plugin: &Given<Text>, version: Option<&Text>, is_known: bool) -> Result<(), DatabaseError> {
    let plugin = match plugin {
        Given::Absent if is_known => PLUGIN,
        Given::Absent | Given::Null => "",
        Given::Value(plugin) => plugin.as_str(),
    };
    let version = version.map_or("", Text::as_str);
    let refused = match (plugin, version) {
        ("", _) => "empty plugin name".to_owned(),
        (PLUGIN, "" | VERSION) => return Ok(()),
        (PLUGIN, version) => format!("plugin not found in the catalog: {PLUGIN}, version={version}"),
        (other, _) => format!("plugin not found in the catalog: {other}"),
    };
    Err(DatabaseError::Invalid(refused))
}

/// The connection with what was sent put in the place of what was there.
fn changed(found: Option<Stored<Config>>, input: ConfigInput, details: Map<String, Value>) -> Config {
    let mut config = found.map_or_else(Config::empty, |found| found.record);
    for (name, value) in details {
        config.details.insert(name, value);
    }
    if let Some(CommaList(roles)) = input.allowed_roles.or_cleared(CommaList::default()) {
        config.allowed_roles = roles;
    }
    if let Some(Statements(statements)) = input.root_rotation_statements.or_cleared(Statements::default()) {
        config.rotation_statements = statements;
    }
    if let Some(policy) = input.password_policy.or_cleared(Text::default()) {
        config.password_policy = policy.into_string();
    }
    config
}

async fn try_out(
    settings: &Settings,
    replaced_by: Option<&logical::secret::SecretText>,
) -> Result<(), DatabaseError> {
    let dialer = Dialer::new(settings, replaced_by).await?;
    dialer.verify().await.map_err(DatabaseError::verifying)
}

fn write_fields<S: Serializer>(fields: &Fields, serializer: S) -> Result<S::Ok, S::Error> {
    fields.expose().serialize(serializer)
}

fn read_fields<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fields, D::Error> {
    Map::deserialize(deserializer).map(Fields::from)
}
