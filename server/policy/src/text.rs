//! A policy's text, as clients send it.

use crate::PolicyError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::borrow::Cow;

/// The text that a client means. Vault decodes what is base64 as a whole, line ends aside, whatever it was meant to be,
/// and clients rely on it.
///
/// # Errors
/// If it is base64 of something that is no text.
pub fn decoded(sent: &str) -> Result<Cow<'_, str>, PolicyError> {
    let lines = sent.replace(['\r', '\n'], "");
    let Ok(bytes) = STANDARD.decode(&lines) else {
        return Ok(Cow::Borrowed(sent));
    };
    if bytes.is_empty() {
        return Ok(Cow::Borrowed(sent));
    }
    String::from_utf8(bytes)
        .map(Cow::Owned)
        .map_err(|_| PolicyError::Encoding)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sent: &str, meant: Option<&str>) {
        assert_eq!(decoded(sent).ok().as_deref(), meant, "{sent:?}");
    }

    #[test]
    fn base64_is_decoded_once() {
        check("cGF0aCAiYSIge30=", Some("path \"a\" {}"));
        check("cGF0aCAi\r\nYSIge30=\n", Some("path \"a\" {}"));
        check("Y0dGMGFDQWlZU0lnZTMwPQ==", Some("cGF0aCAiYSIge30="));
    }

    #[test]
    fn what_is_not_base64_stays() {
        for text in [
            "",
            "\n",
            "path \"a\" {}",
            "cGF0aCAiYSIge30",
            "cGF0 aCAiYSIge30=",
            "# x",
        ] {
            check(text, Some(text));
        }
    }

    #[test]
    fn base64_of_no_text_is_refused() {
        check("path", None);
    }
}
