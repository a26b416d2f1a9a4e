//! How numbers are spelled.

use serde_json::ser::Formatter;
use std::borrow::Cow;
use std::io;

/// Writes compact JSON whose numbers are spelled as clients sent them.
///
/// `serde_json` keeps the digits of a number and writes an exponent in its own way: `1E5` and `1e5` become `1e+5`. Vault
/// gives back what was sent, and clients compare it. Whoever sent the sign or the capital misses it; these are rarer.
pub(crate) struct AsSent;

impl Formatter for AsSent {
    fn write_number_str<W: ?Sized + io::Write>(&mut self, writer: &mut W, number: &str) -> io::Result<()> {
        writer.write_all(without_sign(number).as_bytes())
    }
}

/// The number without the sign of its positive exponent.
pub(crate) fn without_sign(number: &str) -> Cow<'_, str> {
    match number.find('+') {
        Some(_) => Cow::Owned(number.replace('+', "")),
        None => Cow::Borrowed(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;
    use serde_json::{Serializer, Value};

    #[test]
    fn numbers_are_written_as_they_were_sent() {
        for text in [
            "[1e5,2.50e3,3e0,1e-7]",
            "[-0,1.10,18446744073709551616]",
            "[\"1e+5\"]",
        ] {
            let value: Value = serde_json::from_str(text).unwrap();
            let mut bytes = Vec::new();
            value
                .serialize(&mut Serializer::with_formatter(&mut bytes, AsSent))
                .unwrap();
            assert_eq!(String::from_utf8(bytes).unwrap(), text);
        }
    }
}
