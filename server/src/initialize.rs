//! `sys/init`: the first keys, the first rows, the first token, in one commit.

use base64::Engine;
use logical::{Batch, Error, Fields, Result, Seal};
use serde_json::{Value, json};
use server_pipeline::House;
use server_sys::{default_mounts, default_policies, root_token};
use server_tokens::{Birth, TokenKeys};
use std::sync::Arc;
use storage::seal::ShamirSeal;

use crate::opening::{BATCH_TOKEN, TOKEN_HASH};
use crate::strongbox::Strongbox;

impl Strongbox {
    /// Initialises. Everything is validated first, and everything is durable or nothing is: nobody is left with a
    /// store whose shares were lost.
    pub(crate) async fn initialize(self: &Arc<Self>, members: &Fields) -> Result<Fields> {
        let _changing = self.changing.lock().await;
        let config = settings(members)?;
        if self.barrier.seal_config().await?.is_some() {
            return Err(Error::invalid("Vault is already initialized"));
        }
        let house: &House = &self.house;
        let key = self.barrier.draw_unseal_key();
        let seal = ShamirSeal::new(config.clone(), Arc::clone(&house.ambient.random))?;
        let shares = seal.protect(&key).await?;
        let founding = self.barrier.found(&key, config)?;
        house.rooms.tokens.open(TokenKeys {
            hash: founding.derived(TOKEN_HASH),
            batch: founding.derived(BATCH_TOKEN),
        });
        let first = self.first_rows().await;
        house.rooms.tokens.close();
        let (mut batch, token) = first?;
        self.first_devices(&mut batch).await?;
        founding.commit(batch).await?;
        let encode = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
        tracing::info!(shares = shares.len(), "initialised");
        Ok(Fields::of(json!({
            "keys": shares.iter().map(|share| hex::encode(share.expose())).collect::<Vec<_>>(),
            "keys_base64": shares.iter().map(|share| encode(share.expose())).collect::<Vec<_>>(),
            "root_token": token,
        })))
    }

    /// The rows that every store begins with, and the root token.
    async fn first_rows(&self) -> Result<(Batch, String)> {
        let house = &self.house;
        let now = house.now();
        let mut batch = Batch::new();
        for mount in default_mounts(now, house.random()) {
            mount.put(&mut batch)?;
        }
        default_policies(&mut batch, now)?;
        batch.put_json(Self::cluster_key(), &self.new_cluster())?;
        let birth = Birth {
            token: root_token(now),
            text: None,
        };
        let born = house.rooms.tokens.mint_first(birth, now, house.random())?;
        batch.merge(born.batch);
        Ok((batch, born.text.expose().to_owned()))
    }
}

fn settings(members: &Fields) -> Result<logical::SealConfig> {
    let not_here = |name: &str| members.get(name).is_some_and(|value| !is_nothing(value));
    let recovery: Vec<&str> = ["recovery_shares", "recovery_threshold", "recovery_pgp_keys"]
        .into_iter()
        .filter(|name| not_here(name))
        .collect();
    if !recovery.is_empty() {
        let text = format!(
            "parameters {} not applicable to seal type shamir",
            recovery.join(",")
        );
        return Err(Error::invalid(text));
    }
    for name in ["pgp_keys", "root_token_pgp_key"] {
        if not_here(name) {
            return Err(Error::invalid(format!(
                "{name} is not supported yet: leave it out, and keep the shares apart by hand"
            )));
        }
    }
    let (shares, threshold) = (
        number(members, "secret_shares")?,
        number(members, "secret_threshold")?,
    );
    let refused = |why: &str| Err(Error::invalid(format!("invalid seal configuration: {why}")));
    match (shares, threshold) {
        (..=0, _) => refused("shares must be at least one"),
        (_, ..=0) => refused("threshold must be at least one"),
        (2.., 1) => refused("threshold must be greater than one for multiple shares"),
        (256.., _) => refused("shares must be less than 256"),
        (_, 256..) => refused("threshold must be less than 256"),
        (shares, threshold) if threshold > shares => refused("threshold cannot be larger than shares"),
        (shares, threshold) => {
            let (shares, threshold) = (u8::try_from(shares), u8::try_from(threshold));
            let (Ok(shares), Ok(threshold)) = (shares, threshold) else {
                return refused("shares must be less than 256");
            };
            ShamirSeal::settings(shares, threshold)
        }
    }
}

/// Whole numbers only, as in Vault's own form of this request.
fn number(members: &Fields, name: &str) -> Result<i64> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(0),
        Some(Value::Number(number)) if number.is_i64() => Ok(number.as_i64().unwrap_or(0)),
        Some(_) => Err(Error::invalid(format!(
            "failed to decode JSON input: {name} must be a whole number"
        ))),
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}
