//! The dev server: storage in memory, unsealed, a root token that is known, KV version 2 at `secret/`.

use anyhow::{Context, Result, anyhow};
use logical::Fields;
use logical::secret::SecretText;
use serde_json::json;
use server_http::Bootstrap;
use server_mounts::{MountEntry, TableKind};
use server_sys::root_token;
use server_tokens::{Birth, Token};
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::front::Front;
use crate::strongbox::Strongbox;

/// How a dev server is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DevSettings {
    /// The root token; one is made where there is none.
    pub root_token: Option<String>,
    /// Host and port; empty is 127.0.0.1:8200.
    pub listen_address: String,
    /// Whether the token is stored where the command line finds it.
    pub stores_token: bool,
    /// Whether KV version 2 is mounted at `secret/`.
    pub mounts_kv: bool,
}

impl Default for DevSettings {
    fn default() -> Self {
        Self {
            root_token: None,
            listen_address: String::new(),
            stores_token: true,
            mounts_kv: true,
        }
    }
}

/// What a dev server tells who started it.
pub(crate) struct DevKeys {
    pub(crate) unseal_key: String,
    pub(crate) root_token: String,
}

/// Initialises, unseals and mounts what a dev server has.
pub(crate) async fn prepare(strongbox: &Arc<Strongbox>, settings: &DevSettings) -> Result<DevKeys> {
    let front = Front(Arc::clone(strongbox));
    let made = front
        .init(Fields::of(json!({ "secret_shares": 1, "secret_threshold": 1 })))
        .await;
    let made = made.context("initialise the dev server")?;
    let share = made
        .get("keys_base64")
        .and_then(|keys| keys.get(0))
        .and_then(|key| key.as_str());
    let unseal_key = share
        .ok_or_else(|| anyhow!("the dev server has no unseal key"))?
        .to_owned();
    let own = made
        .text("root_token")
        .ok_or_else(|| anyhow!("the dev server has no root token"))?
        .to_owned();
    let unsealed = front.unseal(Fields::of(json!({ "key": unseal_key }))).await;
    unsealed.context("unseal the dev server")?;
    if settings.mounts_kv {
        mount_kv(strongbox).await.context("mount secret/")?;
    }
    let root_token = match &settings.root_token {
        Some(wish) => chosen_root(strongbox, wish, &own)
            .await
            .context("make the dev root token")?,
        None => own,
    };
    Ok(DevKeys {
        unseal_key,
        root_token,
    })
}

async fn mount_kv(strongbox: &Arc<Strongbox>) -> Result<()> {
    let house = strongbox.house();
    let mut entry = MountEntry::new(TableKind::Secrets, "secret/", "kv", house.now(), house.random());
    "key/value secret storage".clone_into(&mut entry.description);
    entry.options = Some(BTreeMap::from([("version".to_owned(), "2".to_owned())]));
    let change = house.rooms.mounts.enable(entry)?;
    house.commit(change.batch).await?;
    (change.apply)();
    Ok(())
}

/// A root token with a text that was chosen; the one that initialising made goes.
async fn chosen_root(strongbox: &Arc<Strongbox>, wish: &str, own: &str) -> Result<String> {
    let house = strongbox.house();
    let token = Token {
        path: "auth/token/create".to_owned(),
        display_name: "token".to_owned(),
        ..root_token(house.now())
    };
    let birth = Birth {
        token,
        text: Some(SecretText::from(wish)),
    };
    let born = house
        .rooms
        .tokens
        .mint(birth, house.now(), house.random())
        .await?;
    house.commit(house.rows_of(&born)?).await?;
    if let Some(known) = house.rooms.tokens.find(&SecretText::from(own)).await?
        && let Some(accessor) = known.accessor
    {
        house.revoke_token(accessor).await?;
    }
    Ok(wish.to_owned())
}
