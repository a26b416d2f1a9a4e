//! A share as it comes in a request.

use logical::field::Text;
use logical::secret::{Plaintext, SecretText};
use logical::{Error, Result};
use schemars::JsonSchema;
use serde::Deserialize;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Offer;

/// A share and what it is for.
#[derive(Deserialize, JsonSchema)]
pub(super) struct Given {
    /// A key share, in hexadecimal or base64.
    #[serde(default)]
    key: SecretText,
    /// The nonce of the attempt.
    #[serde(default)]
    nonce: Text,
}

impl Given {
    /// The share, decoded.
    pub(super) fn offer(self) -> Result<Offer> {
        let text = self.key.expose();
        if text.is_empty() {
            return Err(Error::invalid("'key' must be specified in request body as JSON"));
        }
        let bytes = hex::decode(text).ok().or_else(|| STANDARD.decode(text).ok());
        let bytes = bytes.ok_or_else(|| Error::invalid("'key' must be a valid hex or base64 string"))?;
        Ok(Offer {
            share: Plaintext::new(bytes),
            nonce: self.nonce.into_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(key: &str, expected: Result<&[u8], &str>) {
        let given = Given {
            key: SecretText::from(key),
            nonce: Text::default(),
        };
        let offer = given.offer();
        let found = offer.as_ref().map(|offer| offer.share.expose());
        assert_eq!(found.map_err(Error::public), expected, "{key}");
    }

    #[test]
    fn a_share_is_hexadecimal_or_base64() {
        check("00ff", Ok(&[0, 255]));
        check("00FF", Ok(&[0, 255]));
        check("AP8=", Ok(&[0, 255]));
        check("", Err("'key' must be specified in request body as JSON"));
        for wrong in ["!", "zz!", "AP8", " 00ff"] {
            check(wrong, Err("'key' must be a valid hex or base64 string"));
        }
    }
}
