//! From a path to its mount. No mount lies below another, so at most one fits.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::Mount;
use logical::Id;

/// All mounts, by path. Never changed: a change makes a new one.
#[derive(Clone, Default)]
pub(crate) struct Router {
    by_path: HashMap<String, Arc<Mount>>,
}

impl Router {
    /// The mount whose path begins a request's path. `secret` alone means `secret/`, as in Vault.
    pub(crate) fn find(&self, path: &str) -> Option<&Arc<Mount>> {
        let folders = path
            .match_indices('/')
            .filter_map(|(slash, _)| path.get(..=slash));
        let found = folders.filter_map(|folder| self.by_path.get(folder)).next();
        found.or_else(|| {
            if path.ends_with('/') {
                None
            } else {
                self.by_path.get(&format!("{path}/"))
            }
        })
    }

    pub(crate) fn at(&self, path: &str) -> Option<&Arc<Mount>> {
        self.by_path.get(path)
    }

    pub(crate) fn by_id(&self, id: Id) -> Option<&Arc<Mount>> {
        self.by_path.values().find(|mount| mount.entry.id == id)
    }

    pub(crate) fn by_accessor(&self, accessor: &str) -> Option<&Arc<Mount>> {
        self.by_path
            .values()
            .find(|mount| mount.entry.accessor == accessor)
    }

    /// The path of a mount that is equal to a new one, above it or below it.
    pub(crate) fn conflict(&self, path: &str) -> Option<String> {
        let above = path
            .match_indices('/')
            .filter_map(|(slash, _)| path.get(..=slash));
        let above = above
            .filter_map(|folder| self.by_path.get_key_value(folder))
            .map(|(taken, _)| taken)
            .next();
        above
            .or_else(|| self.by_path.keys().find(|taken| taken.starts_with(path)))
            .cloned()
    }

    pub(crate) fn with(&self, mount: Arc<Mount>) -> Self {
        let mut next = self.clone();
        next.by_path.retain(|_, other| other.entry.id != mount.entry.id);
        next.by_path.insert(mount.entry.path.clone(), mount);
        next
    }

    pub(crate) fn without(&self, id: Id) -> Self {
        let mut next = self.clone();
        next.by_path.retain(|_, mount| mount.entry.id != id);
        next
    }

    /// Every mount, sorted by path.
    pub(crate) fn all(&self) -> Vec<Arc<Mount>> {
        let sorted: BTreeMap<&String, &Arc<Mount>> = self.by_path.iter().collect();
        sorted.into_values().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MountEntry, TableKind};
    use logical::{Mounted, Operation, Random, Table, Time};

    struct Zeros;

    impl Random for Zeros {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    fn router(paths: &[&str]) -> Router {
        paths
            .iter()
            .zip(1..)
            .fold(Router::default(), |router, (path, ms)| {
                let now = Time::from_millisecond(ms).unwrap();
                let entry = MountEntry::new(TableKind::Secrets, path, "kv", now, &Zeros);
                let table = Table::new((), "kv", "Test.");
                let mounted = Mounted::Secrets(Arc::new(table));
                let facts = Arc::new(entry.facts(&crate::Limits::default()));
                assert!(mounted.plugin().manifest().find("a", Operation::Read).is_none());
                router.with(Arc::new(Mount {
                    entry,
                    facts,
                    mounted,
                }))
            })
    }

    #[test]
    fn a_path_leads_to_the_mount_that_begins_it() {
        let router = router(&["secret/", "a/b/", "auth/kubernetes/"]);
        let check = |path: &str, found: Option<&str>| {
            assert_eq!(router.find(path).map(|m| m.entry.path.as_str()), found, "{path}");
        };
        check("secret/data/x", Some("secret/"));
        check("secret", Some("secret/"));
        check("secrets", None);
        check("a/b/c/d", Some("a/b/"));
        check("a/c", None);
        check("auth/kubernetes/login", Some("auth/kubernetes/"));
        check("", None);
    }

    #[test]
    fn a_path_is_taken_if_it_is_equal_above_or_below() {
        let router = router(&["a/b/"]);
        for taken in ["a/b/", "a/", "a/b/c/"] {
            assert_eq!(router.conflict(taken).as_deref(), Some("a/b/"), "{taken}");
        }
        assert_eq!(router.conflict("a/bc/"), None);
    }
}
