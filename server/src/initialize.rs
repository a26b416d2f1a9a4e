//! `sys/init`: the first keys, the first rows, the first token, in one commit.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crypto::PgpKey;
use logical::secret::{Plaintext, SecretText};
use logical::{Batch, Error, Fields, Result, Seal, SealConfig};
use serde_json::{Value, json};
use server_pipeline::House;
use server_sys::{default_mounts, default_policies, root_token};
use server_tokens::{Birth, TokenKeys};
use std::sync::Arc;
use storage::seal::ShamirSeal;

use crate::holders::{Holders, holder};
use crate::members::{member, number, text, texts};
use crate::opening::{BATCH_TOKEN, TOKEN_HASH};
use crate::strongbox::Strongbox;

impl Strongbox {
    /// Initialises. Everything is validated first, and everything is durable or nothing is: nobody is left with a
    /// store whose shares were lost.
    pub(crate) async fn initialize(self: &Arc<Self>, members: &Fields) -> Result<Fields> {
        let _changing = self.changing.lock().await;
        let Wish {
            config,
            holders,
            root_holder,
        } = Wish::of(members)?;
        if self.barrier.seal_config().await?.is_some() {
            return Err(Error::invalid("Vault is already initialized"));
        }
        let house: &House = &self.house;
        let key = self.barrier.draw_unseal_key();
        let seal = ShamirSeal::new(config.clone(), Arc::clone(&house.ambient.random))?;
        let shares = holders.wrap(seal.protect(&key).await?, house.random())?;
        let founding = self.barrier.found(&key, config)?;
        house.rooms.tokens.open(TokenKeys {
            hash: founding.derived(TOKEN_HASH),
            batch: founding.derived(BATCH_TOKEN),
        });
        let first = self.first_rows().await;
        house.rooms.tokens.close();
        let (mut batch, token) = first?;
        let token = match root_holder {
            Some(holder) => {
                let text = Plaintext::from(token.expose().as_bytes());
                SecretText::new(STANDARD.encode(holder.encrypt(&text, house.random())?))
            }
            None => token,
        };
        self.first_devices(&mut batch).await?;
        founding.commit(batch).await?;
        tracing::info!(shares = shares.len(), "initialised");
        Ok(Fields::of(json!({
            "keys": shares.iter().map(|share| hex::encode(share.expose())).collect::<Vec<_>>(),
            "keys_base64": shares.iter().map(|share| STANDARD.encode(share.expose())).collect::<Vec<_>>(),
            "root_token": token.expose(),
        })))
    }

    /// The rows that every store begins with, and the root token.
    async fn first_rows(&self) -> Result<(Batch, SecretText)> {
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
        Ok((batch, born.text))
    }
}

/// How a store is to be initialised.
struct Wish {
    config: SealConfig,
    holders: Holders,
    /// Who gets the root token; it is told in clear without.
    root_holder: Option<PgpKey>,
}

impl Wish {
    fn of(members: &Fields) -> Result<Self> {
        no_recovery(members)?;
        let numbers = (
            number(members, "secret_shares")?,
            number(members, "secret_threshold")?,
        );
        let keys = texts(members, "pgp_keys")?;
        let root_key = text(members, "root_token_pgp_key")?;
        let config = seal_config(numbers.0, numbers.1)?;
        Ok(Self {
            holders: Holders::parse(&keys, config.shares)?,
            config,
            root_holder: match root_key {
                "" => None,
                key => Some(holder(key)?),
            },
        })
    }
}

/// A seal that is opened by shares has no recovery keys.
fn no_recovery(members: &Fields) -> Result<()> {
    let is_given = |name: &str| member(members, name).is_some_and(|value| !is_nothing(value));
    let recovery: Vec<&str> = ["recovery_shares", "recovery_threshold", "recovery_pgp_keys"]
        .into_iter()
        .filter(|name| is_given(name))
        .collect();
    if recovery.is_empty() {
        return Ok(());
    }
    let names = recovery.join(",");
    Err(Error::invalid(format!(
        "parameters {names} not applicable to seal type shamir"
    )))
}

/// The settings of a seal of so many shares.
///
/// # Errors
/// `Invalid` if the numbers make no sense, in Vault's words.
pub(crate) fn seal_config(shares: i64, threshold: i64) -> Result<SealConfig> {
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

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}
