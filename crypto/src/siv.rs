//! AES-256-SIV (RFC 5297): equal names in one folder seal to equal bytes, so that a name can be looked up sealed.

use crate::{CryptoError, NameKey};
use aes_siv::KeyInit;
use aes_siv::siv::{Aes256Siv, IV_SIZE};
use logical::secret::Plaintext;

/// How many bytes a sealed name is longer than the name.
pub const OVERHEAD: usize = IV_SIZE;

/// Seals a name; `folder` is the associated data, so that equal names in two folders look different.
pub fn seal(key: &NameKey, folder: &[u8], name: &[u8]) -> Vec<u8> {
    cipher(key)
        .encrypt([folder], name)
        .expect("SIV takes one header and any name")
}

/// Opens a sealed name.
///
/// # Errors
/// `Unopened` if the bytes were altered, or sealed in another folder or under another key.
pub fn open(key: &NameKey, folder: &[u8], sealed: &[u8]) -> Result<Plaintext, CryptoError> {
    cipher(key)
        .decrypt([folder], sealed)
        .map(Plaintext::new)
        .map_err(|_| CryptoError::Unopened)
}

/// Prepared anew for each name: the cipher changes while it works, and what it holds is wiped when it is dropped.
fn cipher(key: &NameKey) -> Aes256Siv {
    Aes256Siv::new(key.expose().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors::cases;
    use proptest::prelude::*;

    fn key() -> NameKey {
        NameKey::from_slice(&[9; 64]).unwrap()
    }

    #[test]
    fn it_gives_the_answers_of_wycheproof() {
        for case in cases(include_str!("../tests/vectors/wycheproof_aes_siv_512.txt")) {
            let key = NameKey::from_slice(&case.bytes("key")).unwrap();
            assert_eq!(
                seal(&key, &case.bytes("aad"), &case.bytes("msg")),
                case.bytes("ct")
            );
            assert_eq!(
                open(&key, &case.bytes("aad"), &case.bytes("ct"))
                    .unwrap()
                    .expose(),
                case.bytes("msg")
            );
        }
    }

    #[test]
    fn a_name_looks_different_in_each_folder_and_opens_in_its_own() {
        let (here, there) = (seal(&key(), b"here", b"name"), seal(&key(), b"there", b"name"));
        assert_ne!(here, there);
        assert!(open(&key(), b"there", &here).is_err());
    }

    proptest! {
        #[test]
        fn a_name_opens_as_it_was_sealed(folder: Vec<u8>, name: Vec<u8>) {
            let sealed = seal(&key(), &folder, &name);
            prop_assert_eq!(sealed.len(), name.len() + OVERHEAD);
            let opened = open(&key(), &folder, &sealed).unwrap();
            prop_assert_eq!(opened.expose(), &name[..]);
        }

        #[test]
        fn any_other_bytes_do_not_open_and_do_not_panic(folder: Vec<u8>, bytes: Vec<u8>) {
            prop_assert!(open(&key(), &folder, &bytes).is_err());
        }
    }
}
