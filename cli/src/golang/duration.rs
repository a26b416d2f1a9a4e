//! Durations: `1h30m` is read and written, plain numbers are seconds.

/// A span of time. Vault's flags know nothing shorter than a second that would matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seconds(pub(crate) i64);

impl Seconds {
    /// As Go writes it, and as it goes to the server: `1h0m0s`, `5m0s`, `0s`.
    pub(crate) fn full(self) -> String {
        let (sign, total) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        let (hours, minutes, seconds) = (total / 3600, total / 60 % 60, total % 60);
        match total {
            0..60 => format!("{sign}{seconds}s"),
            60..3600 => format!("{sign}{minutes}m{seconds}s"),
            _ => format!("{sign}{hours}h{minutes}m{seconds}s"),
        }
    }
}

/// As tables show it: `1h30m`, `59s`, `768h`, without the parts that are nought.
pub(crate) fn compact(seconds: i64) -> String {
    let full = Seconds(seconds).full();
    let full = full
        .strip_suffix("m0s")
        .map_or(full.clone(), |rest| format!("{rest}m"));
    full.replacen("h0m", "h", 1)
}

/// Reads a duration, in the words of Go where it is none.
pub(crate) fn parse_duration(text: &str) -> Result<Seconds, String> {
    let invalid = || format!("time: invalid duration {text:?}");
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    if let Ok(seconds) = digits.parse::<i64>() {
        return Ok(Seconds(sign * seconds));
    }
    let (mut rest, mut milliseconds) = (digits, 0_f64);
    if rest.is_empty() {
        return Err(invalid());
    }
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .ok_or_else(invalid)?;
        let (number, after) = rest.split_at(end);
        let unit_end = after
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_end);
        milliseconds +=
            number.parse::<f64>().map_err(|_| invalid())? * unit_in_milliseconds(unit).ok_or_else(invalid)?;
        rest = after;
    }
    whole_seconds(milliseconds)
        .map(|seconds| Seconds(sign * seconds))
        .ok_or_else(invalid)
}

fn unit_in_milliseconds(unit: &str) -> Option<f64> {
    Some(match unit {
        "ns" => 1e-6,
        "us" | "µs" => 1e-3,
        "ms" => 1.0,
        "s" => 1e3,
        "m" => 60e3,
        "h" => 3600e3,
        "d" => 24.0 * 3600e3,
        _ => return None,
    })
}

fn whole_seconds(milliseconds: f64) -> Option<i64> {
    let seconds = (milliseconds / 1e3).trunc();
    // Go's durations end at 292 years; a text in between keeps the conversion exact.
    (seconds < 9.2e9)
        .then(|| format!("{seconds:.0}").parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, full: &str, shown: &str) {
        let seconds = parse_duration(text).expect("a duration");
        assert_eq!(
            (seconds.full().as_str(), compact(seconds.0).as_str()),
            (full, shown)
        );
    }

    #[test]
    fn durations_are_read_and_written_as_by_go() {
        check("0", "0s", "0s");
        check("59", "59s", "59s");
        check("1m", "1m0s", "1m");
        check("90m", "1h30m0s", "1h30m");
        check("3601s", "1h0m1s", "1h1s");
        check("3h25m19s", "3h25m19s", "3h25m19s");
        check("768h", "768h0m0s", "768h");
        check("1.5h", "1h30m0s", "1h30m");
        check("-1", "-1s", "-1s");
    }

    #[test]
    fn what_is_no_duration_is_refused_in_the_words_of_go() {
        for text in ["abc", "", "1x", "h", "1h x", "1e99h"] {
            assert_eq!(
                parse_duration(text),
                Err(format!("time: invalid duration {text:?}"))
            );
        }
    }
}
