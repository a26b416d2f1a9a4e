//! What is known of who asks.

use logical::Entity;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is known of who asks, for paths that name it. A token without an entity has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The entity behind the token.
    pub entity: Option<Arc<Entity>>,
    /// The entity's aliases, by the accessor of the mount that each belongs to.
    pub aliases: BTreeMap<String, AliasFacts>,
    /// The groups that the entity is in, directly or by way of another group.
    pub groups: Vec<GroupFacts>,
}

/// An alias, as paths may name it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AliasFacts {
    /// Its id.
    pub id: String,
    /// Its name within the mount.
    pub name: String,
    /// What the login said.
    pub metadata: BTreeMap<String, String>,
    /// What operators noted.
    pub custom_metadata: BTreeMap<String, String>,
}

/// A group, as paths may name it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupFacts {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What operators noted about it.
    pub metadata: BTreeMap<String, String>,
}

impl Facts {
    /// The value of a name such as `identity.entity.name`: the one place that says which names there are.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        let name = name.strip_prefix("identity.")?;
        if let Some(name) = name.strip_prefix("groups.") {
            return self.group_value(name);
        }
        let name = name.strip_prefix("entity.")?;
        if let Some(name) = name.strip_prefix("aliases.") {
            let (accessor, name) = name.split_once('.')?;
            return self.aliases.get(accessor)?.value(name);
        }
        let entity = self.entity.as_deref()?;
        match name {
            "id" => Some(&entity.id),
            "name" => Some(&entity.name),
            _ => noted(&entity.metadata, name.strip_prefix("metadata.")?),
        }
    }

    fn group_value(&self, name: &str) -> Option<&str> {
        let (by, name) = name.split_once('.')?;
        let (wanted, name) = name.split_once('.')?;
        let is_it = |group: &&GroupFacts| match by {
            "ids" => group.id == wanted,
            "names" => group.name == wanted,
            _ => false,
        };
        let group = self.groups.iter().find(is_it)?;
        match name {
            "id" => Some(&group.id),
            "name" => Some(&group.name),
            _ => noted(&group.metadata, name.strip_prefix("metadata.")?),
        }
    }
}

impl AliasFacts {
    fn value(&self, name: &str) -> Option<&str> {
        match name {
            "id" => Some(&self.id),
            "name" => Some(&self.name),
            _ => match name.strip_prefix("metadata.") {
                Some(key) => noted(&self.metadata, key),
                None => noted(&self.custom_metadata, name.strip_prefix("custom_metadata.")?),
            },
        }
    }
}

fn noted<'a>(metadata: &'a BTreeMap<String, String>, key: &str) -> Option<&'a str> {
    metadata.get(key).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notes(key: &str, value: &str) -> BTreeMap<String, String> {
        [(key.to_owned(), value.to_owned())].into()
    }

    fn ann() -> Facts {
        let entity = Entity {
            id: "e-1".to_owned(),
            name: "ann".to_owned(),
            metadata: notes("team", "red"),
            ..Entity::default()
        };
        let alias = AliasFacts {
            id: "a-1".to_owned(),
            name: "ann@x".to_owned(),
            metadata: notes("ns", "prod"),
            custom_metadata: notes("desk", "d-1"),
        };
        let crew = GroupFacts {
            id: "g-1".to_owned(),
            name: "crew".to_owned(),
            metadata: notes("room", "r-1"),
        };
        Facts {
            entity: Some(Arc::new(entity)),
            aliases: [("userpass_1".to_owned(), alias)].into(),
            groups: vec![crew],
        }
    }

    fn check(name: &str, expected: Option<&str>) {
        assert_eq!(ann().value(name), expected, "{name}");
    }

    #[test]
    fn every_fact_has_a_name() {
        check("identity.entity.id", Some("e-1"));
        check("identity.entity.name", Some("ann"));
        check("identity.entity.metadata.team", Some("red"));
        check("identity.entity.aliases.userpass_1.id", Some("a-1"));
        check("identity.entity.aliases.userpass_1.name", Some("ann@x"));
        check("identity.entity.aliases.userpass_1.metadata.ns", Some("prod"));
        check(
            "identity.entity.aliases.userpass_1.custom_metadata.desk",
            Some("d-1"),
        );
        check("identity.groups.names.crew.id", Some("g-1"));
        check("identity.groups.names.crew.metadata.room", Some("r-1"));
        check("identity.groups.ids.g-1.name", Some("crew"));
    }

    #[test]
    fn other_names_have_no_value() {
        for name in [
            "",
            "identity",
            "identity.entity",
            "identity.entity.nothing",
            "identity.entity.metadata",
            "identity.entity.metadata.none",
            "identity.entity.aliases.none.name",
            "identity.entity.aliases.userpass_1",
            "identity.entity.aliases.userpass_1.nothing",
            "identity.entity.groups.names",
            "identity.groups.names",
            "identity.groups.names.none.name",
            "identity.groups.other.crew.name",
            "Identity.Entity.Name",
            ".identity.entity.name",
            "entity.name",
        ] {
            check(name, None);
        }
    }

    #[test]
    fn a_token_without_an_entity_has_no_facts() {
        assert_eq!(Facts::default().value("identity.entity.name"), None);
    }
}
