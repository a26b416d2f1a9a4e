//! The room: every mount, in memory, as the rows say.

use arc_swap::ArcSwap;
use logical::{Id, Result, Row, Span, Storage};
use std::sync::Arc;
use std::time::Duration;

use crate::router::Router;
use crate::{Factories, Mount, MountEntry};

/// The system's times, which mounts inherit.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The life of a credential that asks for none.
    pub default_lease_ttl: Duration,
    /// The longest life of a credential.
    pub max_lease_ttl: Duration,
}

impl Default for Limits {
    /// 32 days, as in Vault.
    fn default() -> Self {
        let days = Duration::from_secs(32 * 24 * 3600);
        Self {
            default_lease_ttl: days,
            max_lease_ttl: days,
        }
    }
}

/// Every mount.
pub struct Mounts {
    router: Arc<ArcSwap<Router>>,
    factories: Arc<Factories>,
    limits: Limits,
}

impl Mounts {
    /// A room without mounts: nothing is answered before [`Mounts::load`].
    pub fn new(factories: Arc<Factories>, limits: Limits) -> Self {
        Self {
            router: Arc::default(),
            factories,
            limits,
        }
    }

    /// Reads all rows, after unsealing. A row that does not open, or whose plugin cannot be built, fails the whole:
    /// a server that answered 404 for a mount it cannot read would look as if the secrets were gone.
    pub async fn load(&self, storage: &dyn Storage) -> Result<()> {
        let rows: Vec<Row> = storage
            .range(&Span::under(MountEntry::rows()), usize::MAX)
            .await?;
        let mut router = Router::default();
        for row in rows {
            router = router.with(Arc::new(self.build(row.record.json()?)?));
        }
        self.router.store(Arc::new(router));
        Ok(())
    }

    /// Forgets all mounts, at sealing.
    pub fn clear(&self) {
        self.router.store(Arc::default());
    }

    /// The mount that a request's path leads to.
    pub fn find(&self, path: &str) -> Option<Arc<Mount>> {
        self.router.load().find(path).cloned()
    }

    /// The mount at exactly this path, which ends in a slash.
    pub fn at(&self, path: &str) -> Option<Arc<Mount>> {
        self.router.load().at(path).cloned()
    }

    /// The mount whose data has this id.
    pub fn by_id(&self, id: Id) -> Option<Arc<Mount>> {
        self.router.load().by_id(id).cloned()
    }

    /// The mount with this accessor.
    pub fn by_accessor(&self, accessor: &str) -> Option<Arc<Mount>> {
        self.router.load().by_accessor(accessor).cloned()
    }

    /// Every mount, sorted by path.
    pub fn all(&self) -> Vec<Arc<Mount>> {
        self.router.load().all()
    }

    /// The path of a mount that is equal to a new one, above it or below it.
    pub fn conflict(&self, path: &str) -> Option<String> {
        self.router.load().conflict(path)
    }

    /// What can be mounted.
    pub fn factories(&self) -> &Factories {
        &self.factories
    }

    /// The system's times.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// A mount in memory for a row; not routed to yet.
    pub(crate) fn build(&self, entry: MountEntry) -> Result<Mount> {
        let options = entry.options.clone().unwrap_or_default();
        let mounted = self.factories.build(entry.table, &entry.kind, &options)?;
        Ok(Mount {
            facts: Arc::new(entry.facts(&self.limits)),
            mounted,
            entry,
        })
    }

    pub(crate) fn router(&self) -> Arc<ArcSwap<Router>> {
        Arc::clone(&self.router)
    }
}
