//! Shares that operators hand in one by one until there are enough: to unseal, for new shares, for a new root token.

use crate::SealError;
use crate::shamir::KEY;
use crypto::{equal, shamir};
use logical::Random;
use logical::secret::Plaintext;

/// Shares handed in for one purpose, under a nonce that names the attempt.
///
/// A share counts once: two operators who hold the same one are not two. When there are enough they are put together
/// and forgotten, whatever comes of them: a wrong one among them cannot be told from the others.
pub struct Gathering {
    nonce: String,
    threshold: u8,
    shares: Vec<Plaintext>,
}

/// What became of a share.
pub enum Gathered {
    /// It counts, and more are needed.
    Waiting,
    /// It was the last one needed, and this is the key. Whether it is the right one shows where it is used.
    Key(Plaintext),
}

impl Gathering {
    /// No shares yet, of which so many are needed.
    pub fn new(threshold: u8, random: &dyn Random) -> Self {
        Self {
            nonce: nonce(random),
            threshold,
            shares: Vec::new(),
        }
    }

    /// Names the attempt, so that two operators see whether they work on the same one.
    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    /// How many shares count so far.
    pub fn progress(&self) -> u8 {
        u8::try_from(self.shares.len()).unwrap_or(u8::MAX)
    }

    /// Takes a share.
    ///
    /// # Errors
    /// `Repeated` if it counts already; `Shares` or `Length` if enough are there and do not give a key. The shares are
    /// forgotten in the latter case.
    pub fn offer(&mut self, share: Plaintext) -> Result<Gathered, SealError> {
        let is_known = |known: &Plaintext| equal(known.expose(), share.expose());
        if self.shares.iter().any(is_known) {
            return Err(SealError::Repeated);
        }
        self.shares.push(share);
        if self.shares.len() < usize::from(self.threshold) {
            return Ok(Gathered::Waiting);
        }
        let shares = std::mem::take(&mut self.shares);
        key(shares).map(Gathered::Key)
    }

    /// Forgets the shares; the attempt goes on under another nonce.
    pub fn restart(&mut self, random: &dyn Random) {
        self.shares.clear();
        self.nonce = nonce(random);
    }
}

/// A single share is the key itself.
fn key(mut shares: Vec<Plaintext>) -> Result<Plaintext, SealError> {
    let key = match (shares.pop(), shares.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            shares.extend(last);
            shamir::combine(&shares).map_err(SealError::Shares)?
        }
    };
    match key.len() {
        KEY => Ok(key),
        length => Err(SealError::Length { length }),
    }
}

/// A random UUID, as Vault's nonces are.
fn nonce(random: &dyn Random) -> String {
    let mut bytes = [0; 16];
    random.fill(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::{CryptoError, SystemRandom};

    const UNSEAL: [u8; KEY] = *b"an unseal key of thirty-two byte";

    fn shares(parts: u8, threshold: u8) -> Vec<Plaintext> {
        shamir::split(
            &Plaintext::from(&UNSEAL[..]),
            parts,
            threshold,
            &SystemRandom::new(),
        )
        .unwrap()
    }

    fn gathering(threshold: u8) -> Gathering {
        Gathering::new(threshold, &SystemRandom::new())
    }

    /// How a share is taken, and how many count after it.
    fn check(gathering: &mut Gathering, share: &Plaintext, expected: Result<bool, SealError>, progress: u8) {
        let found = match gathering.offer(share.clone()) {
            Ok(Gathered::Waiting) => Ok(false),
            Ok(Gathered::Key(key)) => Ok(key.expose() == UNSEAL),
            Err(error) => Err(error),
        };
        assert_eq!((found, gathering.progress()), (expected, progress));
    }

    #[test]
    fn the_threshold_of_shares_gives_the_key_and_forgets_them() {
        let (mut gathering, shares) = (gathering(3), shares(5, 3));
        let nonce = gathering.nonce().to_owned();
        check(&mut gathering, &shares[4], Ok(false), 1);
        check(&mut gathering, &shares[1], Ok(false), 2);
        check(&mut gathering, &shares[0], Ok(true), 0);
        assert_eq!(gathering.nonce(), nonce);
    }

    #[test]
    fn a_single_share_is_the_key() {
        check(&mut gathering(1), &Plaintext::from(&UNSEAL[..]), Ok(true), 0);
    }

    #[test]
    fn a_share_counts_once() {
        let (mut gathering, shares) = (gathering(2), shares(3, 2));
        check(&mut gathering, &shares[0], Ok(false), 1);
        check(&mut gathering, &shares[0], Err(SealError::Repeated), 1);
        check(&mut gathering, &shares[2], Ok(true), 0);
    }

    #[test]
    fn shares_that_give_no_key_are_forgotten() {
        let (mut pair, shares) = (gathering(2), shares(3, 2));
        let short = Plaintext::from(&[1_u8; 20][..]);
        check(&mut pair, &short, Ok(false), 1);
        check(
            &mut pair,
            &shares[0],
            Err(SealError::Shares(CryptoError::Shares)),
            0,
        );
        check(&mut pair, &shares[0], Ok(false), 1);
        check(
            &mut gathering(1),
            &short,
            Err(SealError::Length { length: 20 }),
            0,
        );
    }

    #[test]
    fn shares_of_another_key_give_another_key() {
        let (mut gathering, shares) = (gathering(2), shares(3, 2));
        let mut altered = shares[0].expose().to_vec();
        altered[3] ^= 0x55;
        check(&mut gathering, &Plaintext::new(altered), Ok(false), 1);
        check(&mut gathering, &shares[1], Ok(false), 0);
    }

    #[test]
    fn after_a_restart_the_nonce_is_another_one() {
        let (mut gathering, shares) = (gathering(2), shares(3, 2));
        let first = gathering.nonce().to_owned();
        check(&mut gathering, &shares[0], Ok(false), 1);
        gathering.restart(&SystemRandom::new());
        assert_ne!(gathering.nonce(), first);
        check(&mut gathering, &shares[0], Ok(false), 1);
    }
}
