//! A mount in memory.

use logical::{MountFacts, Mounted};
use std::sync::Arc;

use crate::MountEntry;

/// A mount that answers requests.
pub struct Mount {
    /// Its row.
    pub entry: MountEntry,
    /// What its plugin and the audit log see of it.
    pub facts: Arc<MountFacts>,
    /// The plugin.
    pub mounted: Mounted,
}
