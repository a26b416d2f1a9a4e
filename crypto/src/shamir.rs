//! Shamir's secret sharing over GF(2⁸), with shares as Vault writes them: one byte of each polynomial, then its place.
//!
//! All arithmetic runs in a time that does not depend on the secret: no tables, no branches on its bits.

use crate::CryptoError;
use logical::Random;
use logical::secret::Plaintext;
use zeroize::Zeroizing;

/// How many bytes a share is longer than the secret.
pub const OVERHEAD: usize = 1;

/// Splits a secret into `parts` shares, of which any `threshold` give it back and fewer say nothing.
///
/// # Errors
/// `Split` if there are fewer than two parts, or a threshold below two or above the number of parts.
pub fn split(
    secret: &Plaintext,
    parts: u8,
    threshold: u8,
    random: &dyn Random,
) -> Result<Vec<Plaintext>, CryptoError> {
    if threshold < 2 || parts < threshold || secret.is_empty() {
        return Err(CryptoError::Split);
    }
    let places = places(parts, random);
    // A vector that grew would leave a copy behind; these have their final room from the beginning.
    let room = secret.len() + OVERHEAD;
    let mut shares: Vec<Zeroizing<Vec<u8>>> = places
        .iter()
        .map(|_| Zeroizing::new(Vec::with_capacity(room)))
        .collect();
    let mut polynomial = Zeroizing::new(vec![0; usize::from(threshold)]);
    for &byte in secret.expose() {
        if let Some((constant, others)) = polynomial.split_first_mut() {
            *constant = byte;
            random.fill(others);
        }
        for (share, &x) in shares.iter_mut().zip(&places) {
            share.push(value_at(&polynomial, x));
        }
    }
    let finish = |(mut share, x): (Zeroizing<Vec<u8>>, u8)| {
        share.push(x);
        Plaintext::new(std::mem::take(&mut *share))
    };
    Ok(shares.into_iter().zip(places).map(finish).collect())
}

/// Puts a secret together again. Too few shares, or altered ones, give other bytes: that shows where these are used.
///
/// # Errors
/// `Shares` if there are fewer than two, if they differ in length, or if two have one place.
pub fn combine(shares: &[Plaintext]) -> Result<Plaintext, CryptoError> {
    let split = |share: &'_ Plaintext| share.expose().split_last().map(|(x, ys)| (*x, ys.len()));
    let heads: Vec<(u8, usize)> = shares.iter().filter_map(split).collect();
    let places: Vec<u8> = heads.iter().map(|(x, _)| *x).collect();
    let Some(&(_, length)) = heads.first() else {
        return Err(CryptoError::Shares);
    };
    let distinct = places
        .iter()
        .enumerate()
        .all(|(i, x)| *x != 0 && !places.iter().take(i).any(|earlier| earlier == x));
    let alike = heads.len() == shares.len() && heads.iter().all(|(_, each)| *each == length);
    if shares.len() < 2 || length == 0 || !distinct || !alike {
        return Err(CryptoError::Shares);
    }
    let mut secret = Zeroizing::new(vec![0; length]);
    for (share, &x) in shares.iter().zip(&places) {
        let weight = weight_at_zero(x, &places);
        for (byte, &y) in secret.iter_mut().zip(share.expose()) {
            *byte ^= multiply(weight, y);
        }
    }
    Ok(Plaintext::new(std::mem::take(&mut *secret)))
}

/// Distinct places of the shares, none of them zero, in random order.
fn places(parts: u8, random: &dyn Random) -> Vec<u8> {
    let mut places: Vec<u8> = (1..=255).collect();
    for i in (1..places.len()).rev() {
        places.swap(i, below(i + 1, random));
    }
    places.truncate(usize::from(parts));
    places
}

/// A random number below a bound of at most 256, each equally likely.
fn below(bound: usize, random: &dyn Random) -> usize {
    let fair = 256 - 256 % bound;
    loop {
        let mut byte = [0];
        random.fill(&mut byte);
        let drawn = usize::from(u8::from_be_bytes(byte));
        if drawn < fair {
            return drawn % bound;
        }
    }
}

/// The polynomial's value at a place; the constant comes first.
fn value_at(polynomial: &[u8], x: u8) -> u8 {
    polynomial
        .iter()
        .rev()
        .fold(0, |value, coefficient| multiply(value, x) ^ coefficient)
}

/// What the share at `x` counts for at zero, where the secret lies (Lagrange).
fn weight_at_zero(x: u8, places: &[u8]) -> u8 {
    places
        .iter()
        .filter(|other| **other != x)
        .fold(1, |weight, other| {
            multiply(weight, multiply(*other, inverse(other ^ x)))
        })
}

/// The product in GF(2⁸) modulo x⁸ + x⁴ + x³ + x + 1 (0x11B).
fn multiply(a: u8, b: u8) -> u8 {
    let (mut a, mut product) = (a, 0);
    for bit in 0..8 {
        product ^= a & ((b >> bit) & 1).wrapping_neg();
        let carry = (a >> 7).wrapping_neg();
        a = (a << 1) ^ (carry & 0x1b);
    }
    product
}

/// The inverse: a²⁵⁴, since a²⁵⁵ is one. Of zero it is zero.
fn inverse(a: u8) -> u8 {
    let mut power = a;
    for _ in 0..6 {
        power = multiply(multiply(power, power), a);
    }
    multiply(power, power)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemRandom;
    use proptest::prelude::*;

    fn secret(bytes: &[u8]) -> Plaintext {
        Plaintext::from(bytes)
    }

    #[test]
    fn every_number_but_zero_has_an_inverse() {
        assert!((1..=255).all(|a| multiply(a, inverse(a)) == 1));
    }

    #[test]
    fn products_are_those_of_the_field_of_aes() {
        // FIPS 197, section 4.2: {57} • {83} = {c1}, and {57} • {13} = {fe}.
        assert_eq!(multiply(0x57, 0x83), 0xc1);
        assert_eq!(multiply(0x57, 0x13), 0xfe);
    }

    #[test]
    fn shares_as_vault_writes_them_give_the_secret_back() {
        // The line 0x2a + 0x57 x at 0x83 and 0x13: {57} • {83} is {c1}, {57} • {13} is {fe}.
        let shares = [secret(&[0x2a ^ 0xc1, 0x83]), secret(&[0x2a ^ 0xfe, 0x13])];
        assert_eq!(combine(&shares).unwrap().expose(), [0x2a]);
    }

    #[test]
    fn numbers_that_make_no_sense_are_refused() {
        for (parts, threshold) in [(0, 0), (1, 1), (2, 1), (2, 3), (255, 0)] {
            assert!(split(&secret(b"key"), parts, threshold, &SystemRandom::new()).is_err());
        }
        assert!(split(&secret(b""), 3, 2, &SystemRandom::new()).is_err());
    }

    #[test]
    fn shares_that_do_not_fit_together_are_refused() {
        let refused = |shares: &[&[u8]]| {
            let shares: Vec<_> = shares.iter().map(|share| secret(share)).collect();
            assert_eq!(combine(&shares).err(), Some(CryptoError::Shares));
        };
        refused(&[]);
        refused(&[b"\x01\x01"]);
        refused(&[b"\x01\x01", b"\x02\x01"]);
        refused(&[b"\x01\x01", b"\x01\x02\x03"]);
        refused(&[b"\x01\x01", b""]);
        refused(&[b"\x01", b"\x02"]);
        refused(&[b"\x01\x00", b"\x02\x01"]);
    }

    #[test]
    fn of_255_shares_any_two_give_the_secret_back() {
        let shares = split(&secret(b"a key of ours"), 255, 2, &SystemRandom::new()).unwrap();
        let last_and_first = [shares[254].clone(), shares[0].clone()];
        assert_eq!(combine(&last_and_first).unwrap().expose(), b"a key of ours");
    }

    proptest! {
        #[test]
        fn a_threshold_of_shares_gives_the_secret_back_and_one_less_does_not(
            bytes in prop::collection::vec(any::<u8>(), 16..64),
            (parts, threshold) in (2_u8..20).prop_flat_map(|parts| (Just(parts), 2..=parts)),
            turn: prop::sample::Index,
        ) {
            let mut shares = split(&secret(&bytes), parts, threshold, &SystemRandom::new()).unwrap();
            shares.rotate_left(turn.index(usize::from(parts)));
            shares.truncate(usize::from(threshold));
            prop_assert!(shares.iter().all(|share| share.len() == bytes.len() + OVERHEAD));
            let whole = combine(&shares).unwrap();
            prop_assert_eq!(whole.expose(), &bytes[..]);
            shares.pop();
            prop_assert!(combine(&shares).map_or(true, |other| other.expose() != &bytes[..]));
        }

        #[test]
        fn any_bytes_offered_as_shares_do_not_panic(shares: Vec<Vec<u8>>) {
            let shares: Vec<_> = shares.iter().map(|share| secret(share)).collect();
            drop(combine(&shares));
        }
    }
}
