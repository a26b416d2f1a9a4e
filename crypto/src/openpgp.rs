//! OpenPGP public keys: a share or a token is encrypted for whoever holds the other half.

use crate::CryptoError;
use bytes::Bytes;
use logical::Random;
use logical::secret::Plaintext;
use pgp::composed::{Deserializable, MessageBuilder, SignedPublicKey, SignedPublicSubKey};
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::packet::{Signature, SignatureType};
use pgp::types::{EncryptionKey, KeyDetails};
use rand_core::{CryptoRng, RngCore};

/// An OpenPGP public key with a part that is meant for encryption.
#[derive(Clone)]
pub struct PgpKey {
    key: SignedPublicKey,
    /// Which subkey encrypts; the primary key where there is none.
    subkey: Option<usize>,
}

impl PgpKey {
    /// Reads a key in its binary form. That its parts belong together is verified; an end of its life is not looked at,
    /// because its holder can decrypt all the same.
    ///
    /// # Errors
    /// `PgpKey` if it is none, `PgpUse` if nothing of it is meant for encryption.
    pub fn parse(bytes: &[u8]) -> Result<Self, CryptoError> {
        let key = SignedPublicKey::from_bytes(bytes).map_err(|_| CryptoError::PgpKey)?;
        key.verify_bindings().map_err(|_| CryptoError::PgpKey)?;
        let usable = key.public_subkeys.iter().enumerate();
        let usable = usable.filter(|(_, subkey)| encrypts(subkey));
        let newest = usable.max_by_key(|(_, subkey)| subkey.key.created_at());
        let subkey = newest.map(|(place, _)| place);
        if subkey.is_none() && !primary_encrypts(&key) {
            return Err(CryptoError::PgpUse);
        }
        Ok(Self { key, subkey })
    }

    /// The fingerprint of the primary key, in lower-case hexadecimal: what its holder knows it by.
    pub fn fingerprint(&self) -> String {
        format!("{:x}", self.key.primary_key.fingerprint())
    }

    /// Encrypts for the key's holder, in a form that every OpenPGP program reads.
    ///
    /// # Errors
    /// `PgpUse` if the key cannot: its numbers are none that an algorithm works with.
    pub fn encrypt(&self, text: &Plaintext, random: &dyn Random) -> Result<Vec<u8>, CryptoError> {
        let subkey = self.subkey.and_then(|place| self.key.public_subkeys.get(place));
        match subkey {
            Some(subkey) => encrypt(&subkey.key, text, random),
            None => encrypt(&self.key.primary_key, text, random),
        }
    }
}

fn encrypt(key: &impl EncryptionKey, text: &Plaintext, random: &dyn Random) -> Result<Vec<u8>, CryptoError> {
    let unfit = |_| CryptoError::PgpUse;
    let builder = MessageBuilder::from_bytes("", Bytes::from_owner(Wiped(text.clone())));
    let mut builder = builder.seipd_v1(Drawn(random), SymmetricKeyAlgorithm::AES256);
    builder.encrypt_to_key(Drawn(random), key).map_err(unfit)?;
    builder.to_vec(Drawn(random)).map_err(unfit)
}

fn encrypts(subkey: &SignedPublicSubKey) -> bool {
    let revoked = |signature: &Signature| signature.typ() == Some(SignatureType::SubkeyRevocation);
    subkey.key.algorithm().can_encrypt()
        && subkey.signatures.iter().any(is_for_encryption)
        && !subkey.signatures.iter().any(revoked)
}

fn primary_encrypts(key: &SignedPublicKey) -> bool {
    let mut signatures = key.details.users.iter().flat_map(|user| &user.signatures);
    key.primary_key.algorithm().can_encrypt()
        && key.details.revocation_signatures.is_empty()
        && signatures.any(is_for_encryption)
}

fn is_for_encryption(signature: &Signature) -> bool {
    let flags = signature.key_flags();
    flags.encrypt_comms() || flags.encrypt_storage()
}

/// Plaintext, as the library takes it. It is wiped when the library drops it.
struct Wiped(Plaintext);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        self.0.expose()
    }
}

/// Our randomness, as the library takes it.
struct Drawn<'a>(&'a dyn Random);

impl RngCore for Drawn<'_> {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl CryptoRng for Drawn<'_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemRandom;
    use pgp::composed::{
        EncryptionCaps, KeyType, Message, SecretKeyParamsBuilder, SignedSecretKey, SubkeyParamsBuilder,
    };
    use pgp::ser::Serialize;
    use pgp::types::Password;

    /// A key whose primary part signs, with a subkey of this use.
    fn made(subkey: EncryptionCaps) -> SignedSecretKey {
        let subkey = SubkeyParamsBuilder::default()
            .key_type(KeyType::X25519)
            .can_encrypt(subkey)
            .build()
            .unwrap();
        let mut key = SecretKeyParamsBuilder::default();
        key.key_type(KeyType::Ed25519)
            .can_sign(true)
            .primary_user_id("ann".to_owned())
            .subkeys(vec![subkey]);
        key.build()
            .unwrap()
            .generate(Drawn(&SystemRandom::new()))
            .unwrap()
    }

    fn public(key: &SignedSecretKey) -> Vec<u8> {
        key.to_public_key().to_bytes().unwrap()
    }

    #[test]
    fn what_is_encrypted_the_holder_reads() {
        let secret = made(EncryptionCaps::All);
        let key = PgpKey::parse(&public(&secret)).unwrap();
        assert_eq!(key.fingerprint().len(), 40);
        let text = Plaintext::from(&b"a share"[..]);
        let message = key.encrypt(&text, &SystemRandom::new()).unwrap();
        let opened = Message::from_bytes(&message[..]).unwrap();
        let mut opened = opened.decrypt(&Password::empty(), &secret).unwrap();
        assert_eq!(opened.as_data_vec().unwrap(), b"a share");
        assert_ne!(message, key.encrypt(&text, &SystemRandom::new()).unwrap());
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let whole = public(&made(EncryptionCaps::All));
        let half = &whole[..whole.len() - 30];
        for bytes in [&b""[..], &[0, 0, 0], half] {
            assert_eq!(PgpKey::parse(bytes).err(), Some(CryptoError::PgpKey));
        }
    }

    #[test]
    fn a_key_whose_subkey_is_bound_by_another_key_is_refused() {
        let (one, other) = (made(EncryptionCaps::All), made(EncryptionCaps::All));
        let (one, other) = (one.to_public_key(), other.to_public_key());
        let forged = SignedPublicKey::new(one.primary_key, one.details, other.public_subkeys);
        assert_eq!(
            PgpKey::parse(&forged.to_bytes().unwrap()).err(),
            Some(CryptoError::PgpKey)
        );
    }

    #[test]
    fn a_key_for_signatures_only_is_refused() {
        let key = made(EncryptionCaps::None);
        assert_eq!(PgpKey::parse(&public(&key)).err(), Some(CryptoError::PgpUse));
    }
}
