//! What the corridor goes through: the rooms, introduced to each other by the wiring.

use audit::Broker;
use logical::{Clock, Id, Key, Random, Store, Time};
use server_leases::{Expiry, Leases};
use server_mounts::Mounts;
use server_passwords::Passwords;
use server_tokens::Tokens;
use std::sync::{Arc, Weak};
use tokio::sync::Notify;
use tokio_util::task::TaskTracker;

use crate::policies::Policies;
use crate::turns::Turns;

/// The house, from inside.
pub struct House {
    /// The rooms that own records.
    pub rooms: Rooms,
    /// The root view of the store.
    pub store: Arc<dyn Store>,
    /// Where everything is recorded.
    pub audit: Arc<Broker>,
    /// The worker that ends what is due.
    pub expiry: Arc<Expiry>,
    /// Time and chance.
    pub ambient: Ambient,
    /// The door that sealing shuts.
    pub gate: Arc<dyn Gate>,
    /// Requests and ends under way: shutting down waits for them.
    pub tasks: TaskTracker,
    /// Wakes whoever asks plugins for their own work: a mount has changed.
    pub working: Notify,
    /// Which leases are being ended.
    pub ending: Turns,
    /// The house itself, for work that outlives the request that began it.
    pub itself: Weak<Self>,
}

/// The rooms that own records.
pub struct Rooms {
    /// What is mounted where.
    pub mounts: Arc<Mounts>,
    /// Tokens.
    pub tokens: Arc<Tokens>,
    /// Leases.
    pub leases: Arc<Leases>,
    /// Policies, as text and compiled.
    pub policies: Arc<Policies>,
    /// Policies that say how passwords look.
    pub passwords: Arc<Passwords>,
    /// Where the rows of one token lie in the cubbyhole.
    pub cubbyhole_rows: fn(Id) -> Key,
}

/// Time and chance.
pub struct Ambient {
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub random: Arc<dyn Random>,
}

/// The door that sealing shuts.
pub trait Gate: Send + Sync {
    /// Whether requests come in.
    fn is_open(&self) -> bool;
}

impl House {
    /// The present moment.
    pub fn now(&self) -> Time {
        self.ambient.clock.now()
    }

    /// Random bytes.
    pub fn random(&self) -> &dyn Random {
        self.ambient.random.as_ref()
    }
}
