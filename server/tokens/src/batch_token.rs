//! Batch tokens: claims, sealed under a derived key. They cost no row and cannot be revoked by themselves.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use crypto::aead::Aead;
use logical::secret::SecretText;
use logical::{Error, Random, Result};

use crate::text;
use crate::{Token, TokenKeys};

const NONCE: usize = 12;
const PURPOSE: &[u8] = b"batch token";

/// Seals claims into a token.
pub(crate) fn seal(token: &Token, keys: &TokenKeys, random: &dyn Random) -> Result<SecretText> {
    let claims = serde_json::to_vec(token).map_err(Error::internal)?;
    let mut nonce = [0_u8; NONCE];
    random.fill(&mut nonce);
    let mut sealed = nonce.to_vec();
    sealed.extend(Aead::new(&keys.batch).seal(&nonce, PURPOSE, &claims));
    Ok(text::claims(&URL_SAFE_NO_PAD.encode(sealed)))
}

/// Opens a token; `None` for whatever was not sealed here. Vault answers 500 to a malformed one; it is no token.
pub(crate) fn open(token: &str, keys: &TokenKeys) -> Option<Token> {
    let sealed = URL_SAFE_NO_PAD.decode(text::sealed_claims(token)?).ok()?;
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
    let claims = Aead::new(&keys.batch).open(nonce, PURPOSE, sealed).ok()?;
    serde_json::from_slice(claims.expose()).ok()
}
