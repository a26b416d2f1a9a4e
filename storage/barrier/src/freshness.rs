//! Who may put what into a cache, so that nobody reads older than what was acknowledged.
//!
//! A reader draws a ticket before it reads the store, and fills the cache only if no commit touched its shard since. A
//! commit touches the shards of its keys after it became durable and before it is acknowledged. Two commits may come
//! here in another order than they became durable in: the later one's values stay.

use crate::path::Path;
use logical::Revision;
use parking_lot::Mutex;
use std::hash::{BuildHasher, RandomState};

const SHARDS: usize = 256;

/// Generations, by hash of the path. Two paths in one shard only cost each other a fill.
pub(crate) struct Freshness {
    shards: Box<[Mutex<Shard>]>,
    hasher: RandomState,
}

/// When a read began.
#[derive(Clone, Copy)]
pub(crate) struct Ticket(u64);

/// Whether a commit comes here before all later ones.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// No later commit has been here: what this one wrote is the latest.
    InOrder,
    /// A later commit has been here: it may have written the same path.
    Late,
}

#[derive(Default)]
struct Shard {
    // Invariant: grows with every touch and every closing.
    generation: u64,
    latest: Revision,
    closed: bool,
}

impl Freshness {
    /// Closed, as the barrier begins sealed.
    pub(crate) fn new() -> Self {
        let closed = || {
            Mutex::new(Shard {
                closed: true,
                ..Shard::default()
            })
        };
        Self {
            shards: (0..SHARDS).map(|_| closed()).collect(),
            hasher: RandomState::new(),
        }
    }

    /// Notes when a read begins.
    pub(crate) fn ticket(&self, path: Path<'_>) -> Ticket {
        Ticket(self.shard(path).lock().generation)
    }

    /// Lets a reader fill the cache, unless a commit came between or the cache is closed.
    pub(crate) fn fill(&self, path: Path<'_>, ticket: Ticket, insert: impl FnOnce()) {
        let shard = self.shard(path).lock();
        if shard.generation == ticket.0 && !shard.closed {
            insert();
        }
    }

    /// Lets a commit change what the cache holds. Fills that began before are dropped.
    pub(crate) fn commit(&self, path: Path<'_>, revision: Revision, change: impl FnOnce(Turn)) {
        let mut shard = self.shard(path).lock();
        shard.generation += 1;
        // The keys of one commit may share a shard.
        let turn = match revision >= shard.latest {
            true => Turn::InOrder,
            false => Turn::Late,
        };
        shard.latest = shard.latest.max(revision);
        if !shard.closed {
            change(turn);
        }
    }

    /// Removes what the cache holds. Fills that began before are dropped.
    pub(crate) fn forget(&self, path: Path<'_>, remove: impl FnOnce()) {
        let mut shard = self.shard(path).lock();
        shard.generation += 1;
        remove();
    }

    /// Lets nothing in any more; when it returns, nobody is putting anything in.
    pub(crate) fn close(&self) {
        for shard in &self.shards {
            let mut shard = shard.lock();
            shard.generation += 1;
            shard.closed = true;
        }
    }

    /// Lets things in again.
    pub(crate) fn open(&self) {
        for shard in &self.shards {
            shard.lock().closed = false;
        }
    }

    fn shard(&self, path: Path<'_>) -> &Mutex<Shard> {
        let hash = self.hasher.hash_one(path);
        let place = usize::try_from(hash % SHARDS as u64).unwrap_or(0);
        self.shards
            .get(place)
            .expect("a hash is taken modulo the number of shards")
    }
}
