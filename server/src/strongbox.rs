//! The server as a whole: sealed or open, and what it answers while it is sealed.

use async_trait::async_trait;
use logical::secret::Plaintext;
use logical::{Error, Fields, Progress, Request, Response, Result, Seal, Time};
use parking_lot::Mutex;
use serde_json::json;
use server_http::{Bootstrap, Corridor, Health};
use server_pipeline::House;
use server_sys::Operator;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use storage::barrier::Barrier;
use storage::seal::ShamirSeal;
use tokio_util::sync::CancellationToken;

use crate::config::Config;

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
    facts: Facts,
    /// Whether requests come in. Set last at unsealing, first at sealing.
    open: AtomicBool,
    /// The present seal; made when the first share is offered.
    seal: Mutex<Option<Arc<ShamirSeal>>>,
    /// What runs while it is open.
    pub(crate) workers: Mutex<Option<CancellationToken>>,
    /// One unsealing or initialisation at a time.
    pub(crate) changing: tokio::sync::Mutex<()>,
    /// Name and id that answers show, read at unsealing.
    pub(crate) cluster: Mutex<Option<Cluster>>,
}

/// Name and id of a cluster of one.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
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
            changing: tokio::sync::Mutex::default(),
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
    async fn offer(self: &Arc<Self>, share: Plaintext) -> Result<()> {
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

    async fn seal(&self) -> Result<Arc<ShamirSeal>> {
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
impl Corridor for Arc<Strongbox> {
    async fn answer(&self, request: Request) -> Response {
        // What is sealed already is sealed by whoever asks, as in Vault.
        if !self.is_open() && request.path.as_str() == "sys/seal" && request.operation.is_write() {
            return Response::empty(request.id);
        }
        self.house.answer(request).await
    }
}

#[async_trait]
impl Bootstrap for Arc<Strongbox> {
    async fn seal_status(&self) -> Result<Fields> {
        let config = self.barrier.seal_config().await?;
        let (progress, nonce) = match self.seal.lock().as_ref().map(|seal| seal.progress()) {
            Some(Progress::Waiting { progress, nonce }) => (progress, nonce),
            _ => (0, String::new()),
        };
        let mut shown = Fields::of(json!({
            "type": "shamir",
            "initialized": config.is_some(),
            "sealed": !self.is_open(),
            "t": config.as_ref().map_or(0, |config| config.threshold),
            "n": config.as_ref().map_or(0, |config| config.shares),
            "progress": progress,
            "nonce": nonce,
            "version": client::VAULT_VERSION,
            "commit_date": "",
            "build_date": "",
            "migration": false,
            "recovery_seal": false,
            "storage_type": self.facts.storage_kind,
        }));
        shown.expose_mut().remove("build_date");
        self.show_cluster(&mut shown);
        Ok(shown)
    }

    async fn init_status(&self) -> Result<Fields> {
        let initialized = self.barrier.seal_config().await?.is_some();
        Ok(Fields::of(json!({ "initialized": initialized })))
    }

    async fn init(&self, members: Fields) -> Result<Fields> {
        self.initialize(&members).await
    }

    async fn unseal(&self, members: Fields) -> Result<Fields> {
        let reset = members
            .get("reset")
            .and_then(serde_json::Value::as_bool)
            .unwrap_or(false);
        let key = members.text("key").unwrap_or("");
        if reset {
            if let Some(seal) = self.seal.lock().as_ref() {
                seal.reset();
            }
            return self.seal_status().await;
        }
        if key.is_empty() {
            let text = "'key' must be specified in request body as JSON, or 'reset' set to true";
            return Err(Error::invalid(text));
        }
        self.offer(share(key)?).await?;
        self.seal_status().await
    }

    async fn health(&self) -> Result<(Health, Fields)> {
        let initialized = self.barrier.seal_config().await?.is_some();
        let open = self.is_open();
        let health = match (initialized, open) {
            (false, _) => Health::Uninitialized,
            (true, false) => Health::Sealed,
            (true, true) => Health::Active,
        };
        let mode = if open { "disabled" } else { "unknown" };
        let mut shown = Fields::of(json!({
            "initialized": initialized,
            "sealed": !open,
            "standby": !open,
            "performance_standby": false,
            "replication_performance_mode": mode,
            "replication_dr_mode": mode,
            "server_time_utc": self.house.now().as_second(),
            "version": client::VAULT_VERSION,
        }));
        self.show_cluster(&mut shown);
        Ok((health, shown))
    }

    async fn leader(&self) -> Result<Fields> {
        Ok(Fields::of(json!({
            "ha_enabled": false,
            "is_self": false,
            "leader_address": "",
            "leader_cluster_address": "",
        })))
    }
}

impl Strongbox {
    fn show_cluster(&self, shown: &mut Fields) {
        if let Some(cluster) = self.cluster.lock().as_ref().filter(|_| self.is_open()) {
            shown.insert("cluster_name", cluster.name.clone());
            shown.insert("cluster_id", cluster.id.clone());
        }
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

    fn key_status(&self) -> Result<(u32, Time)> {
        let status = self.barrier.key_status()?;
        Ok((status.term, status.installed))
    }

    fn may_create_devices(&self) -> bool {
        self.config.may_create_devices
    }
}

/// A share as operators type it: hexadecimal or base64.
fn share(text: &str) -> Result<Plaintext> {
    use base64::Engine;
    let bytes = hex::decode(text)
        .ok()
        .or_else(|| base64::engine::general_purpose::STANDARD.decode(text).ok());
    let bytes = bytes.ok_or_else(|| Error::invalid("'key' must be a valid hex or base64 string"))?;
    Ok(Plaintext::new(bytes))
}
