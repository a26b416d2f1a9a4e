//! Makes text of bytes that are almost JSON.

use std::borrow::Cow;

const REPLACEMENT: &str = "\u{fffd}";

/// The body as text: a byte that is no UTF-8 and an escaped half of a surrogate pair each become a replacement
/// character, as Go's decoder makes of them. A body that needs no repair is not copied.
pub(super) fn repaired(body: &[u8]) -> Cow<'_, str> {
    let text = match std::str::from_utf8(body) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(replaced(body)),
    };
    if text.contains("\\ud") || text.contains("\\uD") {
        return Cow::Owned(paired(&text));
    }
    text
}

fn replaced(body: &[u8]) -> String {
    let mut text = String::with_capacity(body.len());
    for chunk in body.utf8_chunks() {
        text.push_str(chunk.valid());
        for _ in chunk.invalid() {
            text.push_str(REPLACEMENT);
        }
    }
    text
}

/// Copies the text, without the halves of pairs whose other half is missing.
fn paired(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, at)) = rest.find('\\').and_then(|place| rest.split_at_checked(place)) {
        whole.push_str(before);
        let (escape, behind) = match (surrogate(at), at.split_at_checked(6)) {
            (Some(Half::First), Some((_, behind))) if surrogate(behind) == Some(Half::Second) => {
                at.split_at_checked(12).unwrap_or((at, ""))
            }
            (Some(_), Some((_, behind))) => (REPLACEMENT, behind),
            // Another escape; both characters at once, so that the second cannot begin a further one.
            _ => at.split_at_checked(2).unwrap_or((at, "")),
        };
        whole.push_str(escape);
        rest = behind;
    }
    whole.push_str(rest);
    whole
}

#[derive(PartialEq, Eq)]
enum Half {
    First,
    Second,
}

/// Which half of a pair a text begins with.
fn surrogate(text: &str) -> Option<Half> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    match u16::from_str_radix(digits, 16).ok()? {
        0xd800..=0xdbff => Some(Half::First),
        0xdc00..=0xdfff => Some(Half::Second),
        _ => None,
    }
}
