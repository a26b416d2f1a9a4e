//! Bodies that are forms.

use logical::Fields;

use crate::media::FORM;
use crate::query::Parameters;
use crate::refusal::Refusal;

/// Whether a body is to be read as a form: it is called one and does not begin like JSON. `curl -d '{…}'` calls its
/// JSON a form.
pub(crate) fn is_form(media: &str, body: &[u8]) -> bool {
    media == FORM && !matches!(body.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// Reads a form. A name that is repeated is one text with commas.
///
/// # Errors
/// 400 for what cannot be decoded.
pub(crate) fn members(body: &[u8]) -> Result<Fields, Refusal> {
    let refused = || Refusal::invalid("error parsing form data");
    let text = std::str::from_utf8(body).map_err(|_| refused())?;
    let parameters = Parameters::strictly_of(text).ok_or_else(refused)?;
    Ok(parameters.into_joined_fields())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn check(body: &str, expected: Value) {
        assert!(
            members(body.as_bytes()).unwrap() == Fields::of(expected),
            "{body}"
        );
    }

    #[test]
    fn a_form_becomes_members() {
        check("a=1&b=two", json!({"a": "1", "b": "two"}));
        check("a=1&a=2&b=3", json!({"a": "1,2", "b": "3"}));
        check(
            "a=%41+%2B%20b&%C3%BC=%F0%9F%98%80",
            json!({"a": "A + b", "ü": "😀"}),
        );
        check("a=&b", json!({"a": "", "b": ""}));
        check("a=1&&b=2", json!({"a": "1", "b": "2"}));
        check("", json!({}));
        let refusal = members(b"a=%zz").map(drop).unwrap_err();
        assert_eq!(refusal, Refusal::invalid("error parsing form data"));
    }

    #[test]
    fn json_that_is_called_a_form_is_json() {
        assert!(is_form(FORM, b"a=1"));
        for json in ["{", "  {\"a\":1}", "[1]"] {
            assert!(!is_form(FORM, json.as_bytes()));
        }
        assert!(!is_form("application/json", b"a=1"));
    }
}
