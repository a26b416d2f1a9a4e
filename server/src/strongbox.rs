//! The server as a whole: sealed or open.

use arc_swap::ArcSwapOption;
use async_trait::async_trait;
use logical::secret::Plaintext;
use logical::{Error, Fields, Progress, Result, Seal};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use server_http::CrossOrigin;
use server_pipeline::House;
use server_sys::{CrossOriginRecord, KeyInUse, Keyholders, Loggers, Operator};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use storage::barrier::Barrier;
use storage::seal::ShamirSeal;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::generate_root::Generation;
use crate::rekey::Rekey;
use crate::{host, logging, settings};

/// Facts that answers show.
pub(crate) struct Facts {
    /// `file`, `inmem`.
    pub(crate) storage_kind: String,
}

/// The server: the barrier, the seal, and the house that is open behind them.
pub struct Strongbox {
    pub(crate) barrier: Barrier,
    pub(crate) house: Arc<House>,
    pub(crate) config: Config,
    pub(crate) facts: Facts,
    /// Whether requests come in. Set last at unsealing, first at sealing.
    open: AtomicBool,
    /// The present seal; made when the first share is offered.
    pub(crate) seal: Mutex<Option<Arc<ShamirSeal>>>,
    /// What runs while it is open.
    pub(crate) workers: Mutex<Option<CancellationToken>>,
    /// New key shares in the making.
    pub(crate) rekey: Mutex<Option<Rekey>>,
    /// A root token in the making.
    pub(crate) root: Mutex<Option<Generation>>,
    /// One unsealing, initialisation or step with key shares at a time.
    pub(crate) changing: tokio::sync::Mutex<()>,
    /// Which web pages of others may ask, for every listener. Read at unsealing.
    pub(crate) cross_origin: Arc<ArcSwapOption<CrossOrigin>>,
    /// Name and id that answers show, read at unsealing.
    pub(crate) cluster: Mutex<Option<Cluster>>,
}

/// Name and id of a cluster of one.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Cluster {
    pub(crate) name: String,
    pub(crate) id: String,
}

impl Strongbox {
    pub(crate) fn new(barrier: Barrier, house: Arc<House>, config: Config, facts: Facts) -> Self {
        Self {
            barrier,
            house,
            config,
            facts,
            open: AtomicBool::new(false),
            seal: Mutex::default(),
            workers: Mutex::default(),
            rekey: Mutex::default(),
            root: Mutex::default(),
            changing: tokio::sync::Mutex::default(),
            cross_origin: Arc::default(),
            cluster: Mutex::default(),
        }
    }

    /// Whether requests come in.
    pub fn is_open(&self) -> bool {
        self.open.load(Ordering::Acquire)
    }

    /// The house, for whoever runs in this process: tests, the dev server.
    pub fn house(&self) -> &Arc<House> {
        &self.house
    }

    pub(crate) fn let_in(&self) {
        self.open.store(true, Ordering::Release);
    }

    /// Shuts the door, then forgets every key and every opened record. Always works.
    pub fn shut(&self) {
        self.open.store(false, Ordering::Release);
        if let Some(workers) = self.workers.lock().take() {
            workers.cancel();
        }
        self.house.rooms.tokens.close();
        self.house.rooms.policies.clear();
        self.barrier.seal();
        self.house.rooms.mounts.clear();
        self.seal.lock().take();
        self.rekey.lock().take();
        self.root.lock().take();
        tracing::info!("sealed");
    }

    /// Waits until everything under way is done, at shutting down.
    pub async fn drain(&self) {
        if let Some(workers) = self.workers.lock().take() {
            workers.cancel();
        }
        self.house.tasks.close();
        self.house.tasks.wait().await;
    }

    /// Takes one share; opens the house when enough were offered.
    pub(crate) async fn offer(self: &Arc<Self>, share: Plaintext) -> Result<()> {
        let _changing = self.changing.lock().await;
        if self.is_open() {
            return Ok(());
        }
        let seal = self.seal().await?;
        match seal.offer(Some(share)).await? {
            Progress::Waiting { .. } => Ok(()),
            Progress::Ready(key) => {
                let opened = self.barrier.unseal(&key).await;
                seal.reset();
                opened?;
                if let Err(error) = self.open_house().await {
                    self.shut();
                    tracing::error!(error = %error, "unsealed, and could not open the house");
                    return Err(error);
                }
                tracing::info!("unsealed");
                Ok(())
            }
        }
    }

    /// Where clients reach this node: as configured, or where the first listener is.
    fn api_address(&self) -> String {
        let first = || {
            let listener = self.config.listeners.first()?;
            let scheme = if listener.tls_disable { "http" } else { "https" };
            Some(format!("{scheme}://{}", listener.address))
        };
        self.config.api_addr.clone().or_else(first).unwrap_or_default()
    }

    /// The present seal.
    pub(crate) async fn seal(&self) -> Result<Arc<ShamirSeal>> {
        if let Some(seal) = self.seal.lock().as_ref() {
            return Ok(Arc::clone(seal));
        }
        let config = self.barrier.seal_config().await?;
        let config = config.ok_or_else(|| Error::invalid("Vault is not initialized"))?;
        let seal = Arc::new(ShamirSeal::new(config, Arc::clone(&self.house.ambient.random))?);
        Ok(Arc::clone(self.seal.lock().get_or_insert(seal)))
    }
}

#[async_trait]
impl Operator for Strongbox {
    async fn seal(&self) -> Result<()> {
        self.shut();
        Ok(())
    }

    async fn rotate(&self) -> Result<()> {
        self.barrier.rotate().await
    }

    fn key_status(&self) -> Result<KeyInUse> {
        let status = self.barrier.key_status()?;
        Ok(KeyInUse {
            term: status.term,
            installed: status.installed,
            encryptions: status.encryptions,
        })
    }

    fn keyholders(&self) -> &dyn Keyholders {
        self
    }

    fn may_create_devices(&self) -> bool {
        self.config.may_create_devices
    }

    fn may_inspect(&self) -> bool {
        self.config.may_inspect
    }

    fn loggers(&self) -> &dyn Loggers {
        logging::log()
    }

    fn settings(&self) -> Fields {
        settings::sanitized(&self.config, &self.facts.storage_kind)
    }

    fn host(&self) -> Fields {
        host::facts(self.house.now())
    }

    fn node(&self) -> Value {
        json!({
            "hostname": rustix::system::uname().nodename().to_string_lossy(),
            "api_address": self.api_address(),
            "cluster_address": "",
            "active_node": true,
            "last_echo": null,
            "version": client::VAULT_VERSION,
        })
    }

    fn set_cross_origin(&self, record: Option<CrossOriginRecord>) {
        let rules = record.map(|record| CrossOrigin {
            headers: record.headers(),
            origins: record.origins,
            allow_credentials: record.allow_credentials,
        });
        self.cross_origin.store(rules.map(Arc::new));
    }
}
