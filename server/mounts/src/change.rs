//! Changes of mounts: a batch, and what memory does once it is durable.

use logical::{Batch, Error, Result, Tuning};
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::{Mount, MountEntry, Mounts, TableKind};

/// A change of one mount. Nothing has changed until the batch is committed and [`Change::apply`] was called.
pub struct Change {
    /// What must be durable first.
    pub batch: Batch,
    /// What memory does then.
    pub apply: Box<dyn FnOnce() + Send>,
}

/// Times to live that are tuned, in seconds; `None` leaves as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    /// The life of a credential that asks for none; zero is the system's.
    pub default_lease_ttl: Option<u64>,
    /// The longest life; zero is the system's.
    pub max_lease_ttl: Option<u64>,
}

/// What an operator tunes; `None` leaves as it is.
#[derive(Clone, Debug, Default)]
pub struct Tune {
    /// Times to live.
    pub times: Times,
    /// What operators noted.
    pub description: Option<String>,
    /// Options of the plugin.
    pub options: Option<BTreeMap<String, String>>,
    /// The rest, each member replaced where it is there.
    pub tuning: Tuning,
    /// Lockout of users.
    pub user_lockout: Option<crate::entry::UserLockout>,
}

impl Mounts {
    /// Mounts.
    ///
    /// # Errors
    /// `Invalid` if the path is taken or there is no such plugin.
    pub fn enable(&self, entry: MountEntry) -> Result<Change> {
        if let Some(taken) = self.conflict(&entry.path) {
            // As the table of its own shows it.
            let taken = match entry.table {
                TableKind::Auth => taken.strip_prefix("auth/").unwrap_or(&taken),
                TableKind::Secrets => &taken,
            };
            return Err(Error::invalid(format!("path is already in use at {taken}")));
        }
        self.replace(entry, None)
    }

    /// Unmounts: the row goes, the data is left to the sweeper. Leases have ended before.
    pub fn disable(&self, mount: &Mount) -> Change {
        let mut batch = Batch::new();
        batch.delete(mount.entry.key());
        let (router, id) = (self.router(), mount.entry.id);
        let apply = Box::new(move || {
            router.rcu(|router| router.without(id));
        });
        Change { batch, apply }
    }

    /// Moves a mount. Its data stays where it is.
    ///
    /// # Errors
    /// `Invalid` if the new path is taken.
    pub fn remount(&self, mount: &Mount, to: &str) -> Result<Change> {
        if let Some(taken) = self.conflict(to) {
            return Err(Error::invalid(format!("path is already in use at {taken}")));
        }
        self.replace(
            MountEntry {
                path: to.to_owned(),
                ..mount.entry.clone()
            },
            None,
        )
    }

    /// Changes what can be tuned. A plugin whose options changed is built anew.
    pub fn tune(&self, mount: &Mount, tune: Tune) -> Result<Change> {
        let mut entry = mount.entry.clone();
        let config = &mut entry.config;
        config.default_lease_ttl = tune.times.default_lease_ttl.unwrap_or(config.default_lease_ttl);
        config.max_lease_ttl = tune.times.max_lease_ttl.unwrap_or(config.max_lease_ttl);
        config.user_lockout = tune.user_lockout.or_else(|| config.user_lockout.take());
        overlay(&mut config.tuning, tune.tuning);
        entry.description = tune.description.unwrap_or(entry.description);
        let same_plugin = tune.options.is_none();
        if let Some(options) = tune.options {
            entry.options.get_or_insert_default().extend(options);
        }
        self.replace(entry, same_plugin.then_some(mount))
    }

    /// Builds the plugin anew; the row stays as it is.
    ///
    /// # Errors
    /// As building fails.
    pub fn rebuild(&self, mount: &Mount) -> Result<Change> {
        self.replace(mount.entry.clone(), None)
    }

    /// Writes a row and routes to it; `keep` is the mount whose plugin goes on, if it does.
    fn replace(&self, entry: MountEntry, keep: Option<&Mount>) -> Result<Change> {
        let mut batch = Batch::new();
        entry.put(&mut batch)?;
        let mount = match keep {
            Some(mount) => Mount {
                facts: Arc::new(entry.facts(self.limits())),
                mounted: mount.mounted.clone(),
                entry,
            },
            None => self.build(entry)?,
        };
        let (router, mount) = (self.router(), Arc::new(mount));
        let apply = Box::new(move || {
            router.rcu(|router| router.with(Arc::clone(&mount)));
        });
        Ok(Change { batch, apply })
    }
}

fn overlay(old: &mut Tuning, new: Tuning) {
    fn set<T>(old: &mut Option<T>, new: Option<T>) {
        if new.is_some() {
            *old = new;
        }
    }
    set(
        &mut old.audit_non_hmac_request_keys,
        new.audit_non_hmac_request_keys,
    );
    set(
        &mut old.audit_non_hmac_response_keys,
        new.audit_non_hmac_response_keys,
    );
    set(&mut old.listing_visibility, new.listing_visibility);
    set(
        &mut old.passthrough_request_headers,
        new.passthrough_request_headers,
    );
    set(&mut old.allowed_response_headers, new.allowed_response_headers);
    set(&mut old.token_type, new.token_type);
}
