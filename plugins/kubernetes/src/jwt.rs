//! What a token claims, before anybody has vouched for it.

use crate::account::Account;
use crate::config::Config;
use crate::pem;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use crypto::SignatureAlgorithm;
use logical::secret::SecretText;
use logical::{Error, ErrorKind, Time};
use serde::Deserialize;
use serde_json::{Map, Value};
use thiserror::Error as Fault;

/// How far clocks may differ, in seconds.
const LEEWAY: i64 = 60;

/// A token, taken apart. Nobody has checked its signature.
pub(crate) struct Jwt {
    text: SecretText,
    algorithm: Algorithm,
    /// How many bytes of the text are signed.
    signed: usize,
    signature: Vec<u8>,
    pub(crate) claims: Claims,
}

/// What a token says about itself.
pub(crate) struct Claims {
    issuer: String,
    pub(crate) audiences: Vec<String>,
    expires: Option<i64>,
    not_before: Option<i64>,
    issued: Option<i64>,
    pub(crate) account: Account,
    /// The secret that an old token is kept in.
    pub(crate) secret_name: String,
}

/// How a token says that it was signed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    /// As Kubernetes signs.
    Known(SignatureAlgorithm),
    /// ECDSA over P-521, which can be checked by the API server alone.
    Es512,
    /// As others sign.
    Unexpected,
}

/// Why a token is refused before the API server is asked.
#[derive(Debug, PartialEq, Eq, Fault)]
pub(crate) enum JwtError {
    /// It is no JWT.
    #[error("read a token: it is no signed JWT")]
    Malformed,
    /// No configured key signed it.
    #[error("check a token: it was signed by none of the configured keys")]
    Signature,
    /// Its audiences are no list, as a service account's are.
    #[error("the audience (aud) claim of a service account's token is a list")]
    AudienceShape,
    /// It is somebody else's.
    #[error("the token is not a service account's: it claims no namespace, name and uid")]
    NotAnAccount,
    /// Another cluster made it.
    #[error("invalid issuer (iss) claim")]
    Issuer,
    /// It was made for somebody else.
    #[error("invalid audience (aud) claim: audience claim does not match any expected audience")]
    Audience,
    /// It has no signature.
    #[error("invalid algorithm (alg) header parameter: token must be signed")]
    Unsigned,
    /// It is signed as Kubernetes never signs.
    #[error("invalid algorithm (alg) header parameter: token signed with unexpected algorithm")]
    Algorithm,
    /// Its time is over.
    #[error("invalid expiration time (exp) claim: token is expired")]
    Expired,
    /// Its time has not come.
    #[error("invalid not before (nbf) claim: token not yet valid")]
    NotYet,
    /// It was made tomorrow.
    #[error("invalid issued at (iat) claim: token issued in the future")]
    Issued,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
}

impl From<JwtError> for Error {
    fn from(error: JwtError) -> Self {
        match error {
            // Vault says no more than this, and the reason would help who guesses.
            JwtError::Malformed | JwtError::Signature => Self::denied().caused_by(error),
            JwtError::AudienceShape | JwtError::NotAnAccount => Self::invalid(error.to_string()),
            JwtError::Issuer
            | JwtError::Audience
            | JwtError::Unsigned
            | JwtError::Algorithm
            | JwtError::Expired
            | JwtError::NotYet
            | JwtError::Issued => Self::new(ErrorKind::Denied, error.to_string()),
        }
    }
}

impl Jwt {
    /// Takes a token apart.
    pub(crate) fn parse(text: SecretText) -> Result<Self, JwtError> {
        let whole = text.expose();
        let (signed, signature) = whole.rsplit_once('.').ok_or(JwtError::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(JwtError::Malformed)?;
        let header: Header = decoded(header)?;
        let claims: Map<String, Value> = decoded(claims)?;
        Ok(Self {
            algorithm: Algorithm::of(&header.alg)?,
            signed: signed.len(),
            signature: URL_SAFE_NO_PAD
                .decode(signature)
                .map_err(|_| JwtError::Malformed)?,
            claims: Claims::read(&claims)?,
            text,
        })
    }

    /// The token itself.
    pub(crate) fn text(&self) -> &SecretText {
        &self.text
    }

    /// Checks what can be checked before the API server is asked. The order is Vault's.
    pub(crate) fn check(&self, config: &Config, audience: &str, now: Time) -> Result<(), JwtError> {
        let (claims, now) = (&self.claims, now.as_second());
        if !config.pem_keys.is_empty() && !config.pem_keys.iter().any(|key| self.is_signed_by(key)) {
            return Err(JwtError::Signature);
        }
        if config.issuer().is_some_and(|issuer| issuer != claims.issuer) {
            return Err(JwtError::Issuer);
        }
        if !audience.is_empty() && !claims.audiences.iter().any(|own| own == audience) {
            return Err(JwtError::Audience);
        }
        if self.signature.is_empty() {
            return Err(JwtError::Unsigned);
        }
        if self.algorithm == Algorithm::Unexpected {
            return Err(JwtError::Algorithm);
        }
        if claims
            .expires
            .is_some_and(|expires| now > expires.saturating_add(LEEWAY))
        {
            return Err(JwtError::Expired);
        }
        let is_ahead = |moment: Option<i64>| moment.is_some_and(|moment| moment > now.saturating_add(LEEWAY));
        if is_ahead(claims.not_before) {
            return Err(JwtError::NotYet);
        }
        if is_ahead(claims.issued) {
            return Err(JwtError::Issued);
        }
        Ok(())
    }

    fn is_signed_by(&self, key: &str) -> bool {
        let Algorithm::Known(algorithm) = self.algorithm else {
            return false;
        };
        let signed = self
            .text
            .expose()
            .as_bytes()
            .get(..self.signed)
            .unwrap_or_default();
        pem::public_key(key).is_some_and(|key| key.verifies(algorithm, signed, &self.signature))
    }
}

impl Algorithm {
    /// Unsigned tokens and those with a shared key are no JWTs for us.
    fn of(name: &str) -> Result<Self, JwtError> {
        Ok(match name {
            "RS256" => Self::Known(SignatureAlgorithm::Rs256),
            "RS384" => Self::Known(SignatureAlgorithm::Rs384),
            "RS512" => Self::Known(SignatureAlgorithm::Rs512),
            "ES256" => Self::Known(SignatureAlgorithm::Es256),
            "ES384" => Self::Known(SignatureAlgorithm::Es384),
            "ES512" => Self::Es512,
            "PS256" | "PS384" | "PS512" | "EdDSA" => Self::Unexpected,
            _ => return Err(JwtError::Malformed),
        })
    }
}

impl Claims {
    fn read(claims: &Map<String, Value>) -> Result<Self, JwtError> {
        Ok(Self {
            issuer: text(claims.get("iss")),
            audiences: audiences(claims.get("aud"))?,
            expires: moment(claims.get("exp"))?,
            not_before: moment(claims.get("nbf"))?,
            issued: moment(claims.get("iat"))?,
            account: account(claims),
            secret_name: text(claims.get("kubernetes.io/serviceaccount/secret.name")),
        })
    }
}

/// A projected token has its account in an object, an old one in members with long names.
fn account(claims: &Map<String, Value>) -> Account {
    match claims.get("kubernetes.io") {
        Some(own) => Account {
            namespace: text(own.get("namespace")),
            name: text(own.pointer("/serviceaccount/name")),
            uid: text(own.pointer("/serviceaccount/uid")),
        },
        None => Account {
            namespace: text(claims.get("kubernetes.io/serviceaccount/namespace")),
            name: text(claims.get("kubernetes.io/serviceaccount/service-account.name")),
            uid: text(claims.get("kubernetes.io/serviceaccount/service-account.uid")),
        },
    }
}

fn audiences(claim: Option<&Value>) -> Result<Vec<String>, JwtError> {
    let Some(claim) = claim.filter(|claim| !claim.is_null()) else {
        return Ok(Vec::new());
    };
    let names = claim.as_array().and_then(|items| {
        let names = items.iter().map(|item| item.as_str().map(str::to_owned));
        names.collect::<Option<Vec<_>>>()
    });
    names.ok_or(JwtError::AudienceShape)
}

/// Seconds; fractions are cut off.
fn moment(claim: Option<&Value>) -> Result<Option<i64>, JwtError> {
    let Some(claim) = claim.filter(|claim| !claim.is_null()) else {
        return Ok(None);
    };
    let whole = claim.as_i64().or_else(|| {
        let number = claim.as_number()?.to_string();
        number.split_once('.')?.0.parse().ok()
    });
    whole.map(Some).ok_or(JwtError::Malformed)
}

fn text(claim: Option<&Value>) -> String {
    claim.and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn decoded<T: serde::de::DeserializeOwned>(part: &str) -> Result<T, JwtError> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| JwtError::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| JwtError::Malformed)
}
