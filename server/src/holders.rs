//! Who gets a share or a token: holders of OpenPGP keys, who alone can read what they get.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crypto::PgpKey;
use logical::secret::Plaintext;
use logical::{Error, Random, Result};

/// The holders of the shares of one key, each with a key of their own. None of them, if shares are told in clear.
#[derive(Clone, Default)]
pub(crate) struct Holders(Vec<PgpKey>);

impl Holders {
    /// Reads their keys, in base64.
    ///
    /// # Errors
    /// `Invalid` if one is no key, or there are not as many as shares.
    pub(crate) fn parse(keys: &[String], shares: u8) -> Result<Self> {
        if !keys.is_empty() && keys.len() != usize::from(shares) {
            return Err(Error::invalid(
                "count mismatch between number of provided PGP keys and number of shares",
            ));
        }
        keys.iter()
            .map(|key| holder(key))
            .collect::<Result<_>>()
            .map(Self)
    }

    /// Whether shares are told in clear.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fingerprints of their keys.
    pub(crate) fn fingerprints(&self) -> Vec<String> {
        self.0.iter().map(PgpKey::fingerprint).collect()
    }

    /// The shares as they are told: in clear, or each as a message for one holder. In a message the share is in
    /// hexadecimal, as in Vault, so that its reader can type it.
    pub(crate) fn wrap(&self, shares: Vec<Plaintext>, random: &dyn Random) -> Result<Vec<Plaintext>> {
        if self.is_empty() {
            return Ok(shares);
        }
        let wrap = |(holder, share): (&PgpKey, Plaintext)| {
            let text = Plaintext::new(hex::encode(share.expose()).into_bytes());
            Ok(Plaintext::new(holder.encrypt(&text, random)?))
        };
        self.0.iter().zip(shares).map(wrap).collect()
    }
}

/// Reads one key, in base64.
///
/// # Errors
/// `Invalid` if it is none.
pub(crate) fn holder(key: &str) -> Result<PgpKey> {
    let wrong = |error: &dyn std::fmt::Display| Error::invalid(format!("error parsing PGP key: {error}"));
    let bytes = STANDARD.decode(key).map_err(|error| wrong(&error))?;
    PgpKey::parse(&bytes).map_err(|error| wrong(&error))
}
