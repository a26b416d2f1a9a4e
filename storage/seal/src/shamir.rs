//! Shamir's seal: the unseal key is split into shares, and some of them give it back.

use crate::{Gathered, Gathering, SealError};
use async_trait::async_trait;
use crypto::{CryptoError, shamir};
use logical::secret::Plaintext;
use logical::{Progress, Random, Result, Seal, SealConfig};
use parking_lot::Mutex;
use std::sync::Arc;

const KIND: &str = "shamir";
/// The length of the unseal key, and so of a share that is the only one.
pub(crate) const KEY: usize = 32;
/// Vault takes anything from here to the longest share as a share, and refuses it when the threshold is reached.
const SHARE_MIN: usize = 16;
const SHARE_MAX: usize = KEY + shamir::OVERHEAD;

/// Key shares in the hands of operators. With one share, the share is the key.
pub struct ShamirSeal {
    config: SealConfig,
    random: Arc<dyn Random>,
    /// The shares offered so far; there is an attempt from the first one on.
    attempt: Mutex<Option<Gathering>>,
}

impl ShamirSeal {
    /// Settings for a new seal.
    ///
    /// # Errors
    /// `Invalid` unless there is one share, or a threshold of at least two and at most all of at most 255.
    pub fn settings(shares: u8, threshold: u8) -> Result<SealConfig> {
        let config = SealConfig {
            kind: KIND.to_owned(),
            shares,
            threshold,
            nonce: String::new(),
        };
        check(&config)?;
        Ok(config)
    }

    /// The seal with these settings; nothing has been offered to it.
    ///
    /// # Errors
    /// `Invalid` if the numbers make no sense.
    pub fn new(config: SealConfig, random: Arc<dyn Random>) -> Result<Self> {
        check(&config)?;
        Ok(Self {
            config,
            random,
            attempt: Mutex::default(),
        })
    }

    /// The settings.
    pub fn config(&self) -> &SealConfig {
        &self.config
    }

    /// Whether something has the length of a share.
    ///
    /// # Errors
    /// `Short` or `Long`.
    pub fn check_share(share: &Plaintext) -> Result<(), SealError> {
        match share.len() {
            ..SHARE_MIN => Err(SealError::Short { min: SHARE_MIN }),
            SHARE_MIN..=SHARE_MAX => Ok(()),
            _ => Err(SealError::Long { max: SHARE_MAX }),
        }
    }
}

#[async_trait]
impl Seal for ShamirSeal {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn protect(&self, key: &Plaintext) -> Result<Vec<Plaintext>> {
        if key.len() != KEY {
            return Err(SealError::Length { length: key.len() }.into());
        }
        if self.config.shares == 1 {
            return Ok(vec![key.clone()]);
        }
        let (shares, threshold) = (self.config.shares, self.config.threshold);
        Ok(shamir::split(key, shares, threshold, self.random.as_ref())?)
    }

    async fn offer(&self, share: Option<Plaintext>) -> Result<Progress> {
        let share = share.ok_or(SealError::NoShare)?;
        Self::check_share(&share)?;
        let mut attempt = self.attempt.lock();
        let begin = || Gathering::new(self.config.threshold, self.random.as_ref());
        let gathered = attempt.get_or_insert_with(begin).offer(share);
        match gathered {
            // Who gives a share twice is told how far it is, as in Vault.
            Ok(Gathered::Waiting) | Err(SealError::Repeated) => Ok(progress(attempt.as_ref())),
            Ok(Gathered::Key(key)) => {
                *attempt = None;
                Ok(Progress::Ready(key))
            }
            Err(error) => {
                *attempt = None;
                Err(error.into())
            }
        }
    }

    fn progress(&self) -> Progress {
        progress(self.attempt.lock().as_ref())
    }

    fn reset(&self) {
        *self.attempt.lock() = None;
    }
}

fn progress(attempt: Option<&Gathering>) -> Progress {
    Progress::Waiting {
        progress: attempt.map_or(0, Gathering::progress),
        nonce: attempt.map_or_else(String::new, |attempt| attempt.nonce().to_owned()),
    }
}

fn check(config: &SealConfig) -> Result<(), SealError> {
    match (config.shares, config.threshold) {
        (1, 1) => Ok(()),
        (shares, threshold) if threshold >= 2 && threshold <= shares => Ok(()),
        _ => Err(SealError::Config(CryptoError::Split)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::SystemRandom;
    use logical::ErrorKind;

    const UNSEAL: [u8; KEY] = *b"an unseal key of thirty-two byte";

    fn seal(shares: u8, threshold: u8) -> ShamirSeal {
        let config = ShamirSeal::settings(shares, threshold).unwrap();
        ShamirSeal::new(config, Arc::new(SystemRandom::new())).unwrap()
    }

    async fn shares(seal: &ShamirSeal) -> Vec<Plaintext> {
        seal.protect(&Plaintext::from(&UNSEAL[..])).await.unwrap()
    }

    /// How many shares count after this one; `None` if the key is there.
    async fn offer(seal: &ShamirSeal, share: &Plaintext) -> Option<u8> {
        match seal.offer(Some(share.clone())).await.unwrap() {
            Progress::Waiting { progress, nonce } => {
                assert_eq!(nonce.len(), 36);
                Some(progress)
            }
            Progress::Ready(key) => {
                assert_eq!(key.expose(), UNSEAL);
                None
            }
        }
    }

    fn waiting(seal: &ShamirSeal) -> (u8, String) {
        match seal.progress() {
            Progress::Waiting { progress, nonce } => (progress, nonce),
            Progress::Ready(_) => panic!("nobody keeps a key"),
        }
    }

    async fn refusal(seal: &ShamirSeal, share: &[u8]) -> String {
        let error = seal.offer(Some(Plaintext::from(share))).await.err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        error.public().to_owned()
    }

    #[tokio::test]
    async fn a_single_share_is_the_key() {
        let seal = seal(1, 1);
        let shares = shares(&seal).await;
        assert_eq!(shares.len(), 1);
        assert_eq!(shares[0].expose(), UNSEAL);
        assert_eq!(offer(&seal, &shares[0]).await, None);
    }

    #[tokio::test]
    async fn the_threshold_of_shares_gives_the_key_and_the_attempt_is_over() {
        let seal = seal(5, 3);
        let shares = shares(&seal).await;
        assert!(shares.iter().all(|share| share.len() == 33));
        assert_eq!(offer(&seal, &shares[4]).await, Some(1));
        assert_eq!(offer(&seal, &shares[1]).await, Some(2));
        assert_eq!(offer(&seal, &shares[0]).await, None);
        assert_eq!(waiting(&seal), (0, String::new()));
    }

    #[tokio::test]
    async fn the_same_share_counts_once() {
        let seal = seal(3, 3);
        let shares = shares(&seal).await;
        assert_eq!(offer(&seal, &shares[0]).await, Some(1));
        let (_, nonce) = waiting(&seal);
        assert_eq!(offer(&seal, &shares[0]).await, Some(1));
        assert_eq!(offer(&seal, &shares[1]).await, Some(2));
        assert_eq!(offer(&seal, &shares[0]).await, Some(2));
        assert_eq!(waiting(&seal), (2, nonce));
    }

    #[tokio::test]
    async fn after_a_reset_another_attempt_begins() {
        let seal = seal(3, 2);
        let shares = shares(&seal).await;
        offer(&seal, &shares[0]).await;
        let (_, first) = waiting(&seal);
        seal.reset();
        assert_eq!(waiting(&seal), (0, String::new()));
        assert_eq!(offer(&seal, &shares[0]).await, Some(1));
        assert_ne!(waiting(&seal).1, first);
    }

    #[tokio::test]
    async fn what_no_share_can_be_is_refused_and_progress_stays() {
        let seal = seal(3, 2);
        let shares = shares(&seal).await;
        offer(&seal, &shares[0]).await;
        assert_eq!(
            refusal(&seal, &[0; 15]).await,
            "invalid key: key is shorter than minimum 16 bytes"
        );
        assert_eq!(
            refusal(&seal, &[0; 34]).await,
            "invalid key: key is longer than maximum 33 bytes"
        );
        assert_eq!(waiting(&seal).0, 1);
    }

    #[tokio::test]
    async fn shares_that_do_not_fit_together_end_the_attempt() {
        let seal = seal(3, 2);
        let shares = shares(&seal).await;
        offer(&seal, &shares[0]).await;
        let text = refusal(&seal, &[1; 20]).await;
        assert_eq!(text, "invalid key: the shares do not fit together");
        assert_eq!(waiting(&seal), (0, String::new()));
    }

    #[tokio::test]
    async fn a_single_share_of_33_bytes_is_no_key() {
        let text = refusal(&seal(1, 1), &[0; 33]).await;
        assert_eq!(
            text,
            "invalid key: failed to setup unseal key: crypto/aes: invalid key size 33"
        );
    }

    #[tokio::test]
    async fn it_does_not_open_itself() {
        assert_eq!(
            seal(1, 1).offer(None).await.err().unwrap().kind(),
            ErrorKind::Invalid
        );
    }

    #[test]
    fn numbers_that_make_no_sense_are_refused() {
        for (shares, threshold) in [(0, 0), (0, 1), (1, 0), (3, 1), (2, 3), (1, 2)] {
            assert!(
                ShamirSeal::settings(shares, threshold).is_err(),
                "{threshold} of {shares}"
            );
        }
        assert!(ShamirSeal::settings(255, 255).is_ok());
    }
}
