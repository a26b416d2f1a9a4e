//! What the server answers: everything through the corridor, and a little while it is sealed.

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use logical::secret::Plaintext;
use logical::{Error, Fields, Progress, Request, Response, Result, Seal};
use serde_json::json;
use server_http::{Bootstrap, Corridor, Health};
use std::sync::Arc;

use crate::members::{flag, text};
use crate::strongbox::Strongbox;

/// The server, as the listeners see it.
#[derive(Clone)]
pub struct Front(pub Arc<Strongbox>);

#[async_trait]
impl Corridor for Front {
    async fn answer(&self, request: Request) -> Response {
        // What is sealed already is sealed by whoever asks, as in Vault.
        if !self.0.is_open() && request.path.as_str() == "sys/seal" && request.operation.is_write() {
            return Response::empty(request.id);
        }
        self.0.house.answer(request).await
    }
}

#[async_trait]
impl Bootstrap for Front {
    async fn seal_status(&self) -> Result<Fields> {
        let config = self.0.barrier.seal_config().await?;
        let (progress, nonce) = match self.0.seal.lock().as_ref().map(|seal| seal.progress()) {
            Some(Progress::Waiting { progress, nonce }) => (progress, nonce),
            _ => (0, String::new()),
        };
        let mut shown = Fields::of(json!({
            "type": "shamir",
            "initialized": config.is_some(),
            "sealed": !self.0.is_open(),
            "t": config.as_ref().map_or(0, |config| config.threshold),
            "n": config.as_ref().map_or(0, |config| config.shares),
            "progress": progress,
            "nonce": nonce,
            "version": client::VAULT_VERSION,
            "commit_date": "",
            "build_date": "",
            "migration": false,
            "recovery_seal": false,
            "storage_type": self.0.facts.storage_kind,
        }));
        shown.expose_mut().remove("build_date");
        self.0.show_cluster(&mut shown);
        Ok(shown)
    }

    async fn init_status(&self) -> Result<Fields> {
        let initialized = self.0.barrier.seal_config().await?.is_some();
        Ok(Fields::of(json!({ "initialized": initialized })))
    }

    async fn init(&self, members: Fields) -> Result<Fields> {
        self.0.initialize(&members).await
    }

    async fn unseal(&self, members: Fields) -> Result<Fields> {
        let reset = flag(&members, "reset")?;
        let migrate = flag(&members, "migrate")?;
        let key = text(&members, "key")?;
        if reset {
            if self.0.is_open() {
                return Err(Error::invalid("vault is unsealed"));
            }
            if let Some(seal) = self.0.seal.lock().as_ref() {
                seal.reset();
            }
            return self.seal_status().await;
        }
        if key.is_empty() {
            let text = "'key' must be specified in request body as JSON, or 'reset' set to true";
            return Err(Error::invalid(text));
        }
        if migrate {
            return Err(Error::invalid(
                "can't perform a seal migration, no migration seal found",
            ));
        }
        self.0.offer(share(key)?).await?;
        self.seal_status().await
    }

    async fn health(&self) -> Result<(Health, Fields)> {
        let initialized = self.0.barrier.seal_config().await?.is_some();
        let open = self.0.is_open();
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
            "server_time_utc": self.0.house.now().as_second(),
            "version": client::VAULT_VERSION,
        }));
        self.0.show_cluster(&mut shown);
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

/// A share as operators type it: hexadecimal or base64.
fn share(text: &str) -> Result<Plaintext> {
    let bytes = hex::decode(text).ok().or_else(|| STANDARD.decode(text).ok());
    let bytes = bytes.ok_or_else(|| Error::invalid("'key' must be a valid hex or base64 string"))?;
    Ok(Plaintext::new(bytes))
}
