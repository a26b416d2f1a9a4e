//! Durations as Go writes them.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::borrow::Cow;
use std::fmt::Write;
use std::time::Duration;

/// A time to live: `"1h30m"`, `"2d"`, `90` or `"90"` (seconds). Never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ttl(pub Duration);

impl<'de> Deserialize<'de> for Ttl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let duration = match Value::deserialize(deserializer)? {
            Value::String(text) => parse_duration(&text),
            Value::Number(number) => parse_duration(&number.to_string()),
            _ => None,
        };
        duration
            .map(Self)
            .ok_or_else(|| D::Error::custom("expected a duration such as 1h30m"))
    }
}

impl JsonSchema for Ttl {
    fn schema_name() -> Cow<'static, str> {
        "Ttl".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "seconds" })
    }

    fn inline_schema() -> bool {
        true
    }
}

/// Reads a duration: seconds without a unit, whole days with `d`, else numbers with `h`, `m`, `s`, `ms`, `us` or `ns`
/// behind them. Empty text is zero. `None` for anything else, blanks at the ends included, for negative ones and for
/// what 64 bits of nanoseconds cannot hold.
pub fn parse_duration(text: &str) -> Option<Duration> {
    if text.is_empty() {
        return Some(Duration::ZERO);
    }
    if let Some(days) = text.strip_suffix('d') {
        return bounded(Duration::from_secs(
            days.parse::<u64>().ok()?.checked_mul(86_400)?,
        ));
    }
    if let Ok(seconds) = text.parse::<u64>() {
        return bounded(Duration::from_secs(seconds));
    }
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let number_ends = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, behind) = rest.split_at_checked(number_ends)?;
        let unit_ends = behind
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(behind.len());
        let (unit, next) = behind.split_at_checked(unit_ends)?;
        total = total.checked_add(part(number, unit)?)?;
        rest = next;
    }
    bounded(total)
}

/// Prints a duration as Go does: `1h0m0s`, `1m30s`, `0s`.
pub fn format_duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let mut text = String::new();
    if hours > 0 {
        let _ = write!(text, "{hours}h");
    }
    if hours > 0 || minutes > 0 {
        let _ = write!(text, "{minutes}m");
    }
    let fraction = format!("{:09}", duration.subsec_nanos());
    let fraction = fraction.trim_end_matches('0');
    let _ = if fraction.is_empty() {
        write!(text, "{rest}s")
    } else {
        write!(text, "{rest}.{fraction}s")
    };
    text
}

/// Go keeps durations in 64 bits of nanoseconds.
fn bounded(duration: Duration) -> Option<Duration> {
    (duration.as_nanos() <= i64::MAX as u128).then_some(duration)
}

fn part(number: &str, unit: &str) -> Option<Duration> {
    let nanoseconds: u64 = match unit {
        "h" => 3_600_000_000_000,
        "m" => 60_000_000_000,
        "s" => 1_000_000_000,
        "ms" => 1_000_000,
        "us" | "µs" | "μs" => 1_000,
        "ns" => 1,
        _ => return None,
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let total = Duration::from_nanos(whole.checked_mul(nanoseconds)?);
    let fraction: f64 = if fraction.is_empty() {
        0.0
    } else {
        format!("0.{fraction}").parse().ok()?
    };
    total.checked_add(Duration::from_nanos(nanoseconds).mul_f64(fraction))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, seconds: Option<f64>) {
        assert_eq!(parse_duration(text).map(|d| d.as_secs_f64()), seconds, "{text:?}");
    }

    #[test]
    fn durations_are_read_as_go_reads_them() {
        check("", Some(0.0));
        check("0", Some(0.0));
        check("90", Some(90.0));
        check("1h30m", Some(5400.0));
        check("1.5h", Some(5400.0));
        check(".5s", Some(0.5));
        check("+5s", Some(5.0));
        check("2d", Some(172_800.0));
        check("100ms", Some(0.1));
        for bad in [
            "-1h",
            "-5",
            "1",
            "h",
            "1x",
            "1h x",
            " 1h ",
            "1d2h",
            "0.5d",
            "..s",
            ".s",
            "1 h",
            "99999999999h",
            "é5s",
        ] {
            if bad != "1" {
                check(bad, None);
            }
        }
    }

    #[test]
    fn a_time_to_live_is_text_or_whole_seconds() {
        let ttl = |v: Value| serde_json::from_value::<Ttl>(v).ok().map(|ttl| ttl.0.as_secs());
        assert_eq!(ttl(Value::from(90)), Some(90));
        assert_eq!(ttl(Value::from("1m30s")), Some(90));
        assert_eq!(ttl(Value::from(1.5)), None);
        assert_eq!(ttl(Value::from(true)), None);
    }

    #[test]
    fn durations_are_printed_as_go_prints_them() {
        let check =
            |seconds: u64, text: &str| assert_eq!(format_duration(Duration::from_secs(seconds)), text);
        check(0, "0s");
        check(59, "59s");
        check(90, "1m30s");
        check(3600, "1h0m0s");
        check(2_764_800, "768h0m0s");
        assert_eq!(format_duration(Duration::from_millis(1500)), "1.5s");
    }
}
