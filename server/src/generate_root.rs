//! A new root token, out of enough key shares. It is told under a one-time password or an OpenPGP key, so that it can
//! go through the hands of those who give the shares.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use crypto::PgpKey;
use logical::secret::{Plaintext, SecretText};
use logical::{Error, Random, Result, random_text};
use server_sys::{Offer, RootAttempt, RootGeneration, RootPlan, root_token};
use server_tokens::{Birth, ROOT_LENGTH};
use storage::seal::{Gathered, Gathering, ShamirSeal};

use crate::holders;
use crate::rekey::check_nonce;
use crate::strongbox::Strongbox;

/// An attempt that was begun. It lives in memory alone: sealing ends it.
pub(crate) struct Generation {
    cover: Cover,
    gathering: Gathering,
}

/// Under what the token is told.
enum Cover {
    /// A password as long as the token.
    Otp(SecretText),
    /// Somebody's key.
    Key(Box<PgpKey>),
}

impl Strongbox {
    pub(crate) async fn root_status(&self) -> Result<RootGeneration> {
        let required = self.threshold().await?;
        Ok(generation(
            required,
            self.root.lock().as_ref().map(Generation::shown),
        ))
    }

    pub(crate) async fn root_begin(&self, plan: RootPlan) -> Result<RootGeneration> {
        let _changing = self.changing.lock().await;
        let required = self.threshold().await?;
        let random = self.house.random();
        let made = plan.otp.is_empty() && plan.pgp_key.is_empty();
        let begun = Generation {
            cover: Cover::of(plan, random)?,
            gathering: Gathering::new(required, random),
        };
        let mut present = self.root.lock();
        self.check_open()?;
        if present.is_some() {
            return Err(Error::invalid("root generation already in progress"));
        }
        tracing::info!(nonce = begun.gathering.nonce(), "a root generation was begun");
        let begun = present.insert(begun);
        let mut attempt = begun.shown();
        attempt.otp = begun.cover.otp().filter(|_| made).cloned();
        Ok(generation(required, Some(attempt)))
    }

    pub(crate) async fn root_offer(&self, offer: Offer) -> Result<RootGeneration> {
        let _changing = self.changing.lock().await;
        let required = self.threshold().await?;
        let (given, mut attempt) = match self.root.lock().as_mut() {
            Some(generation) => (generation.take(offer)?, generation.shown()),
            None => return Err(Error::invalid("no root generation in progress")),
        };
        if let Gathered::Key(key) = given {
            if !self.barrier.is_unseal_key(&key)? {
                return Err(Error::invalid(
                    "root generation aborted: the shares do not open the store",
                ));
            }
            attempt.encoded = Some(self.make_root().await?);
            attempt.progress = required;
            tracing::info!(nonce = attempt.nonce, "a root token was generated");
        }
        Ok(generation(required, Some(attempt)))
    }

    /// Makes the token and ends the attempt. It is covered before it exists: one that nobody can read is never made.
    async fn make_root(&self) -> Result<SecretText> {
        let house = &self.house;
        let (now, random) = (house.now(), house.random());
        let birth = Birth {
            token: root_token(now),
            text: None,
        };
        let born = house.rooms.tokens.mint(birth, now, random).await?;
        let encoded = match self.root.lock().as_ref() {
            Some(generation) => generation.cover.over(&born.text, random)?,
            None => return Err(Error::sealed()),
        };
        house.commit(house.rows_of(&born)?).await?;
        self.root.lock().take();
        Ok(encoded)
    }
}

impl Generation {
    fn take(&mut self, offer: Offer) -> Result<Gathered> {
        check_nonce(&self.gathering, &offer, "root generation")?;
        ShamirSeal::check_share(&offer.share)?;
        Ok(self.gathering.offer(offer.share)?)
    }

    fn shown(&self) -> RootAttempt {
        RootAttempt {
            nonce: self.gathering.nonce().to_owned(),
            progress: self.gathering.progress(),
            fingerprint: match &self.cover {
                Cover::Otp(_) => String::new(),
                Cover::Key(key) => key.fingerprint(),
            },
            otp: None,
            encoded: None,
        }
    }
}

impl Cover {
    fn of(plan: RootPlan, random: &dyn Random) -> Result<Self> {
        match (plan.otp.is_empty(), plan.pgp_key.is_empty()) {
            (false, false) => Err(Error::invalid("only one of otp and pgp_key can be given")),
            (true, false) => Ok(Self::Key(Box::new(holders::holder(&plan.pgp_key)?))),
            (true, true) => Ok(Self::Otp(SecretText::new(random_text(random, ROOT_LENGTH)))),
            (false, true) if plan.otp.expose().len() == ROOT_LENGTH => Ok(Self::Otp(plan.otp)),
            (false, true) => Err(Error::invalid("OTP string has incorrect length")),
        }
    }

    fn otp(&self) -> Option<&SecretText> {
        match self {
            Self::Otp(otp) => Some(otp),
            Self::Key(_) => None,
        }
    }

    /// The token as it is told.
    fn over(&self, token: &SecretText, random: &dyn Random) -> Result<SecretText> {
        let token = token.expose().as_bytes();
        Ok(SecretText::new(match self {
            Self::Otp(otp) if otp.expose().len() == token.len() => {
                let pairs = token.iter().zip(otp.expose().as_bytes());
                let mixed = Plaintext::new(pairs.map(|(one, other)| one ^ other).collect());
                STANDARD_NO_PAD.encode(mixed.expose())
            }
            Self::Otp(_) => return Err(Error::internal("the password is not as long as the token")),
            Self::Key(key) => STANDARD.encode(key.encrypt(&Plaintext::from(token), random)?),
        }))
    }
}

fn generation(required: u8, attempt: Option<RootAttempt>) -> RootGeneration {
    RootGeneration {
        required,
        otp_length: ROOT_LENGTH,
        attempt,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::SystemRandom;

    fn plan(otp: &str, pgp_key: &str) -> RootPlan {
        RootPlan {
            otp: SecretText::from(otp),
            pgp_key: pgp_key.to_owned(),
        }
    }

    #[test]
    fn the_password_gives_the_token_back() {
        let random = SystemRandom::new();
        let token = SecretText::from("hvs.abcdefghijklmnopqrstuvwx");
        for otp in ["", &"Q".repeat(ROOT_LENGTH)] {
            let cover = Cover::of(plan(otp, ""), &random).unwrap();
            let encoded = cover.over(&token, &random).unwrap();
            let mixed = STANDARD_NO_PAD.decode(encoded.expose()).unwrap();
            let otp = cover.otp().unwrap().expose().as_bytes();
            let found: Vec<u8> = mixed.iter().zip(otp).map(|(one, other)| one ^ other).collect();
            assert_eq!(found, token.expose().as_bytes());
        }
    }

    #[test]
    fn a_cover_that_does_not_fit_is_refused() {
        let long = "Q".repeat(ROOT_LENGTH + 1);
        let right = "Q".repeat(ROOT_LENGTH);
        for (otp, key) in [("x", ""), (&long, ""), ("", "x"), ("", "AAAA"), (&right, "AAAA")] {
            assert!(
                Cover::of(plan(otp, key), &SystemRandom::new()).is_err(),
                "{otp} {key}"
            );
        }
    }
}
