//! Introduces the rooms to each other.

use audit::{Broker, Settings};
use logical::{Backend, Clock, Key, Mounted, Outbound, Random, Store};
use server_leases::{Expiry, Leases};
use server_mounts::{Factories, Limits, Mounts, TableKind};
use server_passwords::Passwords;
use server_pipeline::{Ambient, Gate, House, Policies, Rooms, Turns};
use server_sys::{Moves, Operator, Sys};
use server_tokens::Tokens;
use std::sync::{Arc, Weak};
use storage::barrier::Barrier;
use tokio::sync::Notify;
use tokio_util::task::TaskTracker;

use crate::config::Config;
use crate::devices;
use crate::strongbox::{Facts, Strongbox};

/// What a server is built from. Tests bring their own clock, randomness and storage.
pub struct Building {
    /// The configuration.
    pub config: Config,
    /// Where bytes rest.
    pub backend: Arc<dyn Backend>,
    /// The word for that in answers: `file`, `inmem`.
    pub storage_kind: String,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub random: Arc<dyn Random>,
    /// Whatever calls out over HTTP.
    pub outbound: Arc<dyn Outbound>,
}

/// Builds a server. It is sealed, or not initialised.
pub fn build(building: Building) -> Arc<Strongbox> {
    let Building {
        config,
        backend,
        storage_kind,
        clock,
        random,
        outbound,
    } = building;
    let barrier = Barrier::new(Arc::clone(&backend), Arc::clone(&random), Arc::clone(&clock));
    let store: Arc<dyn Store> = Arc::new(barrier.view(Key::root()));
    let factories = factories(&outbound);
    let defaults = Limits::default();
    let limits = Limits {
        default_lease_ttl: config.default_lease_ttl.unwrap_or(defaults.default_lease_ttl),
        max_lease_ttl: config.max_lease_ttl.unwrap_or(defaults.max_lease_ttl),
    };
    let broker = Broker::new(Settings {
        clock: Arc::clone(&clock),
        random: Arc::clone(&random),
        plugin_version: format!("v{}+builtin.strongroom", client::VERSION),
        prefixing: devices::prefixing(&config),
    });
    Arc::new_cyclic(|strongbox: &Weak<Strongbox>| {
        let leases = Arc::new(Leases::new(store.clone()));
        let gate: Arc<dyn Gate> = Arc::new(Door(strongbox.clone()));
        let house = Arc::new_cyclic(|itself| House {
            rooms: Rooms {
                mounts: Arc::new(Mounts::new(Arc::clone(&factories), limits)),
                tokens: Arc::new(Tokens::new(store.clone())),
                leases: Arc::clone(&leases),
                policies: Arc::new(Policies::new(store.clone())),
                passwords: Arc::new(Passwords::new(store.clone())),
                cubbyhole_rows: plugins::cubbyhole_rows,
            },
            store: Arc::clone(&store),
            audit: Arc::new(broker),
            expiry: Arc::new(Expiry::new(leases, Arc::clone(&clock))),
            ambient: Ambient {
                clock: Arc::clone(&clock),
                random: Arc::clone(&random),
            },
            gate,
            tasks: TaskTracker::new(),
            working: Notify::new(),
            ending: Turns::default(),
            itself: itself.clone(),
        });
        own_tables(&factories, &house, strongbox);
        Strongbox::new(barrier, house, config, Facts { storage_kind })
    })
}

/// Every plugin that can be mounted.
fn factories(outbound: &Arc<dyn Outbound>) -> Arc<Factories> {
    let factories = Factories::default();
    for builtin in plugins::builtin(&plugins::Parts {
        outbound: Arc::clone(outbound),
    }) {
        let table = if builtin.is_auth {
            TableKind::Auth
        } else {
            TableKind::Secrets
        };
        factories.register(table, builtin.kind, builtin.build);
    }
    Arc::new(factories)
}

/// The house's own tables: they are mounted like any other, at unsealing.
fn own_tables(factories: &Factories, house: &Arc<House>, strongbox: &Weak<Strongbox>) {
    let moves: Arc<Moves> = Arc::default();
    let sys = {
        let (house, strongbox) = (Arc::downgrade(house), strongbox.clone());
        move || -> logical::Result<Sys> {
            let gone = || logical::Error::internal("the house is gone");
            let operator: Arc<dyn Operator> = strongbox.upgrade().ok_or_else(gone)?;
            Ok(Sys {
                house: house.upgrade().ok_or_else(gone)?,
                operator,
                moves: Arc::clone(&moves),
            })
        }
    };
    let (system, token, identity) = (sys.clone(), sys.clone(), sys);
    let secrets = TableKind::Secrets;
    factories.register(
        secrets,
        "system",
        Arc::new(move |_| Ok(Mounted::Secrets(Arc::new(server_sys::system_table(system()?))))),
    );
    factories.register(
        secrets,
        "identity",
        Arc::new(move |_| {
            Ok(Mounted::Secrets(Arc::new(
                server_sys::identity_table(identity()?),
            )))
        }),
    );
    factories.register(
        TableKind::Auth,
        "token",
        Arc::new(move |_| Ok(Mounted::Auth(Arc::new(server_sys::token_table(token()?))))),
    );
}

/// The door between the corridor and the strongbox.
struct Door(Weak<Strongbox>);

impl Gate for Door {
    fn is_open(&self) -> bool {
        self.0.upgrade().is_some_and(|strongbox| strongbox.is_open())
    }
}
