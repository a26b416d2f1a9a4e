//! From unsealed to open: every room reads what it needs, then the door opens. Nothing that grows is read.

use logical::{Error, Key, Result, random_uuid};
use server_leases::Endings;
use server_sys::{CrossOriginRecord, Operator};
use server_tokens::TokenKeys;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

use crate::strongbox::{Cluster, Strongbox};

impl Strongbox {
    /// Opens the house. On an error it is to be shut again: half open is sealed.
    pub(crate) async fn open_house(self: &Arc<Self>) -> Result<()> {
        let house = &self.house;
        house.rooms.tokens.open(TokenKeys {
            hash: self.barrier.derived(TOKEN_HASH)?,
            batch: self.barrier.derived(BATCH_TOKEN)?,
        });
        house.rooms.mounts.load(house.store.as_ref()).await?;
        *self.cluster.lock() = Some(self.cluster().await?);
        server_sys::note_version(house.store.as_ref(), client::VAULT_VERSION, house.now()).await?;
        self.open_devices().await?;
        self.set_cross_origin(CrossOriginRecord::stored(house.store.as_ref()).await?);
        let stop = CancellationToken::new();
        *self.workers.lock() = Some(stop.clone());
        let endings: Arc<dyn Endings> = Arc::clone(house) as Arc<dyn Endings>;
        let expiry = Arc::clone(&house.expiry);
        let expires = stop.clone();
        house
            .tasks
            .spawn(async move { expiry.run(endings, expires).await });
        house.tasks.spawn(Arc::clone(house).work(stop.clone()));
        house.tasks.spawn(Arc::clone(self).watch_store(stop.clone()));
        house.tasks.spawn(Arc::clone(self).rotate_when_due(stop.clone()));
        let sweeping = Arc::clone(house);
        house.tasks.spawn(async move {
            if let Err(error) = sweeping.resume_sweeps().await {
                tracing::warn!(error = %error, "cannot read what is left to sweep");
            }
        });
        self.let_in();
        Ok(())
    }

    /// What is on disk is unknown after a failed sync, so the house seals itself.
    async fn watch_store(self: Arc<Self>, stop: CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.barrier.store_closed() => {
                tracing::error!("the store closed itself after a failed write; sealing. Restart the server once the disk is well");
                self.shut();
            }
        }
    }

    /// The key of the row with the cluster's name.
    pub(crate) fn cluster_key() -> Key {
        Key::of("cluster")
    }

    /// A new cluster's name and id.
    pub(crate) fn new_cluster(&self) -> Cluster {
        let mut bytes = [0_u8; 4];
        self.house.random().fill(&mut bytes);
        let name = format!("vault-cluster-{:08x}", u32::from_be_bytes(bytes));
        let name = self.config.cluster_name.clone().unwrap_or(name);
        Cluster {
            name,
            id: random_uuid(self.house.random()),
        }
    }

    async fn cluster(&self) -> Result<Cluster> {
        let row = self.house.store.get(&Self::cluster_key()).await?;
        row.ok_or_else(|| {
            Error::internal("the store has no cluster name: it was not initialised to its end")
        })?
        .json()
    }
}

/// Labels of derived keys. Changing one makes every token of a store unknown.
pub(crate) const TOKEN_HASH: &str = "token hash";
pub(crate) const BATCH_TOKEN: &str = "batch token";
