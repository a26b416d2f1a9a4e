//! Identifiers that we make: 24 characters, of which the first eight are a time.

use crate::{Error, Random, Time};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const TIME: usize = 8;
const LENGTH: usize = 24;

/// An identifier: eight base-62 characters of time and sixteen random ones.
///
/// What is made together lies together in the store, because the time comes first. The random part (95 bits) makes it
/// unlikely to be met twice; it is no secret.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id([u8; LENGTH]);

impl Id {
    /// Makes a new one.
    pub fn new(now: Time, random: &dyn Random) -> Self {
        let mut id = [b'0'; LENGTH];
        let (time, rest) = id.split_at_mut(TIME);
        let mut left = u64::try_from(now.as_millisecond()).unwrap_or(0);
        for digit in time.iter_mut().rev() {
            *digit = digit_of(left % 62);
            left /= 62;
        }
        rest.copy_from_slice(random_text(random, LENGTH - TIME).as_bytes());
        Self(id)
    }

    /// The characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("an id is made of ASCII characters")
    }

    /// The characters, as bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Random text of base-62 characters, each of them equally likely; 5.95 bits a character.
pub fn random_text(random: &dyn Random, characters: usize) -> String {
    let mut text = String::with_capacity(characters);
    let mut bytes = [0_u8; 32];
    while text.len() < characters {
        random.fill(&mut bytes);
        // 248 is the largest multiple of 62 that a byte can hold: what lies above would favour some characters.
        let fair = bytes
            .iter()
            .filter(|b| **b < 248)
            .map(|b| char::from(digit_of(u64::from(*b) % 62)));
        text.extend(fair.take(characters - text.len()));
    }
    text
}

/// A random UUID, version 4, for what clients expect to be one.
pub fn random_uuid(random: &dyn Random) -> String {
    let mut bytes = [0_u8; 16];
    random.fill(&mut bytes);
    let value = u128::from_be_bytes(bytes);
    let marked = (value & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{marked:032x}");
    let mut text = String::with_capacity(36);
    for (place, digit) in hex.chars().enumerate() {
        if matches!(place, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    text
}

fn digit_of(value: u64) -> u8 {
    usize::try_from(value)
        .ok()
        .and_then(|v| DIGITS.get(v))
        .copied()
        .unwrap_or(b'0')
}

impl FromStr for Id {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match <[u8; LENGTH]>::try_from(text.as_bytes()) {
            Ok(bytes) if bytes.iter().all(u8::is_ascii_alphanumeric) => Ok(Self(bytes)),
            _ => Err(Error::invalid("an id has 24 letters and digits")),
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse()
            .map_err(|_| serde::de::Error::custom("an id has 24 letters and digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting(std::sync::atomic::AtomicU8);

    impl Random for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            for byte in bytes {
                *byte = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            }
        }
    }

    #[test]
    fn a_later_id_sorts_behind_an_earlier_one() {
        let random = Counting(0.into());
        let at = |ms| Id::new(Time::from_millisecond(ms).unwrap(), &random);
        let ids = [
            at(0),
            at(61),
            at(62),
            at(1_764_000_000_000),
            at(1_764_000_000_001),
        ];
        assert!(ids.is_sorted());
    }

    #[test]
    fn a_uuid_has_its_form() {
        assert_eq!(
            random_uuid(&Counting(0.into())),
            "00010203-0405-4607-8809-0a0b0c0d0e0f"
        );
    }

    #[test]
    fn an_id_is_read_back_as_it_was_written() {
        let id = Id::new(
            Time::from_millisecond(1_764_000_000_000).unwrap(),
            &Counting(7.into()),
        );
        assert_eq!(id.as_str().parse::<Id>().unwrap(), id);
        assert_eq!(id.as_str().len(), 24);
        assert!("../../../../../../etc/pw".parse::<Id>().is_err());
    }
}
