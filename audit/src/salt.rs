//! A device's salt: what makes its hashes its own.

use crypto::HmacKey;
use logical::secret::Plaintext;

const MARK: &[u8] = b"hmac-sha256:";

/// How long a hash is, quotes included.
pub(crate) const QUOTED: usize = MARK.len() + 64 + 2;

/// The salt of one device, as a prepared key.
pub(crate) struct Salt(HmacKey);

impl Salt {
    /// Prepares a salt.
    pub(crate) fn new(salt: &Plaintext) -> Self {
        Self(HmacKey::new(salt.expose()))
    }

    /// What stands for a text in the device's log.
    pub(crate) fn hash(&self, text: &[u8]) -> String {
        let mut out = Vec::new();
        self.write(&mut out, text);
        String::from_utf8(out).expect("a hash is ASCII")
    }

    /// Writes what stands for a text, without quotes: none of its characters needs escaping.
    pub(crate) fn write(&self, out: &mut Vec<u8>, text: &[u8]) {
        let mut digits = [0; 64];
        hex::encode_to_slice(self.0.sign(&[text]), &mut digits).expect("32 bytes have 64 digits");
        out.extend_from_slice(MARK);
        out.extend_from_slice(&digits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_the_hmac_of_the_text_in_hexadecimal() {
        let salt = Salt::new(&Plaintext::from(&b"key"[..]));
        assert_eq!(
            salt.hash(b"The quick brown fox jumps over the lazy dog"),
            "hmac-sha256:f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"
        );
    }
}
