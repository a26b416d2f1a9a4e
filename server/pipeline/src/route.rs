//! What a path leads to. Found before anybody is asked who they are; that it leads nowhere is answered later.

use logical::table::{Matched, RouteFacts};
use logical::{Access, Key, Operation, Request, RequestPath};
use server_mounts::{Mount, MountEntry};
use std::sync::Arc;

use crate::house::House;
use crate::identify::Standing;

/// Plugin types whose tables are the house's own: they see the whole store, and answer with tokens.
const OWN_KINDS: [&str; 3] = ["system", "identity", "token"];

/// What a path leads to.
pub(crate) struct Route {
    /// The mount; `None` if the path leads nowhere.
    pub(crate) mount: Option<Arc<Mount>>,
    /// The line of its table; `None` if it has none for this path.
    pub(crate) matched: Option<Matched>,
    /// The path that the policy judges and the plugin gets, with names folded.
    pub(crate) path: RequestPath,
}

impl House {
    pub(crate) fn route(&self, request: &Request) -> Route {
        let Some(mount) = self.rooms.mounts.find(request.path.as_str()) else {
            return Route {
                mount: None,
                matched: None,
                path: request.path.clone(),
            };
        };
        let below = below(&mount, request.path.as_str());
        let matched = mount.mounted.plugin().manifest().find(below, request.operation);
        let path = matched
            .as_ref()
            .map(|matched| matched.canonical(&mount.entry.path, &request.path));
        Route {
            path: path.unwrap_or_else(|| request.path.clone()),
            matched,
            mount: Some(mount),
        }
    }
}

impl Route {
    /// What the table says of the line.
    pub(crate) fn facts(&self) -> Option<&RouteFacts> {
        let manifest = self.mount.as_ref()?.mounted.plugin().manifest();
        manifest.routes.get(self.matched.as_ref()?.route)
    }

    /// Who may come.
    pub(crate) fn access(&self) -> Access {
        self.facts().map_or(Access::Token, |facts| facts.access)
    }

    /// The path below the mount.
    pub(crate) fn below(&self) -> &str {
        self.mount
            .as_ref()
            .map_or("", |mount| below(mount, self.path.as_str()))
    }

    /// Whether both audit entries may be written at the end, because nothing can have changed by then.
    pub(crate) fn is_pure(&self, request: &Request, standing: &Standing) -> bool {
        let reads = matches!(request.operation, Operation::Read) || request.operation.is_listing();
        let pure = self.facts().is_some_and(|facts| facts.pure);
        reads && pure && request.wrap_ttl.is_none() && !standing.spent
    }

    /// Whether the mount's table is the house's own.
    pub(crate) fn is_own(&self) -> bool {
        self.mount.as_ref().is_some_and(|mount| is_own(mount))
    }
}

/// Whether a mount's table is the house's own.
pub(crate) fn is_own(mount: &Mount) -> bool {
    OWN_KINDS.contains(&mount.entry.kind.as_str())
}

/// Where a mount's rows lie: the house's own tables see the whole store.
pub(crate) fn prefix(mount: &Mount) -> Key {
    if is_own(mount) {
        Key::root()
    } else {
        MountEntry::data(mount.entry.id)
    }
}

/// A path below its mount; `secret` alone is the mount itself.
fn below<'a>(mount: &Mount, path: &'a str) -> &'a str {
    path.get(mount.entry.path.len()..).unwrap_or("")
}
