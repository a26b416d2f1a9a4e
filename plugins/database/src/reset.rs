//! Letting go of sessions, so that new ones are opened.

use crate::config::PLUGIN;
use crate::engine::Database;
use crate::error::DatabaseError;
use crate::input::NameInput;
use logical::field::Text;
use logical::{Cx, Done, Error, Key, Page, Result};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

/// A plugin in the path.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct PluginInput {
    /// The plugin's name: `postgresql-database-plugin`.
    plugin: Text,
}

/// Answers `reset/{name}`.
pub(crate) async fn reset(database: Arc<Database>, cx: Cx, input: NameInput) -> Result<Done> {
    database.forget(input.name.as_str());
    let (_, connection) = database.connection(&cx, input.name.as_str()).await?;
    connection.verify().await.map_err(DatabaseError::verifying)?;
    Ok(Done::empty())
}

/// Answers `reload/{plugin}`: lets go of the sessions of all connections, and names these.
pub(crate) async fn reload(database: Arc<Database>, cx: Cx, input: PluginInput) -> Result<Done> {
    if input.plugin.as_str() != PLUGIN {
        return Err(Error::invalid(format!(
            "no plugin is called {:?}",
            input.plugin.as_str()
        )));
    }
    let connections = cx.storage.list(&Key::of("config"), &Page::all()).await?;
    connections.iter().for_each(|name| database.forget(name));
    Ok(Done::data(
        json!({ "count": connections.len(), "connections": connections }),
    ))
}
