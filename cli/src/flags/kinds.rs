//! What flags hold, and whether a text can be held.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::files;
use crate::golang::{parse_bool, parse_duration, parse_integer};

/// What a flag holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Yes or no; the value may be left out.
    Switch,
    /// A text.
    Text,
    /// An integer.
    Integer,
    /// A duration.
    Duration,
    /// Texts, one each time the flag is given.
    List,
    /// Pairs `key=value`, one each time the flag is given.
    Pairs,
    /// Files with public keys, separated by commas. What is kept are the keys, in base64.
    PublicKeys,
}

impl Kind {
    /// How the help shows the value.
    pub(crate) fn placeholder(self) -> &'static str {
        match self {
            Self::Switch => "",
            Self::Text | Self::List => "=<string>",
            Self::Integer => "=<int>",
            Self::Duration => "=<duration>",
            Self::Pairs => "=<key=value>",
            Self::PublicKeys => "=<keys>",
        }
    }

    /// Checks a text and returns what is kept of it; the error is the reason.
    pub(crate) fn accept(self, text: &str) -> Result<Vec<String>, String> {
        match self {
            Self::Switch => parse_bool(text).map(|truth| vec![truth.to_string()]),
            Self::Integer => parse_integer(text).map(|_| vec![text.to_owned()]),
            Self::Duration => parse_duration(text).map(|_| vec![text.to_owned()]),
            Self::List => Ok(vec![text.trim().to_owned()]),
            Self::Pairs if !text.contains('=') => Err(format!("missing = in KV pair: {text:?}")),
            Self::Text | Self::Pairs => Ok(vec![text.to_owned()]),
            Self::PublicKeys => text.split(',').map(public_key).collect(),
        }
    }
}

/// The key in a file, in base64: it may be in ASCII armour, in base64 already, or binary.
fn public_key(name: &str) -> Result<String, String> {
    if name.starts_with("keybase:") {
        return Err("keys of keybase are not fetched; save the public key to a file".to_owned());
    }
    let bytes = files::read(Path::new(name.trim_start_matches('@')))?;
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return Ok(STANDARD.encode(&bytes));
    };
    let body: String = match text.split_once("-----BEGIN PGP PUBLIC KEY BLOCK-----") {
        Some((_, armoured)) => armoured_body(armoured),
        None => text.split_whitespace().collect(),
    };
    match STANDARD.decode(&body) {
        Ok(_) => Ok(body),
        Err(_) => Ok(STANDARD.encode(&bytes)),
    }
}

/// The base64 between the headers of an armour and its checksum.
fn armoured_body(armoured: &str) -> String {
    let lines = armoured
        .lines()
        .skip(1)
        .skip_while(|line| line.contains(':') || line.trim().is_empty());
    lines
        .take_while(|line| !line.starts_with('=') && !line.starts_with("-----"))
        .map(str::trim)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_armour_is_taken_off() {
        let armoured = "\nVersion: x\n\nAAAA\nBBBB\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n";
        assert_eq!(armoured_body(armoured), "AAAABBBB");
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = Kind::PublicKeys.accept("/no/such/file").expect_err("no file");
        assert_eq!(error, "open /no/such/file: no such file or directory");
    }

    #[test]
    fn a_pair_has_an_equals_sign() {
        assert_eq!(
            Kind::Pairs.accept("x"),
            Err("missing = in KV pair: \"x\"".to_owned())
        );
    }
}
