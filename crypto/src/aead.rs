//! AES-256-GCM, with keys that are wiped.

use crate::{CryptoError, SecretKey};
use aes_gcm::aead::AeadInOut;
use aes_gcm::{Aes256Gcm, KeyInit};
use logical::secret::Plaintext;

/// How many bytes a nonce has.
pub const NONCE: usize = 12;

/// How many bytes a sealed text is longer than what it seals.
pub const TAG: usize = 16;

/// A key, ready to seal and open. It is on the heap and wiped when dropped.
///
/// A key seals at most 2³² texts under random nonces; whoever holds it counts.
pub struct Aead(Box<Aes256Gcm>);

impl Aead {
    /// Prepares a key.
    pub fn new(key: &SecretKey) -> Self {
        Self(Box::new(Aes256Gcm::new(key.expose().into())))
    }

    /// Seals a text. A nonce must never be used twice under one key.
    pub fn seal(&self, nonce: &[u8; NONCE], aad: &[u8], plaintext: &[u8]) -> Vec<u8> {
        let mut sealed = Vec::with_capacity(plaintext.len() + TAG);
        self.seal_onto(&mut sealed, nonce, aad, plaintext);
        sealed
    }

    /// Seals a text and puts it behind what `sealed` holds already.
    pub fn seal_onto(&self, sealed: &mut Vec<u8>, nonce: &[u8; NONCE], aad: &[u8], plaintext: &[u8]) {
        // Room is made first: a vector that grew would leave a copy of the plaintext behind.
        sealed.reserve(plaintext.len() + TAG);
        let start = sealed.len();
        sealed.extend_from_slice(plaintext);
        let (_, text) = sealed.split_at_mut(start);
        let tag = self
            .0
            .encrypt_inout_detached(nonce.into(), aad, text.into())
            .expect("AES-GCM seals any text below 64 GiB");
        sealed.extend_from_slice(&tag);
    }

    /// Opens a sealed text.
    ///
    /// # Errors
    /// `Unopened` if nonce, associated data or ciphertext are not as they were when it was sealed.
    pub fn open(&self, nonce: &[u8; NONCE], aad: &[u8], sealed: &[u8]) -> Result<Plaintext, CryptoError> {
        let (text, tag) = sealed.split_last_chunk::<TAG>().ok_or(CryptoError::Unopened)?;
        let mut text = text.to_vec();
        self.0
            .decrypt_inout_detached(nonce.into(), aad, text.as_mut_slice().into(), tag.into())
            .map_err(|_| CryptoError::Unopened)?;
        Ok(Plaintext::new(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors::cases;
    use proptest::prelude::*;
    use ring::aead as oracle;

    /// What ring makes of the same key, nonce, associated data and text.
    fn sealed_by_ring(key: &[u8; 32], nonce: [u8; NONCE], aad: &[u8], text: &[u8]) -> Vec<u8> {
        let key = oracle::LessSafeKey::new(oracle::UnboundKey::new(&oracle::AES_256_GCM, key).unwrap());
        let mut sealed = text.to_vec();
        let nonce = oracle::Nonce::assume_unique_for_key(nonce);
        key.seal_in_place_append_tag(nonce, oracle::Aad::from(aad), &mut sealed)
            .unwrap();
        sealed
    }

    #[test]
    fn it_gives_the_answers_of_nist() {
        for case in cases(include_str!("../tests/vectors/nist_gcm_256.txt")) {
            let aead = Aead::new(&SecretKey::from_slice(&case.bytes("key")).unwrap());
            let nonce = case.bytes("iv").try_into().unwrap();
            let expected = [case.bytes("ciphertext"), case.bytes("tag")].concat();
            assert_eq!(
                aead.seal(&nonce, &case.bytes("aad"), &case.bytes("plaintext")),
                expected
            );
            let opened = aead.open(&nonce, &case.bytes("aad"), &expected).unwrap();
            assert_eq!(opened.expose(), case.bytes("plaintext"));
        }
    }

    #[test]
    fn what_is_shorter_than_a_tag_does_not_open() {
        let aead = Aead::new(&SecretKey::from_bytes([0; 32]));
        assert_eq!(
            aead.open(&[0; NONCE], b"", &[0; 15]).err(),
            Some(CryptoError::Unopened)
        );
    }

    proptest! {
        #[test]
        fn it_seals_as_ring_does(key: [u8; 32], nonce: [u8; NONCE], aad: Vec<u8>, text: Vec<u8>) {
            let aead = Aead::new(&SecretKey::from_bytes(key));
            let sealed = aead.seal(&nonce, &aad, &text);
            prop_assert_eq!(&sealed, &sealed_by_ring(&key, nonce, &aad, &text));
            let opened = aead.open(&nonce, &aad, &sealed).unwrap();
            prop_assert_eq!(opened.expose(), &text[..]);
        }

        #[test]
        fn a_text_with_one_bit_turned_does_not_open(text: Vec<u8>, place: prop::sample::Index, bit in 0_u8..8) {
            let aead = Aead::new(&SecretKey::from_bytes([3; 32]));
            let mut sealed = aead.seal(&[0; NONCE], b"place", &text);
            sealed[place.index(text.len() + TAG)] ^= 1 << bit;
            prop_assert!(aead.open(&[0; NONCE], b"place", &sealed).is_err());
        }
    }
}
