//! Which plugins can be mounted. The wiring fills this; the room only asks it.

use logical::{Error, Mounted, Result};
use parking_lot::RwLock;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::TableKind;

/// Builds what is mounted, for a mount with these options.
pub type Factory = Arc<dyn Fn(&BTreeMap<String, String>) -> Result<Mounted> + Send + Sync>;

/// Every plugin type, by table and name.
#[derive(Default)]
pub struct Factories(RwLock<BTreeMap<(bool, String), Factory>>);

impl Factories {
    /// Makes a type mountable.
    pub fn register(&self, table: TableKind, kind: &str, factory: Factory) {
        self.0
            .write()
            .insert((table == TableKind::Auth, kind.to_owned()), factory);
    }

    /// The names of a table's types, sorted.
    pub fn kinds(&self, table: TableKind) -> Vec<String> {
        let auth = table == TableKind::Auth;
        self.0
            .read()
            .keys()
            .filter(|(of, _)| *of == auth)
            .map(|(_, kind)| kind.clone())
            .collect()
    }

    /// Whether there is such a type.
    pub fn has(&self, table: TableKind, kind: &str) -> bool {
        self.0
            .read()
            .contains_key(&(table == TableKind::Auth, kind.to_owned()))
    }

    /// Builds a plugin.
    pub(crate) fn build(
        &self,
        table: TableKind,
        kind: &str,
        options: &BTreeMap<String, String>,
    ) -> Result<Mounted> {
        let factory = self
            .0
            .read()
            .get(&(table == TableKind::Auth, kind.to_owned()))
            .cloned();
        match factory {
            Some(factory) => factory(options),
            // Vault's text, which clients match on.
            None => Err(Error::invalid(format!(
                "plugin not found in the catalog: {kind}; there are: {}",
                self.kinds(table).join(", ")
            ))),
        }
    }
}
