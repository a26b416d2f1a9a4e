//! Which texts read as a moment, and are shown as they are.

/// Whether a text is an RFC 3339 moment such as `2024-01-02T03:04:05.5Z`. Such texts are not hashed, as in Vault.
///
/// Vault's parser also takes an hour of one digit, a comma, any number of fractional digits and offsets beyond a day.
/// Ours takes none of these: what is no proper moment may be a secret.
pub(crate) fn is_instant(text: &str) -> bool {
    instant(text.as_bytes()).is_some()
}

/// The whole text must be read, or there is no answer.
fn instant(text: &[u8]) -> Option<()> {
    // Nearly every text fails here, at the price of three comparisons.
    if text.get(4) != Some(&b'-') || text.get(7) != Some(&b'-') || text.get(10) != Some(&b'T') {
        return None;
    }
    let (date, time) = text.split_at_checked(10)?;
    let [year, month, day] = numbers(date, [4, 2, 2], b'-')?;
    let (clock, rest) = time.get(1..)?.split_at_checked(8)?;
    let [hour, minute, second] = numbers(clock, [2, 2, 2], b':')?;
    let days = days_of(month, year)?;
    let in_range = (1..=days).contains(&day) && hour < 24 && minute < 60 && second < 60;
    (in_range && is_offset(behind_fraction(rest)?)).then_some(())
}

/// Three numbers of fixed width with a separator between them, and nothing else.
fn numbers(text: &[u8], widths: [usize; 3], separator: u8) -> Option<[u32; 3]> {
    let mut parts = text.split(|byte| *byte == separator);
    let mut found = [0; 3];
    for (number, width) in found.iter_mut().zip(widths) {
        let part = parts.next().filter(|part| part.len() == width)?;
        for digit in part {
            *number = *number * 10 + char::from(*digit).to_digit(10)?;
        }
    }
    parts.next().is_none().then_some(found)
}

fn days_of(month: u32, year: u32) -> Option<u32> {
    let leap = (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    match month {
        2 if leap => Some(29),
        2 => Some(28),
        4 | 6 | 9 | 11 => Some(30),
        1..=12 => Some(31),
        _ => None,
    }
}

/// What lies behind a fraction of at most nine digits, where there is one.
fn behind_fraction(rest: &[u8]) -> Option<&[u8]> {
    let Some(fraction) = rest.strip_prefix(b".") else {
        return Some(rest);
    };
    let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (1..=9).contains(&digits).then(|| fraction.get(digits..))?
}

fn is_offset(text: &[u8]) -> bool {
    let Some(offset) = text.strip_prefix(b"+").or_else(|| text.strip_prefix(b"-")) else {
        return text == b"Z";
    };
    let digit = |place: usize| offset.get(place).filter(|d| d.is_ascii_digit()).copied();
    let pair = |place: usize| Some([digit(place)?, digit(place + 1)?]);
    offset.len() == 5
        && offset.get(2) == Some(&b':')
        && pair(0).is_some_and(|hours| hours < *b"24")
        && pair(3).is_some_and(|minutes| minutes < *b"60")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, shown: bool) {
        assert_eq!(is_instant(text), shown, "{text:?}");
    }

    /// All of the first list are shown by the reference too, and all but the last six of the second are hashed there.
    #[test]
    fn only_proper_moments_are_shown() {
        for moment in [
            "2024-01-02T03:04:05Z",
            "2024-01-02T03:04:05+02:00",
            "2024-01-02T03:04:05.123456789+02:00",
            "2024-01-02T03:04:05-00:00",
            "2024-01-02T03:04:05+23:59",
            "2024-02-29T00:00:00Z",
            "0000-01-01T00:00:00Z",
        ] {
            check(moment, true);
        }
        for other in [
            "",
            "2024-01-02 03:04:05",
            "2024-01-02",
            "2024-01-02T03:04:05",
            "2024-01-02t03:04:05z",
            "2024-02-30T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "2024-13-02T03:04:05Z",
            "2024-01-00T03:04:05Z",
            "2024-01-02T24:00:00Z",
            "2024-01-02T03:04:60Z",
            "2024-01-02T03:04:05.Z",
            "2024-01-02T03:04:05+0200",
            "2024-01-02T03:04:05+25:00",
            "2024-01-02T03:04:05Z ",
            "2024-01-02T03:04:05Zsecret",
            "2024-01-02T3:04:05Z",
            "2024-01-02T03:04:05,5Z",
            "2024-01-02T03:04:05.1234567890Z",
            "2024-01-02T03:04:05+24:00",
            "2024-01-02T03:04:05+24:01",
            "2024-01-02T03:04:05+23:60",
        ] {
            check(other, false);
        }
    }
}
