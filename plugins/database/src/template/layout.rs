//! Go's way to say how a time is written: by an example, the second of January 2006.

use logical::Time;

/// Parts of Go's example and what they are called elsewhere; of two that begin alike, the longer one first.
const PARTS: [(&str, &str); 19] = [
    ("January", "%B"),
    ("Jan", "%b"),
    ("Monday", "%A"),
    ("Mon", "%a"),
    ("MST", "%Z"),
    ("2006", "%Y"),
    ("-07:00", "%:z"),
    ("-0700", "%z"),
    ("Z07:00", "Z"),
    ("01", "%m"),
    ("02", "%d"),
    ("03", "%I"),
    ("04", "%M"),
    ("05", "%S"),
    ("06", "%y"),
    ("15", "%H"),
    ("PM", "%p"),
    ("pm", "%P"),
    ("%", "%%"),
];

/// A time, in UTC, as Go would write it.
pub(super) fn timestamp(time: Time, layout: &str) -> String {
    let mut format = String::new();
    let mut rest = layout;
    while let Some(sign) = rest.chars().next() {
        match PARTS
            .iter()
            .find_map(|(part, name)| Some((rest.strip_prefix(part)?, name)))
        {
            Some((behind, name)) => {
                format.push_str(name);
                rest = behind;
            }
            None => {
                format.push(sign);
                rest = rest.get(sign.len_utf8()..).unwrap_or("");
            }
        }
    }
    time.to_zoned(jiff::tz::TimeZone::UTC)
        .strftime(&format)
        .to_string()
}
