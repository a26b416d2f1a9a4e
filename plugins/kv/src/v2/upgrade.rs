//! How the values of a version 1 mount become version 1 of their secrets.
//!
//! What is still to do is what still lies where version 1 keeps its values, so there is no other progress to lose: each
//! batch moves some of them, whole, and a crash between two batches costs nothing. Until none is left, requests are
//! answered as Vault answers them: it takes a moment, try again.

use super::Kv2;
use super::rows::{Rows, data_key, secrets};
use super::secret::Secret;
use super::settings::Settings;
use crate::v1;
use crate::walk::walk;
use logical::{Batch, Cx, Error, ErrorKind, Id, Next, Result, Span, Storage};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The most values that one batch moves, and the bytes after which it takes no more.
const VALUES_MAX: usize = 64;
const BYTES_MAX: usize = 1 << 20;

impl Kv2 {
    /// The rows of the mount, unless it is still being upgraded.
    pub(super) async fn rows(&self, cx: &Cx) -> Result<Rows> {
        if !self.upgraded.load(Ordering::Acquire) {
            if is_pending(&*cx.storage).await? {
                return Err(Error::invalid(
                    "Upgrading from non-versioned to versioned data. This backend will be unavailable for a brief \
                     period and will resume service shortly.",
                ));
            }
            self.upgraded.store(true, Ordering::Release);
        }
        Ok(Rows::new(Arc::clone(&cx.storage)))
    }

    /// Moves the next values. Asks to be called again as long as there may be more.
    pub(super) async fn upgrade(self: Arc<Self>, cx: Cx) -> Result<Next> {
        if !is_pending(&*cx.storage).await? {
            self.upgraded.store(true, Ordering::Release);
            return Ok(Next::Never);
        }
        let batch = next_batch(&cx).await?;
        let rows = batch.writes.len();
        match cx.services.commit(batch).await {
            Ok(_) => {
                tracing::info!(
                    mount.path = cx.mount.path,
                    rows,
                    "moved values of version 1 to version 2"
                );
                Ok(Next::At(cx.now))
            }
            // A last write of version 1 came between; the next look sees it.
            Err(error) if error.kind() == ErrorKind::Conflict => Ok(Next::At(cx.now)),
            Err(error) => Err(error),
        }
    }
}

async fn is_pending(storage: &dyn Storage) -> Result<bool> {
    Ok(!storage.range(&Span::under(v1::values()), 1).await?.is_empty())
}

async fn next_batch(cx: &Cx) -> Result<Batch> {
    let mut batch = Batch::new();
    let mut bytes = 0;
    for path in walk(&*cx.storage, &v1::values(), VALUES_MAX).await? {
        bytes += move_value(cx, &path, &mut batch).await?;
        if bytes > BYTES_MAX {
            break;
        }
    }
    tracing::debug!(
        mount.path = cx.mount.path,
        values = batch.writes.len() / 3,
        "upgrade moves values"
    );
    Ok(batch)
}

/// Adds to a batch what makes a value a version; gives the value's size.
async fn move_value(cx: &Cx, path: &str, batch: &mut Batch) -> Result<usize> {
    let (old, new) = (v1::values().path(path), secrets().path(path));
    let Some(value) = cx.storage.get(&old).await? else {
        return Ok(0);
    };
    let row = cx.storage.get(&new).await?;
    batch.expect(old.clone(), Some(value.revision));
    batch.expect(new.clone(), row.as_ref().map(|row| row.revision));
    // A secret that is there already gets a version more: nothing that was acknowledged is lost.
    let mut secret = match row {
        Some(row) => row.json()?,
        // Vault counts the oldest from one here, and from zero elsewhere.
        None => Secret {
            oldest: 1,
            ..Secret::new(cx.now)
        },
    };
    let id = Id::new(cx.now, cx.services.random());
    secret.add(id, &Settings::default(), cx.now);
    batch.put(data_key(id), (*value.value).clone());
    batch.put_json(new, &secret)?;
    batch.delete(old);
    Ok(value.value.len())
}
