//! How long a wrapped answer may wait, as its header says.

use logical::field::parse_duration;
use std::time::Duration;

use crate::refusal::Refusal;

/// Reads the header. Empty and zero ask for nothing.
///
/// # Errors
/// 400, with Vault's text.
pub(crate) fn wrap_ttl(text: &str) -> Result<Option<Duration>, Refusal> {
    let (number, negative) = match text.strip_prefix('-') {
        Some(number) if !number.is_empty() => (number, true),
        _ => (text, false),
    };
    let refused = |why: String| Refusal::invalid(format!("error parsing X-Vault-Wrap-TTL header: {why}"));
    match parse_duration(number) {
        Some(Duration::ZERO) => Ok(None),
        Some(_) if negative => Err(refused("requested wrap ttl cannot be negative".to_owned())),
        Some(ttl) => Ok(Some(ttl)),
        None => Err(refused(complaint(text))),
    }
}

/// What is wrong with a duration, in the words that Vault has from Go.
fn complaint(text: &str) -> String {
    let invalid = || format!("time: invalid duration {text:?}");
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    while !rest.is_empty() {
        let behind = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        if behind.len() == rest.len() {
            return invalid();
        }
        if behind.is_empty() {
            return format!("time: missing unit in duration {text:?}");
        }
        let ends = behind
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(behind.len());
        let (unit, next) = behind.split_at_checked(ends).unwrap_or((behind, ""));
        if !matches!(unit, "h" | "m" | "s" | "ms" | "us" | "µs" | "μs" | "ns") {
            return format!("time: unknown unit {unit:?} in duration {text:?}");
        }
        rest = next;
    }
    invalid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_taken_in_every_form() {
        for (text, milliseconds) in [
            ("60", 60_000),
            ("60s", 60_000),
            ("1.5m", 90_000),
            ("1h", 3_600_000),
            ("1d", 86_400_000),
            ("2500ms", 2_500),
        ] {
            let expected = Some(Duration::from_millis(milliseconds));
            assert_eq!(wrap_ttl(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn nothing_wraps_nothing() {
        for text in ["", "0", "0s", "-0"] {
            assert_eq!(wrap_ttl(text), Ok(None), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for (text, why) in [
            ("soon", "time: invalid duration \"soon\""),
            ("-1", "requested wrap ttl cannot be negative"),
            ("-5m", "requested wrap ttl cannot be negative"),
            ("1h30", "time: missing unit in duration \"1h30\""),
            ("60 s", "time: unknown unit \" s\" in duration \"60 s\""),
            ("1,5m", "time: unknown unit \",\" in duration \"1,5m\""),
            ("true", "time: invalid duration \"true\""),
            ("[60]", "time: invalid duration \"[60]\""),
            ("1h-5m", "time: unknown unit \"h-\" in duration \"1h-5m\""),
            ("-", "time: invalid duration \"-\""),
        ] {
            let text_out = format!("error parsing X-Vault-Wrap-TTL header: {why}");
            assert_eq!(wrap_ttl(text), Err(Refusal::invalid(text_out)), "{text}");
        }
    }
}
