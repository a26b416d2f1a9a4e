//! One-time passwords: made here, and taken off the token that came encrypted with one.

use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{DecodeError, Engine as _};

/// Takes the password off the encoded token.
pub(super) fn decode(encoded: &str, otp: &str) -> Result<String, String> {
    let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let bytes = GeneralPurpose::new(&STANDARD, lenient).decode(encoded);
    let bytes = bytes.map_err(|error| match error {
        DecodeError::InvalidByte(at, _) => {
            format!("error decoding base64'd token: illegal base64 data at input byte {at}")
        }
        other => format!("error decoding base64'd token: {other}"),
    })?;
    if bytes.len() != otp.len() {
        return Err(format!(
            "the token has {} bytes, and the one-time password {}",
            bytes.len(),
            otp.len()
        ));
    }
    let token = bytes
        .iter()
        .zip(otp.bytes())
        .map(|(byte, pad)| byte ^ pad)
        .collect();
    String::from_utf8(token).map_err(|_| "the one-time password does not belong to this token".to_owned())
}

/// Makes a password of letters and digits.
pub(super) fn generate(length: usize, randomness: &[u8]) -> String {
    const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    // Bytes from 248 on are left out, or the first letters would come more often than the others.
    let even = randomness.iter().filter(|byte| **byte < 248);
    even.take(length)
        .filter_map(|byte| LETTERS.get(usize::from(byte % 62)))
        .map(|letter| char::from(*letter))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_decoded_with_its_password() {
        assert_eq!(decode("CRQQShEJDA0H", "abcdefghi").as_deref(), Ok("hvs.token"));
    }

    #[test]
    fn what_is_no_base64_or_has_another_length_is_refused() {
        assert!(decode("!", "a").is_err_and(|reason| reason.starts_with("error decoding base64'd token: ")));
        assert!(decode("AAAA", "a").is_err());
    }

    #[test]
    fn a_password_has_the_length_and_only_letters_and_digits() {
        let otp = generate(
            28,
            &std::array::from_fn::<u8, 256, _>(|n| u8::try_from(255 - n).unwrap_or_default()),
        );
        assert!(
            otp.len() == 28 && otp.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            "{otp}"
        );
    }
}
