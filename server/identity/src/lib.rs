//! Entities and aliases: who stands behind a login.
//!
//! A login that proves who it was finds its alias, and through it its entity, or makes both. One row each, no buckets.
//! Groups, merges and whatever else belongs to identity join here later.

use logical::{Alias, Batch, Entity, Key, Page, Random, Result, Storage, Time, random_uuid};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The number of the root namespace, the only one for now.
const ROOT_NAMESPACE: u64 = 0;

/// A login's name at one auth mount, and the entity that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AliasRecord {
    /// A UUID that clients see.
    pub id: String,
    /// The entity that it belongs to.
    pub entity_id: String,
    /// As the login spelled it; names that differ in case only are one alias.
    pub name: String,
    /// The accessor of the auth mount.
    pub mount_accessor: String,
    /// What the method said at the last login.
    pub metadata: BTreeMap<String, String>,
    /// When it was made.
    pub created: Time,
}

/// Who is behind a login: found, or made by this batch.
pub struct Behind {
    /// The entity.
    pub entity: Arc<Entity>,
    /// What must be durable for it to exist.
    pub batch: Batch,
    /// Whether it is met for the first time.
    pub created: bool,
}

/// Finds the entity behind an alias of a mount, or makes both.
///
/// The batch expects what was found, so that of two first logins at once one makes the entity and the other finds it.
pub async fn behind(
    storage: &dyn Storage,
    mount_accessor: &str,
    alias: &Alias,
    now: Time,
    random: &dyn Random,
) -> Result<Behind> {
    let key = alias_key(mount_accessor, &alias.name);
    let mut batch = Batch::new();
    if let Some(row) = storage.get(&key).await? {
        let record: AliasRecord = row.json()?;
        if let Some(entity) = find(storage, &record.entity_id).await? {
            if record.metadata != alias.metadata {
                let record = AliasRecord {
                    metadata: alias.metadata.clone(),
                    ..record
                };
                batch
                    .expect(key.clone(), Some(row.revision))
                    .put_json(key, &record)?;
            }
            return Ok(Behind {
                entity: Arc::new(entity),
                batch,
                created: false,
            });
        }
        batch.expect(key.clone(), Some(row.revision));
    } else {
        batch.expect(key.clone(), None);
    }
    let id = random_uuid(random);
    let name = format!("entity_{}", id.split('-').next().unwrap_or_default());
    let entity = Entity {
        id: id.clone(),
        name,
        ..Entity::default()
    };
    let record = AliasRecord {
        id: random_uuid(random),
        entity_id: id,
        name: alias.name.clone(),
        mount_accessor: mount_accessor.to_owned(),
        metadata: alias.metadata.clone(),
        created: now,
    };
    batch
        .put_json(entity_key(&entity.id), &entity)?
        .put_json(key, &record)?;
    Ok(Behind {
        entity: Arc::new(entity),
        batch,
        created: true,
    })
}

/// The entity with an id.
pub async fn find(storage: &dyn Storage, id: &str) -> Result<Option<Entity>> {
    storage
        .get(&entity_key(id))
        .await?
        .map(|row| row.json())
        .transpose()
}

/// How many entities there are.
pub async fn count(storage: &dyn Storage) -> Result<usize> {
    let rows = Key::of("entity").number(ROOT_NAMESPACE);
    Ok(storage.list(&rows, &Page::all()).await?.len())
}

fn entity_key(id: &str) -> Key {
    Key::of("entity").number(ROOT_NAMESPACE).name(id)
}

fn alias_key(mount_accessor: &str, name: &str) -> Key {
    Key::of("alias")
        .number(ROOT_NAMESPACE)
        .name(mount_accessor)
        .name(name.to_lowercase())
}
