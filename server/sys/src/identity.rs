//! `identity/*`: what there is of it for now.

use logical::field::Text;
use logical::{Access, Done, Error, Operation, Result, Table};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::Sys;

#[derive(Deserialize, JsonSchema)]
struct EntityId {
    /// The entity's id.
    #[serde(default)]
    id: Text,
}

pub(crate) fn routes(table: Table<Sys>) -> Table<Sys> {
    table.route("entity/id/{id}", Access::Token, |r| {
        r.on(
            Operation::Read,
            "Read an entity.",
            |sys, _, input: EntityId| async move { read(&sys, &input).await },
        );
    })
}

async fn read(sys: &Sys, input: &EntityId) -> Result<Done> {
    let entity = server_identity::find(sys.house.store.as_ref(), input.id.as_str()).await?;
    let entity = entity.ok_or_else(Error::not_found)?;
    Ok(Done::data(json!({
        "id": entity.id,
        "name": entity.name,
        "metadata": entity.metadata,
        "policies": entity.policies,
        "disabled": entity.disabled,
    })))
}
