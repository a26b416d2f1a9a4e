//! How a value lies on disk: `term ‖ version ‖ nonce ‖ ciphertext`, which is Vault's envelope.

use crate::BarrierError;
use crypto::aead::{Aead, NONCE, TAG};
use logical::StoredKey;
use logical::secret::Plaintext;

/// AES-256-GCM with the key as stored as associated data: what Vault calls its second version.
const VERSION: u8 = 2;
const TERM: usize = 4;

/// A stored value, read but not opened.
pub(crate) struct Envelope<'a> {
    /// Which data key opens it.
    pub(crate) term: u32,
    nonce: &'a [u8; NONCE],
    sealed: &'a [u8],
}

/// Seals a value for one place; at another one it does not open.
pub(crate) fn seal(aead: &Aead, term: u32, nonce: &[u8; NONCE], place: &StoredKey, text: &[u8]) -> Vec<u8> {
    let mut envelope = Vec::with_capacity(TERM + 1 + NONCE + text.len() + TAG);
    envelope.extend(term.to_be_bytes());
    envelope.push(VERSION);
    envelope.extend(nonce);
    aead.seal_onto(&mut envelope, nonce, place.as_bytes(), text);
    envelope
}

impl<'a> Envelope<'a> {
    /// Reads the parts; `None` if the bytes are no envelope of ours.
    pub(crate) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (term, rest) = bytes.split_first_chunk::<TERM>()?;
        let (version, rest) = rest.split_first()?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE>()?;
        (*version == VERSION).then_some(Self {
            term: u32::from_be_bytes(*term),
            nonce,
            sealed,
        })
    }

    /// Opens the value that was sealed for a place.
    pub(crate) fn open(&self, aead: &Aead, place: &StoredKey) -> Result<Plaintext, BarrierError> {
        let opened = aead.open(self.nonce, place.as_bytes(), self.sealed);
        opened.map_err(|_| damaged(place))
    }
}

/// The error for a value that does not open.
pub(crate) fn damaged(place: &StoredKey) -> BarrierError {
    BarrierError::Damaged {
        what: "a value",
        place: place.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::SecretKey;
    use proptest::prelude::*;

    fn place(name: &str) -> StoredKey {
        StoredKey::root().with(b"data").with(name.as_bytes())
    }

    fn aead() -> Aead {
        Aead::new(&SecretKey::from_bytes([5; 32]))
    }

    #[test]
    fn a_value_lies_in_vaults_envelope() {
        let envelope = seal(&aead(), 0x0102_0304, &[9; NONCE], &place("a"), b"value");
        assert_eq!(&envelope[..5], [1, 2, 3, 4, 2]);
        assert_eq!(&envelope[5..17], [9; NONCE]);
        assert_eq!(envelope.len(), 17 + 5 + TAG);
        let read = Envelope::read(&envelope).unwrap();
        assert_eq!(read.term, 0x0102_0304);
        assert_eq!(read.open(&aead(), &place("a")).unwrap().expose(), b"value");
    }

    #[test]
    fn a_value_moved_elsewhere_does_not_open() {
        let envelope = seal(&aead(), 1, &[0; NONCE], &place("a"), b"value");
        assert!(
            Envelope::read(&envelope)
                .unwrap()
                .open(&aead(), &place("b"))
                .is_err()
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic_and_do_not_open(bytes: Vec<u8>) {
            if let Some(envelope) = Envelope::read(&bytes) {
                prop_assert!(envelope.open(&aead(), &place("a")).is_err());
            }
        }
    }
}
