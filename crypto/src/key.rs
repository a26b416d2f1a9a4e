//! Keys: bytes on the heap that are wiped when dropped, and that nothing prints, copies or compares by accident.

use logical::Random;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A key of 32 bytes.
pub struct SecretKey(Bytes<32>);

/// A key of 64 bytes, for sealing names: half of it authenticates, half of it encrypts.
pub struct NameKey(Bytes<64>);

/// On the heap, so that moving a key leaves no copy of it behind on the stack.
struct Bytes<const N: usize>(Box<[u8; N]>);

impl SecretKey {
    /// Makes a new key.
    pub fn generate(random: &dyn Random) -> Self {
        Self(Bytes::generate(random))
    }

    /// Takes a key over.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Bytes(Box::new(bytes)))
    }

    /// Copies a key; `None` if there are not 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        Bytes::from_slice(bytes).map(Self)
    }

    /// The bytes, for whoever has a reason to look.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0.0
    }
}

impl NameKey {
    /// Makes a new key.
    pub fn generate(random: &dyn Random) -> Self {
        Self(Bytes::generate(random))
    }

    /// Copies a key; `None` if there are not 64 bytes.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        Bytes::from_slice(bytes).map(Self)
    }

    /// The bytes, for whoever has a reason to look.
    pub fn expose(&self) -> &[u8; 64] {
        &self.0.0
    }
}

impl<const N: usize> Bytes<N> {
    fn zero() -> Self {
        Self(Box::new([0; N]))
    }

    fn generate(random: &dyn Random) -> Self {
        let mut key = Self::zero();
        random.fill(key.0.as_mut_slice());
        key
    }

    fn from_slice(bytes: &[u8]) -> Option<Self> {
        let mut key = Self::zero();
        (bytes.len() == N).then(|| key.0.copy_from_slice(bytes))?;
        Some(key)
    }
}

impl<const N: usize> Drop for Bytes<N> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<const N: usize> ZeroizeOnDrop for Bytes<N> {}
impl ZeroizeOnDrop for SecretKey {}
impl ZeroizeOnDrop for NameKey {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemRandom;

    #[test]
    fn a_key_of_another_length_is_none() {
        assert!(SecretKey::from_slice(&[1; 31]).is_none());
        assert!(SecretKey::from_slice(&[1; 33]).is_none());
        assert!(NameKey::from_slice(&[1; 32]).is_none());
        assert_eq!(SecretKey::from_slice(&[1; 32]).unwrap().expose(), &[1; 32]);
    }

    #[test]
    fn what_holds_keys_is_wiped() {
        fn wiped<T: ZeroizeOnDrop>() {}
        wiped::<SecretKey>();
        wiped::<NameKey>();
        // Only where the feature `zeroize` of these crates is on.
        wiped::<aes_gcm::Aes256Gcm>();
        wiped::<aes_siv::siv::Aes256Siv>();
    }

    #[test]
    fn two_keys_that_are_made_differ() {
        let (one, two) = (
            SecretKey::generate(&SystemRandom::new()),
            SecretKey::generate(&SystemRandom::new()),
        );
        assert_ne!(one.expose(), two.expose());
    }
}
