//! `sys/decode-token`: a root token out of what `sys/generate-root` answered. Whoever knows both halves knows the token,
//! so everybody may ask.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use logical::secret::SecretText;
use logical::{Access, Done, Error, Operation, Result, Table};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::Sys;

/// Base64 with or without padding: what the reference answers has none.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

#[derive(Deserialize, JsonSchema)]
struct Encoded {
    /// What `sys/generate-root` answered, in base64.
    encoded_token: Option<SecretText>,
    /// The one-time password that it was begun with.
    otp: Option<SecretText>,
}

pub(crate) fn routes(table: Table<Sys>) -> Table<Sys> {
    table.route("decode-token", Access::Public, |r| {
        r.on(
            Operation::Update,
            "Decode a root token that was generated.",
            |_, _, input| async move {
                let token = decoded(&input)?;
                Ok(Done::data(json!({ "token": token.expose() })))
            },
        );
    })
}

fn decoded(input: &Encoded) -> Result<SecretText> {
    let missing = |name: &str| Error::invalid(format!("{name} must be specified"));
    let encoded = input
        .encoded_token
        .as_ref()
        .ok_or_else(|| missing("encoded_token"))?;
    let otp = input.otp.as_ref().ok_or_else(|| missing("otp"))?;
    let bytes = BASE64
        .decode(encoded.expose())
        .map_err(|_| Error::invalid("encoded_token is not base64"))?;
    if bytes.len() != otp.expose().len() {
        return Err(Error::invalid("encoded_token and otp are not of the same length"));
    }
    let token = bytes
        .iter()
        .zip(otp.expose().bytes())
        .map(|(byte, pad)| byte ^ pad)
        .collect();
    String::from_utf8(token)
        .map(SecretText::new)
        .map_err(|_| Error::invalid("encoded_token and otp do not belong together"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_comes_out_of_its_two_halves_alone() {
        let otp = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let encoded = "MmwiJiYiIi4uIiImJiIiPj4iIiYmIiIuLiI";
        let of = |encoded: Option<&str>, otp: Option<&str>| {
            let input = Encoded {
                encoded_token: encoded.map(SecretText::from),
                otp: otp.map(SecretText::from),
            };
            decoded(&input).map(|token| token.expose().to_owned())
        };
        assert_eq!(
            of(Some(encoded), Some(otp)).unwrap(),
            "s.abcdefghijklmnopqrstuvwx"
        );
        assert!(of(Some(encoded), Some("short")).is_err());
        assert!(of(Some("!"), Some(otp)).is_err());
        assert!(of(None, Some(otp)).is_err());
        assert!(of(Some(encoded), None).is_err());
    }
}
