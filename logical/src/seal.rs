//! What the operator holds, turned into the key that opens the store.

use crate::Result;
use crate::secret::Plaintext;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// How the unseal key is kept. Known before unsealing, so nothing of it is secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealConfig {
    /// The kind of seal: `shamir`, `static`.
    pub kind: String,
    /// How many shares were handed out.
    pub shares: u8,
    /// How many of them open the store.
    pub threshold: u8,
    /// Names the rekeying that made these settings; empty after initialisation.
    #[serde(default)]
    pub nonce: String,
}

/// How far an unsealing has come.
pub enum Progress {
    /// So many shares of those needed have been offered; `nonce` names this attempt.
    Waiting {
        /// Shares offered so far.
        progress: u8,
        /// Names the attempt, so that two operators see whether they work on the same one.
        nonce: String,
    },
    /// The unseal key. Whether it is the right one shows when it opens the root key.
    Ready(Plaintext),
}

/// Turns whatever the operator holds (key shares, a static key) into the unseal key, which opens the root key.
#[async_trait]
pub trait Seal: Send + Sync {
    /// What answers name it: `shamir`, `static`.
    fn kind(&self) -> &'static str;

    /// Splits an unseal key into what is handed to the operators; an automatic seal hands out nothing.
    async fn protect(&self, key: &Plaintext) -> Result<Vec<Plaintext>>;

    /// Takes one share. `None` asks an automatic seal to open itself.
    ///
    /// # Errors
    /// `Invalid` if the share cannot be one, or all were offered and do not fit together; the progress is reset then.
    async fn offer(&self, share: Option<Plaintext>) -> Result<Progress>;

    /// How far the present attempt has come: `Waiting`, with nothing offered and an empty nonce where there is none.
    fn progress(&self) -> Progress;

    /// Forgets the shares that were offered.
    fn reset(&self);
}
