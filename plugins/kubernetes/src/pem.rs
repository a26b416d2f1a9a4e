//! Public keys in the text form in which operators have them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crypto::PublicKey;

/// The key in a PEM text: a public key, or the one that a certificate is about. `None` if it holds neither.
pub(crate) fn public_key(text: &str) -> Option<PublicKey> {
    let (kind, body) = text.trim().strip_prefix("-----BEGIN ")?.split_once("-----")?;
    let (body, _) = body.split_once("-----END ")?;
    let base64: String = body.split_whitespace().collect();
    let bytes = STANDARD.decode(base64).ok()?;
    match kind {
        "PUBLIC KEY" => PublicKey::from_spki(&bytes).ok(),
        "CERTIFICATE" => PublicKey::from_certificate(&bytes).ok(),
        _ => None,
    }
}
