//! Hashes, keyed hashes and keys derived from keys. ring's, and so not wiped: see the crate's comment.

use crate::SecretKey;
use ring::{digest, hkdf, hmac};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A key for HMAC-SHA256, prepared once: signing with it saves two of four blocks.
#[derive(Clone)]
pub struct HmacKey(hmac::Key);

impl HmacKey {
    /// Prepares a key of any length.
    pub fn new(key: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// The HMAC of the parts, one behind the other. Where they begin and end is not part of it.
    pub fn sign(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0);
        for part in parts {
            context.update(part);
        }
        thirty_two(context.sign().as_ref())
    }
}

/// The SHA-256 of some bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    thirty_two(digest::digest(&digest::SHA256, bytes).as_ref())
}

/// The HMAC-SHA256 of the parts, one behind the other. Where they begin and end is not part of it.
pub fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    HmacKey::new(key).sign(parts)
}

/// Derives a key for what the label says, by HKDF-SHA256 without salt and with the label as `info`.
pub fn hkdf_sha256(secret: &SecretKey, label: &str) -> SecretKey {
    let mut key = Zeroizing::new([0; 32]);
    hkdf(&[], secret.expose(), label.as_bytes(), key.as_mut_slice());
    SecretKey::from_bytes(*key)
}

/// Whether bytes are the same, in a time that says nothing of where they differ. Lengths are no secret.
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

/// HKDF-SHA256 as RFC 5869 says it, for at most 255 × 32 bytes.
fn hkdf(salt: &[u8], secret: &[u8], info: &[u8], derived: &mut [u8]) {
    hkdf::Salt::new(hkdf::HKDF_SHA256, salt)
        .extract(secret)
        .expand(&[info], Length(derived.len()))
        .and_then(|okm| okm.fill(derived))
        .expect("less than 255 blocks are derived");
}

/// How many bytes HKDF is to derive.
struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn thirty_two(bytes: &[u8]) -> [u8; 32] {
    bytes.try_into().expect("SHA-256 has 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors::cases;

    #[test]
    fn hmac_gives_the_answers_of_rfc_4231() {
        for case in cases(include_str!("../tests/vectors/rfc4231_hmac_sha256.txt")) {
            assert_eq!(
                hmac_sha256(&case.bytes("key"), &[&case.bytes("data")]).to_vec(),
                case.bytes("mac")
            );
        }
    }

    #[test]
    fn hkdf_gives_the_answers_of_rfc_5869() {
        for case in cases(include_str!("../tests/vectors/rfc5869_hkdf_sha256.txt")) {
            let mut derived = vec![0; case.bytes("okm").len()];
            hkdf(
                &case.bytes("salt"),
                &case.bytes("ikm"),
                &case.bytes("info"),
                &mut derived,
            );
            assert_eq!(derived, case.bytes("okm"));
        }
    }

    #[test]
    fn parts_are_hashed_one_behind_the_other() {
        let key = HmacKey::new(b"key");
        assert_eq!(key.sign(&[b"ab", b"", b"c"]), key.sign(&[b"abc"]));
        assert_ne!(key.sign(&[b"abc"]), HmacKey::new(b"kez").sign(&[b"abc"]));
    }

    #[test]
    fn sha256_gives_the_answer_of_fips_180() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex::encode(sha256(b"abc")), abc);
    }

    #[test]
    fn each_label_derives_another_key() {
        let secret = SecretKey::from_bytes([7; 32]);
        let (one, two) = (hkdf_sha256(&secret, "one"), hkdf_sha256(&secret, "two"));
        assert_ne!(one.expose(), two.expose());
        assert_eq!(one.expose(), hkdf_sha256(&secret, "one").expose());
    }

    #[test]
    fn bytes_of_another_length_are_not_equal() {
        assert!(equal(b"abc", b"abc"));
        assert!(!equal(b"abc", b"abd"));
        assert!(!equal(b"abc", b"ab"));
    }
}
