//! What those who hold key shares can do together: make new shares, make a root token.

use async_trait::async_trait;
use logical::Result;
use logical::secret::{Plaintext, SecretText};

/// Collects shares until there are enough, and then does what they were given for. Sealing ends whatever was begun.
#[async_trait]
pub trait Keyholders: Send + Sync {
    /// How far a rekeying is.
    async fn rekeying(&self) -> Result<Rekeying>;

    /// Begins a rekeying.
    async fn begin_rekey(&self, plan: RekeyPlan) -> Result<Rekeying>;

    /// Takes a share of the present key; the last one makes new shares. They are in force, unless they are to be
    /// verified first.
    async fn offer_to_rekey(&self, offer: Offer) -> Result<Rekeyed>;

    /// Takes a new share back; the last one puts the new shares into force.
    async fn verify_rekey(&self, offer: Offer) -> Result<Verified>;

    /// Begins the verification anew.
    async fn restart_verification(&self) -> Result<Rekeying>;

    /// Ends a rekeying. The present shares stay.
    async fn cancel_rekey(&self) -> Result<()>;

    /// Replaces the root key; the shares stay.
    async fn rotate_root(&self) -> Result<()>;

    /// How far a root token is.
    async fn root_generation(&self) -> Result<RootGeneration>;

    /// Begins to make a root token.
    async fn begin_root(&self, plan: RootPlan) -> Result<RootGeneration>;

    /// Takes a share; the last one makes the token.
    async fn offer_to_root(&self, offer: Offer) -> Result<RootGeneration>;

    /// Ends an attempt to make a root token.
    async fn cancel_root(&self) -> Result<()>;
}

/// A share that is handed in.
pub struct Offer {
    /// The share.
    pub share: Plaintext,
    /// Which attempt it is for.
    pub nonce: String,
}

/// What a rekeying is to make. The numbers are as they were asked for, and not looked at yet.
pub struct RekeyPlan {
    /// How many shares.
    pub shares: i64,
    /// How many of them open the store.
    pub threshold: i64,
    /// OpenPGP keys in base64, one for each share; none for shares in clear.
    pub pgp_keys: Vec<String>,
    /// Whether the encrypted shares are kept in the store, too.
    pub backup: bool,
    /// Whether the new shares count only once they have been given back.
    pub verification: bool,
}

/// How far a rekeying is.
pub struct Rekeying {
    /// How many of the present shares it takes.
    pub required: u8,
    /// The attempt, if one was begun.
    pub attempt: Option<RekeyAttempt>,
}

/// A rekeying that was begun.
pub struct RekeyAttempt {
    /// Names it.
    pub nonce: String,
    /// How many shares there will be.
    pub shares: u8,
    /// How many of them will open the store.
    pub threshold: u8,
    /// How many of the present shares were given.
    pub progress: u8,
    /// The fingerprints of the keys that the shares are encrypted for.
    pub fingerprints: Vec<String>,
    /// Whether the encrypted shares are kept in the store, too.
    pub backup: bool,
    /// Whether the new shares count only once they have been given back.
    pub verification: bool,
    /// How far that is; `None` as long as there are no new shares.
    pub verified: Option<Verification>,
}

/// How far a verification is.
pub struct Verification {
    /// Names it.
    pub nonce: String,
    /// How many of the new shares were given back.
    pub progress: u8,
}

/// What became of a share that was given to a rekeying.
pub enum Rekeyed {
    /// More are needed.
    Waiting(Rekeying),
    /// These are the new shares.
    Shares(NewShares),
}

/// New shares, in clear or as messages for the holders of keys. They are told once.
pub struct NewShares {
    /// Names the rekeying that made them.
    pub nonce: String,
    /// The shares.
    pub shares: Vec<Plaintext>,
    /// The fingerprints of the keys that they are encrypted for, in the same order.
    pub fingerprints: Vec<String>,
    /// Whether they are kept in the store, too.
    pub backup: bool,
    /// Names the verification; `None` if they are in force.
    pub verification_nonce: Option<String>,
}

/// What became of a share that was given back.
pub enum Verified {
    /// More are needed.
    Waiting(Rekeying),
    /// The new shares are in force; this named the verification.
    InForce(String),
}

/// How a root token is to be handed over.
pub struct RootPlan {
    /// A one-time password; one is made if it is empty.
    pub otp: SecretText,
    /// An OpenPGP key in base64, instead of a password.
    pub pgp_key: String,
}

/// How far a root token is.
pub struct RootGeneration {
    /// How many shares it takes.
    pub required: u8,
    /// How long a one-time password has to be.
    pub otp_length: usize,
    /// The attempt, if one was begun.
    pub attempt: Option<RootAttempt>,
}

/// An attempt to make a root token.
pub struct RootAttempt {
    /// Names it.
    pub nonce: String,
    /// How many shares were given.
    pub progress: u8,
    /// The fingerprint of the key that the token is encrypted for; empty with a password.
    pub fingerprint: String,
    /// The password that was made. Told once, at the beginning.
    pub otp: Option<SecretText>,
    /// The token, under the password or the key. Told once, at the end.
    pub encoded: Option<SecretText>,
}
