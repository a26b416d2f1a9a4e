//! New key shares. Enough of the present ones make them; if it is asked for, they count only once they were given back.

use async_trait::async_trait;
use logical::secret::Plaintext;
use logical::{Batch, Error, Random, Result, Seal, SealConfig};
use server_sys::{
    Keyholders, NewShares, Offer, RekeyAttempt, RekeyPlan, Rekeyed, Rekeying, RootGeneration, RootPlan,
    ShareBackup, Verification, Verified,
};
use std::sync::Arc;
use storage::seal::{Gathered, Gathering, SealError, ShamirSeal};

use crate::holders::Holders;
use crate::strongbox::Strongbox;

/// A rekeying that was begun. It lives in memory alone: sealing ends it.
pub(crate) struct Rekey {
    /// How the new key will be kept.
    config: SealConfig,
    /// Who gets the new shares.
    holders: Holders,
    /// Whether the store keeps a copy of them.
    backup: bool,
    /// Whether they count only once they were given back.
    verification: bool,
    /// Shares of the present key.
    gathering: Gathering,
    /// The new key, while it waits to be verified.
    drawn: Option<Drawn>,
}

/// A new key that was told to the operators and is not in force.
struct Drawn {
    key: Plaintext,
    /// The copy of its shares.
    rows: Batch,
    /// Shares of the new key, given back.
    gathering: Gathering,
}

/// A new key with its shares.
struct New {
    key: Plaintext,
    told: NewShares,
    rows: Batch,
}

#[async_trait]
impl Keyholders for Strongbox {
    async fn rekeying(&self) -> Result<Rekeying> {
        let required = self.threshold().await?;
        let attempt = self.rekey.lock().as_ref().map(Rekey::shown);
        Ok(Rekeying { required, attempt })
    }

    async fn begin_rekey(&self, plan: RekeyPlan) -> Result<Rekeying> {
        let _changing = self.changing.lock().await;
        let required = self.threshold().await?;
        let begun = Rekey::begin(&plan, required, self.house.random())?;
        let mut present = self.rekey.lock();
        self.check_open()?;
        if present.is_some() {
            return Err(Error::invalid("rekey already in progress"));
        }
        tracing::info!(nonce = begun.gathering.nonce(), "a rekeying was begun");
        let attempt = Some(present.insert(begun).shown());
        Ok(Rekeying { required, attempt })
    }

    async fn offer_to_rekey(&self, offer: Offer) -> Result<Rekeyed> {
        // From the last share to the commit nobody else may give one: the same shares would make two new keys.
        let _changing = self.changing.lock().await;
        let given = match self.rekey.lock().as_mut() {
            Some(rekey) => rekey.take(offer)?,
            None => return Err(Error::invalid("no barrier rekey in progress")),
        };
        let Gathered::Key(key) = given else {
            return Ok(Rekeyed::Waiting(self.rekeying().await?));
        };
        if !self.barrier.is_unseal_key(&key)? {
            return Err(Error::invalid("rekey aborted: the shares do not open the store"));
        }
        let New { key, mut told, rows } = self.draw().await?;
        if let Some(nonce) = self.await_verification(&key, &rows)? {
            told.verification_nonce = Some(nonce);
        } else {
            self.put_into_force(&key, rows).await?;
        }
        Ok(Rekeyed::Shares(told))
    }

    async fn verify_rekey(&self, offer: Offer) -> Result<Verified> {
        let _changing = self.changing.lock().await;
        let verified = match self.rekey.lock().as_mut() {
            Some(rekey) => rekey.take_back(offer, self.house.random())?,
            None => return Err(Error::invalid("no rekey in progress")),
        };
        let Some((key, rows, nonce)) = verified else {
            return Ok(Verified::Waiting(self.rekeying().await?));
        };
        self.put_into_force(&key, rows).await?;
        Ok(Verified::InForce(nonce))
    }

    async fn restart_verification(&self) -> Result<Rekeying> {
        let _changing = self.changing.lock().await;
        let required = self.threshold().await?;
        let mut present = self.rekey.lock();
        let rekey = present.as_mut();
        let rekey = rekey.ok_or_else(|| Error::invalid("no rekey in progress"))?;
        if let Some(drawn) = &mut rekey.drawn {
            drawn.gathering.restart(self.house.random());
        }
        let attempt = Some(rekey.shown());
        Ok(Rekeying { required, attempt })
    }

    async fn cancel_rekey(&self) -> Result<()> {
        let _changing = self.changing.lock().await;
        if self.rekey.lock().take().is_some() {
            tracing::info!("a rekeying was cancelled");
        }
        Ok(())
    }

    async fn rotate_root(&self) -> Result<()> {
        self.barrier.rotate_root().await
    }

    async fn root_generation(&self) -> Result<RootGeneration> {
        self.root_status().await
    }

    async fn begin_root(&self, plan: RootPlan) -> Result<RootGeneration> {
        self.root_begin(plan).await
    }

    async fn offer_to_root(&self, offer: Offer) -> Result<RootGeneration> {
        self.root_offer(offer).await
    }

    async fn cancel_root(&self) -> Result<()> {
        let _changing = self.changing.lock().await;
        self.root.lock().take();
        Ok(())
    }
}

impl Strongbox {
    /// Asked while an attempt is locked, so that none is begun behind a sealing that has ended them all.
    pub(crate) fn check_open(&self) -> Result<()> {
        if self.is_open() {
            Ok(())
        } else {
            Err(Error::sealed())
        }
    }

    /// How many shares open the store now.
    pub(crate) async fn threshold(&self) -> Result<u8> {
        Ok(self.seal().await?.config().threshold)
    }

    /// Draws a new key and splits it as the rekeying asks for.
    async fn draw(&self) -> Result<New> {
        let random = &self.house.ambient.random;
        let (config, holders, backup) = match self.rekey.lock().as_ref() {
            Some(rekey) => (rekey.config.clone(), rekey.holders.clone(), rekey.backup),
            None => return Err(Error::sealed()),
        };
        let key = self.barrier.draw_unseal_key();
        let nonce = config.nonce.clone();
        let shares = ShamirSeal::new(config, Arc::clone(random))?.protect(&key).await?;
        let told = NewShares {
            nonce,
            shares: holders.wrap(shares, random.as_ref())?,
            fingerprints: holders.fingerprints(),
            backup,
            verification_nonce: None,
        };
        let rows = match backup {
            true => ShareBackup::of(&told).row()?,
            false => Batch::new(),
        };
        Ok(New { key, told, rows })
    }

    /// Keeps a new key until its shares were given back, if that is asked for. Gives the nonce of the verification.
    fn await_verification(&self, key: &Plaintext, rows: &Batch) -> Result<Option<String>> {
        let mut present = self.rekey.lock();
        let rekey = present.as_mut().ok_or_else(Error::sealed)?;
        if !rekey.verification {
            return Ok(None);
        }
        let gathering = Gathering::new(rekey.config.threshold, self.house.random());
        let nonce = gathering.nonce().to_owned();
        rekey.drawn = Some(Drawn {
            key: key.clone(),
            rows: rows.clone(),
            gathering,
        });
        Ok(Some(nonce))
    }

    /// Makes a new key the one that opens the store, in one commit, and ends the rekeying.
    async fn put_into_force(&self, key: &Plaintext, rows: Batch) -> Result<()> {
        let config = match self.rekey.lock().as_ref() {
            Some(rekey) => rekey.config.clone(),
            None => return Err(Error::sealed()),
        };
        let nonce = config.nonce.clone();
        self.barrier.rekey(key, config, rows).await?;
        self.seal.lock().take();
        self.rekey.lock().take();
        // What was begun with the old shares would wait for ever.
        self.root.lock().take();
        tracing::info!(nonce, "the store opens with new key shares");
        Ok(())
    }
}

impl Rekey {
    fn begin(plan: &RekeyPlan, required: u8, random: &dyn Random) -> Result<Self> {
        let mut config = crate::initialize::seal_config(plan.shares, plan.threshold)?;
        let holders = Holders::parse(&plan.pgp_keys, config.shares)?;
        if plan.backup && holders.is_empty() {
            return Err(Error::invalid(
                "cannot back up shares that are told in clear: pgp_keys are needed",
            ));
        }
        let gathering = Gathering::new(required, random);
        gathering.nonce().clone_into(&mut config.nonce);
        Ok(Self {
            config,
            holders,
            backup: plan.backup,
            verification: plan.verification,
            gathering,
            drawn: None,
        })
    }

    fn take(&mut self, offer: Offer) -> Result<Gathered> {
        if let Some(drawn) = &self.drawn {
            return Err(Error::invalid(format!(
                "rekey operation already finished; verification must be performed; nonce for the verification operation is {:?}",
                drawn.gathering.nonce()
            )));
        }
        check_nonce(&self.gathering, &offer, "rekey")?;
        ShamirSeal::check_share(&offer.share)?;
        Ok(self.gathering.offer(offer.share)?)
    }

    /// The new key with its rows and the verification's nonce, once enough of its shares were given back.
    fn take_back(&mut self, offer: Offer, random: &dyn Random) -> Result<Option<(Plaintext, Batch, String)>> {
        let drawn = self.drawn.as_mut();
        let drawn = drawn.ok_or_else(|| Error::invalid("no rekey verification in progress"))?;
        check_nonce(&drawn.gathering, &offer, "verify")?;
        ShamirSeal::check_share(&offer.share)?;
        let wrong = match drawn.gathering.offer(offer.share) {
            Ok(Gathered::Waiting) => return Ok(None),
            Ok(Gathered::Key(key)) => key != drawn.key,
            Err(error @ SealError::Repeated) => return Err(error.into()),
            Err(_) => true,
        };
        if wrong {
            drawn.gathering.restart(random);
            return Err(Error::invalid(
                "rekey verification failed; incorrect key shares supplied",
            ));
        }
        let nonce = drawn.gathering.nonce().to_owned();
        Ok(Some((drawn.key.clone(), drawn.rows.clone(), nonce)))
    }

    fn shown(&self) -> RekeyAttempt {
        RekeyAttempt {
            nonce: self.gathering.nonce().to_owned(),
            shares: self.config.shares,
            threshold: self.config.threshold,
            progress: self.gathering.progress(),
            fingerprints: self.holders.fingerprints(),
            backup: self.backup,
            verification: self.verification,
            verified: self.drawn.as_ref().map(|drawn| Verification {
                nonce: drawn.gathering.nonce().to_owned(),
                progress: drawn.gathering.progress(),
            }),
        }
    }
}

/// Refuses a share that is for another attempt.
pub(crate) fn check_nonce(gathering: &Gathering, offer: &Offer, what: &str) -> Result<()> {
    let nonce = gathering.nonce();
    if offer.nonce == nonce {
        return Ok(());
    }
    // It is no secret: whoever may give a share may ask for it.
    Err(Error::invalid(format!(
        "incorrect nonce supplied; nonce for this {what} operation is {nonce:?}"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::SystemRandom;

    const KEY: [u8; 32] = [7; 32];

    fn plan(shares: i64, threshold: i64) -> RekeyPlan {
        RekeyPlan {
            shares,
            threshold,
            pgp_keys: Vec::new(),
            backup: false,
            verification: true,
        }
    }

    fn begun() -> Rekey {
        Rekey::begin(&plan(1, 1), 1, &SystemRandom::new()).unwrap()
    }

    /// A rekeying whose new key waits to be given back.
    fn drawn() -> Rekey {
        let gathering = Gathering::new(1, &SystemRandom::new());
        let drawn = Drawn {
            key: Plaintext::from(&KEY[..]),
            rows: Batch::new(),
            gathering,
        };
        Rekey {
            drawn: Some(drawn),
            ..begun()
        }
    }

    fn offer(share: &[u8], nonce: &str) -> Offer {
        Offer {
            share: Plaintext::from(share),
            nonce: nonce.to_owned(),
        }
    }

    fn check_refused<T>(result: Result<T>, text: &str) {
        let error = result.err().unwrap();
        assert!(error.public().starts_with(text), "{error}");
    }

    #[test]
    fn a_plan_that_makes_no_sense_is_refused() {
        let begin = |plan: &RekeyPlan| Rekey::begin(plan, 1, &SystemRandom::new()).map(drop);
        for (shares, threshold) in [(0, 0), (3, 1), (2, 3), (256, 2), (-1, 1)] {
            check_refused(begin(&plan(shares, threshold)), "invalid seal configuration");
        }
        let backup = RekeyPlan {
            backup: true,
            ..plan(1, 1)
        };
        check_refused(begin(&backup), "cannot back up shares");
        let keys = RekeyPlan {
            pgp_keys: vec!["AAAA".to_owned(); 2],
            ..plan(1, 1)
        };
        check_refused(begin(&keys), "count mismatch");
    }

    #[test]
    fn a_share_for_another_attempt_is_refused() {
        let mut rekey = begun();
        check_refused(rekey.take(offer(&KEY, "other")), "incorrect nonce supplied");
        let nonce = rekey.shown().nonce;
        assert!(matches!(rekey.take(offer(&KEY, &nonce)), Ok(Gathered::Key(_))));
    }

    #[test]
    fn a_share_of_a_length_that_none_has_costs_no_progress() {
        let mut rekey = Rekey::begin(&plan(1, 1), 2, &SystemRandom::new()).unwrap();
        let nonce = rekey.shown().nonce;
        rekey.take(offer(&[1; 33], &nonce)).unwrap();
        check_refused(rekey.take(offer(&[1; 40], &nonce)), "invalid key");
        assert_eq!(rekey.shown().progress, 1);
    }

    #[test]
    fn once_there_is_a_new_key_no_more_shares_of_the_old_one_are_taken() {
        let mut rekey = drawn();
        let nonce = rekey.shown().nonce;
        check_refused(
            rekey.take(offer(&KEY, &nonce)),
            "rekey operation already finished",
        );
    }

    #[test]
    fn the_new_key_counts_when_it_is_given_back() {
        let mut rekey = drawn();
        let nonce = rekey.shown().verified.unwrap().nonce;
        let random = SystemRandom::new();
        let (key, _, verified) = rekey.take_back(offer(&KEY, &nonce), &random).unwrap().unwrap();
        assert!(key.expose() == KEY && verified == nonce);
        check_refused(
            begun().take_back(offer(&KEY, &nonce), &random),
            "no rekey verification",
        );
    }

    #[test]
    fn a_wrong_key_given_back_begins_the_verification_anew() {
        let mut rekey = drawn();
        let nonce = rekey.shown().verified.unwrap().nonce;
        let random = SystemRandom::new();
        let wrong = rekey.take_back(offer(&[8; 32], &nonce), &random);
        check_refused(wrong, "rekey verification failed");
        assert_ne!(rekey.shown().verified.unwrap().nonce, nonce);
    }
}
