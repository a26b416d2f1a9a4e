//! The keys that seal records: numbered data keys, the name key, the derivation key.

use crypto::aead::Aead;
use crypto::{NameKey, SecretKey};
use logical::{Random, Time};
use std::sync::atomic::{AtomicU64, Ordering};
use zeroize::Zeroizing;

/// Under random nonces a key of AES-GCM seals no more than 2³² texts (NIST SP 800-38D, 8.3).
const SEALS_MAX: u64 = 1 << 32;
/// How many seals are granted to a term at a time. The grant is durable before the first of them is made, so that no
/// crash makes a term forget how often it sealed; what is left of a grant at the end of a process counts as used.
const GRANT: u64 = 1 << 16;
const ENCODING: u8 = 1;

/// All keys below the root key. Every part of it is wiped when dropped.
pub(crate) struct Keyring {
    // Invariant: never empty, numbers grow; the last term seals, the others only open.
    terms: Vec<Term>,
    /// Seals names. It never changes, so that a name can be found.
    pub(crate) names: NameKey,
    /// The key that others are derived from.
    pub(crate) derivation: SecretKey,
}

/// A data key and its number.
pub(crate) struct Term {
    /// Its number.
    pub(crate) number: u32,
    /// Since when it seals.
    pub(crate) installed: Time,
    /// The key, ready for use.
    pub(crate) aead: Aead,
    key: SecretKey,
    used: AtomicU64,
    granted: u64,
}

/// What may become of a keyring. It is written first, made durable, and then done.
pub(crate) enum Change {
    /// The last term may seal up to this often.
    Grant(u64),
    /// A new term seals from now on.
    Rotate(Term),
}

impl Keyring {
    /// New keys, and a first term that has not been granted anything.
    pub(crate) fn generate(now: Time, random: &dyn Random) -> Self {
        Self {
            terms: vec![Term::new(1, now, SecretKey::generate(random), 0)],
            names: NameKey::generate(random),
            derivation: SecretKey::generate(random),
        }
    }

    /// The term that seals.
    pub(crate) fn active(&self) -> &Term {
        self.terms.last().expect("a keyring has a term")
    }

    /// The term of a number.
    pub(crate) fn term(&self, number: u32) -> Option<&Term> {
        self.terms.iter().rev().find(|term| term.number == number)
    }

    /// The term that seals, if its grant covers so many seals more; they count as made.
    pub(crate) fn take(&self, seals: u64) -> Option<&Term> {
        let term = self.active();
        let before = term.used.fetch_add(seals, Ordering::Relaxed);
        if before.saturating_add(seals) <= term.granted {
            return Some(term);
        }
        term.used.fetch_sub(seals, Ordering::Relaxed);
        None
    }

    /// What has to change before so many seals more can be made; `None` if nothing has.
    pub(crate) fn change_for(&self, seals: u64, now: Time, random: &dyn Random) -> Option<Change> {
        let term = self.active();
        if term.used().saturating_add(seals) <= term.granted {
            return None;
        }
        let granted = term.granted.saturating_add(seals.max(GRANT));
        match granted <= SEALS_MAX {
            true => Some(Change::Grant(granted)),
            false => Some(self.rotation(now, random)),
        }
    }

    /// A new term.
    pub(crate) fn rotation(&self, now: Time, random: &dyn Random) -> Change {
        let number = self.active().number.saturating_add(1);
        Change::Rotate(Term::new(number, now, SecretKey::generate(random), GRANT))
    }

    /// Does what was made durable.
    pub(crate) fn apply(&mut self, change: Change) {
        match change {
            Change::Rotate(term) => self.terms.push(term),
            Change::Grant(granted) => {
                if let Some(last) = self.terms.last_mut() {
                    last.granted = granted;
                }
            }
        }
    }

    /// The bytes that the root key seals: those of the keyring as it will be after a change, where there is one.
    pub(crate) fn encode(&self, change: Option<&Change>) -> Zeroizing<Vec<u8>> {
        let rotated = match change {
            Some(Change::Rotate(term)) => Some(term),
            _ => None,
        };
        // The final size is known: a vector that grew would leave a copy of the keys behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(97 + 52 * (self.terms.len() + 1)));
        bytes.push(ENCODING);
        bytes.extend(self.names.expose());
        bytes.extend(self.derivation.expose());
        for term in self.terms.iter().chain(rotated) {
            let granted = match change {
                Some(Change::Grant(granted)) if term.number == self.active().number => *granted,
                _ => term.granted,
            };
            bytes.extend(term.number.to_be_bytes());
            bytes.extend(term.installed.as_microsecond().to_be_bytes());
            bytes.extend(granted.to_be_bytes());
            bytes.extend(term.key.expose());
        }
        bytes
    }

    /// Reads a keyring back; `None` if the bytes are none. What was granted counts as used.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let (&encoding, rest) = bytes.split_first()?;
        let (names, rest) = rest.split_first_chunk::<64>()?;
        let (derivation, mut rest) = rest.split_first_chunk::<32>()?;
        let mut terms = Vec::new();
        while !rest.is_empty() {
            let (term, behind) = Term::decode(rest)?;
            terms.push(term);
            rest = behind;
        }
        let whole = encoding == ENCODING && !terms.is_empty();
        whole.then_some(Self {
            terms,
            names: NameKey::from_slice(names)?,
            derivation: SecretKey::from_slice(derivation)?,
        })
    }
}

impl Term {
    fn new(number: u32, installed: Time, key: SecretKey, granted: u64) -> Self {
        Self {
            number,
            installed,
            aead: Aead::new(&key),
            key,
            used: AtomicU64::new(0),
            granted,
        }
    }

    /// How many texts it has sealed, at most.
    pub(crate) fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    fn decode(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (number, rest) = bytes.split_first_chunk::<4>()?;
        let (installed, rest) = rest.split_first_chunk::<8>()?;
        let (granted, rest) = rest.split_first_chunk::<8>()?;
        let (key, rest) = rest.split_first_chunk::<32>()?;
        let installed = Time::from_microsecond(i64::from_be_bytes(*installed)).ok()?;
        let (key, granted) = (SecretKey::from_slice(key)?, u64::from_be_bytes(*granted));
        let mut term = Self::new(u32::from_be_bytes(*number), installed, key, granted);
        term.used = AtomicU64::new(granted);
        Some((term, rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::SystemRandom;
    use proptest::prelude::*;

    fn keyring() -> Keyring {
        let mut keyring = Keyring::generate(Time::UNIX_EPOCH, &SystemRandom::new());
        keyring.apply(Change::Grant(GRANT));
        keyring
    }

    fn change(keyring: &Keyring, seals: u64) -> Option<Change> {
        keyring.change_for(seals, Time::UNIX_EPOCH, &SystemRandom::new())
    }

    #[test]
    fn a_keyring_is_read_back_as_it_was_written() {
        let mut keyring = keyring();
        let rotation = keyring.rotation(Time::from_second(7).unwrap(), &SystemRandom::new());
        let encoded = keyring.encode(Some(&rotation));
        keyring.apply(rotation);
        assert_eq!(*encoded, *keyring.encode(None));
        let read = Keyring::decode(&encoded).unwrap();
        assert_eq!(read.active().number, 2);
        assert_eq!(read.active().installed, Time::from_second(7).unwrap());
        assert_eq!(
            read.term(1).unwrap().key.expose(),
            keyring.term(1).unwrap().key.expose()
        );
        assert_eq!(*read.encode(None), *encoded);
    }

    #[test]
    fn a_term_seals_as_often_as_was_granted_and_no_more() {
        let mut keyring = keyring();
        assert!(keyring.take(GRANT - 1).is_some());
        assert!(keyring.take(2).is_none());
        assert!(keyring.take(1).is_some());
        assert!(keyring.take(1).is_none());
        let granted = change(&keyring, 1).unwrap();
        assert!(matches!(granted, Change::Grant(g) if g == 2 * GRANT));
        keyring.apply(granted);
        assert!(change(&keyring, 1).is_none());
        assert!(keyring.take(1).is_some());
    }

    #[test]
    fn what_was_granted_counts_as_used_after_a_restart() {
        let keyring = keyring();
        assert!(keyring.take(1).is_some());
        let read = Keyring::decode(&keyring.encode(None)).unwrap();
        assert!(read.take(1).is_none());
        assert_eq!(read.active().used(), GRANT);
    }

    #[test]
    fn a_term_is_replaced_before_it_has_sealed_too_often() {
        let mut keyring = keyring();
        keyring.apply(Change::Grant(SEALS_MAX - 1));
        assert!(keyring.take(SEALS_MAX - 1).is_some());
        let change = change(&keyring, 1).unwrap();
        assert!(matches!(change, Change::Rotate(_)));
        keyring.apply(change);
        assert_eq!(keyring.take(1).unwrap().number, 2);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            drop(Keyring::decode(&bytes));
        }
    }
}
