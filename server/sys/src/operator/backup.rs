//! Copies of encrypted shares that the store keeps: `sys/rekey/backup` and its twins.

use logical::{Access, Batch, Done, Error, Key, Operation, Result, Route, Shape, Storage, Table};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

use super::NewShares;
use super::rekey::{base64_of, hex_of};
use crate::Sys;
use crate::mounts::Nothing;

/// The encrypted shares of a rekeying, by the fingerprints of the keys that open them.
#[derive(Serialize, Deserialize)]
pub struct ShareBackup {
    nonce: String,
    keys: BTreeMap<String, Vec<String>>,
    keys_base64: BTreeMap<String, Vec<String>>,
}

pub(super) fn routes(table: Table<Sys>) -> Table<Sys> {
    table
        .route("rekey/backup", Access::Token, kept)
        .route("rotate/root/backup", Access::Token, kept)
        .route("rekey/recovery-key-backup", Access::Token, never_kept)
        .route("rotate/recovery/backup", Access::Token, never_kept)
}

fn kept(route: &mut Route<Sys>) {
    route
        .shape(Shape::Doubled)
        .on(
            Operation::Read,
            "Read the copy of the encrypted key shares.",
            |sys, _, _: Nothing| async move {
                let copy = ShareBackup::stored(sys.house.store.as_ref()).await?;
                let copy = copy.ok_or_else(nothing_kept)?;
                Ok(Done::data(json!({
                    "nonce": copy.nonce, "keys": copy.keys, "keys_base64": copy.keys_base64,
                })))
            },
        )
        .on(
            Operation::Delete,
            "Delete the copy of the encrypted key shares.",
            |_, _, _: Nothing| async {
                let mut batch = Batch::new();
                batch.delete(ShareBackup::key());
                Ok(Done::empty().commit(batch))
            },
        );
}

/// A seal that is opened by shares has no recovery keys.
fn never_kept(route: &mut Route<Sys>) {
    route
        .on(
            Operation::Read,
            "Read the copy of the encrypted recovery shares.",
            |_, _, _: Nothing| async { Err(nothing_kept()) },
        )
        .on(
            Operation::Delete,
            "Delete the copy of the encrypted recovery shares.",
            |_, _, _: Nothing| async { Ok(Done::empty()) },
        );
}

impl ShareBackup {
    /// A copy of new shares. One holder may have several.
    pub fn of(new: &NewShares) -> Self {
        let mut copy = Self {
            nonce: new.nonce.clone(),
            keys: BTreeMap::new(),
            keys_base64: BTreeMap::new(),
        };
        for (fingerprint, share) in new.fingerprints.iter().zip(&new.shares) {
            let keys = copy.keys.entry(fingerprint.clone()).or_default();
            keys.push(hex_of(share));
            let keys = copy.keys_base64.entry(fingerprint.clone()).or_default();
            keys.push(base64_of(share));
        }
        copy
    }

    /// The row that keeps it, in the place of an earlier one.
    pub fn row(&self) -> Result<Batch> {
        let mut batch = Batch::new();
        batch.put_json(Self::key(), self)?;
        Ok(batch)
    }

    async fn stored(storage: &dyn Storage) -> Result<Option<Self>> {
        let row = storage.get(&Self::key()).await?;
        row.map(|row| row.json()).transpose()
    }

    fn key() -> Key {
        Key::of("config").fixed("share-backup")
    }
}

fn nothing_kept() -> Error {
    Error::invalid("no backed-up keys found")
}
