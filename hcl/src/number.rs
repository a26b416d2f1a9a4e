use crate::cursor::Cursor;
use crate::error::Error;

/// The largest magnitude below which every whole `f64` stands for exactly one integer.
const EXACT_WHOLE: f64 = 9_007_199_254_740_992.0;

/// A number, as it was written and as it counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    text: String,
    amount: Amount,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Amount {
    Int(i64),
    Float(f64),
}

impl Number {
    /// Returns the number as it was written, for example `0x1F`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the integer, also of `1e3` and `2.0`; `None` for a number with a fraction.
    pub fn as_int(&self) -> Option<i64> {
        match self.amount {
            Amount::Int(int) => Some(int),
            #[expect(
                clippy::cast_possible_truncation,
                reason = "the guard admits exact whole numbers only"
            )]
            Amount::Float(float) if float.fract() == 0.0 && float.abs() <= EXACT_WHOLE => Some(float as i64),
            Amount::Float(_) => None,
        }
    }

    /// Returns the nearest floating-point number.
    pub fn as_float(&self) -> f64 {
        match self.amount {
            Amount::Int(int) => int as f64,
            Amount::Float(float) => float,
        }
    }

    /// Says whether it was written without a point and without an exponent.
    pub fn is_int(&self) -> bool {
        matches!(self.amount, Amount::Int(_))
    }

    /// Reads a number of HCL: `-12`, `0x1F`, `017` (octal), `1.5`, `.5`, `1e3`.
    pub(crate) fn read_hcl(cursor: &mut Cursor<'_>) -> Result<Self, Error> {
        let start = cursor.here();
        cursor.eat('-');
        if is_hex(cursor.rest()) {
            cursor.bump();
            cursor.bump();
            cursor.take_while(|c| c.is_ascii_hexdigit());
        } else {
            cursor.take_while(|c| c.is_ascii_digit());
            read_fraction(cursor);
            read_exponent(cursor);
        }
        let glued = cursor.take_while(|c| c.is_alphanumeric() || c == '_');
        let text = cursor.text_since(start);
        let amount = if glued.is_empty() { parse_hcl(text) } else { None };
        Self::made_of(text, amount).ok_or_else(|| {
            Error::at(
                cursor.since(start),
                "this is not a number that fits 64 bits; text takes double quotes",
            )
        })
    }

    /// Reads a number of JSON, which has no other base than ten and no leading zeros.
    pub(crate) fn read_json(cursor: &mut Cursor<'_>) -> Result<Self, Error> {
        let start = cursor.here();
        cursor.eat('-');
        let whole = cursor.take_while(|c| c.is_ascii_digit());
        let fraction = read_fraction(cursor);
        read_exponent(cursor);
        let text = cursor.text_since(start);
        let well_formed = !whole.is_empty() && (whole == "0" || !whole.starts_with('0')) && fraction != ".";
        let amount = if well_formed { parse_decimal(text) } else { None };
        Self::made_of(text, amount)
            .ok_or_else(|| Error::at(cursor.since(start), "this is not a JSON number that fits 64 bits"))
    }

    fn made_of(text: &str, amount: Option<Amount>) -> Option<Self> {
        Some(Self {
            text: text.to_owned(),
            amount: amount?,
        })
    }
}

fn is_hex(text: &str) -> bool {
    text.starts_with("0x") || text.starts_with("0X")
}

fn read_fraction<'a>(cursor: &mut Cursor<'a>) -> &'a str {
    let start = cursor.here();
    if cursor.eat('.') {
        cursor.take_while(|c| c.is_ascii_digit());
    }
    cursor.text_since(start)
}

fn read_exponent(cursor: &mut Cursor<'_>) {
    if cursor.eat('e') || cursor.eat('E') {
        let _sign = cursor.eat('+') || cursor.eat('-');
        cursor.take_while(|c| c.is_ascii_digit());
    }
}

fn parse_hcl(text: &str) -> Option<Amount> {
    let digits = text.trim_start_matches('-');
    if is_hex(digits) {
        return parse_radix(text, digits.get(2..)?, 16);
    }
    let octal = digits.len() > 1 && digits.starts_with('0') && digits.chars().all(|c| c.is_ascii_digit());
    if octal {
        parse_radix(text, digits, 8)
    } else {
        parse_decimal(text)
    }
}

fn parse_radix(text: &str, digits: &str, radix: u32) -> Option<Amount> {
    let sign = if text.starts_with('-') { "-" } else { "" };
    i64::from_str_radix(&format!("{sign}{digits}"), radix)
        .ok()
        .map(Amount::Int)
}

fn parse_decimal(text: &str) -> Option<Amount> {
    if text.contains(['.', 'e', 'E']) {
        let float: f64 = text.parse().ok()?;
        return float.is_finite().then_some(Amount::Float(float));
    }
    text.parse().ok().map(Amount::Int)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<Amount>) {
        let mut cursor = Cursor::new(text);
        let number = Number::read_hcl(&mut cursor).ok();
        assert_eq!(number.as_ref().map(|n| n.amount), expected, "{text}");
        assert_eq!(number.map(|n| n.text), expected.map(|_| text.to_owned()));
    }

    #[test]
    fn integers_have_three_bases_and_64_bits() {
        check("-12", Some(Amount::Int(-12)));
        check("0x1F", Some(Amount::Int(31)));
        check("-0X1f", Some(Amount::Int(-31)));
        check("017", Some(Amount::Int(15)));
        check("9223372036854775807", Some(Amount::Int(i64::MAX)));
        check("-9223372036854775808", Some(Amount::Int(i64::MIN)));
    }

    #[test]
    fn floats_have_a_point_or_an_exponent() {
        check("1.5", Some(Amount::Float(1.5)));
        check(".5", Some(Amount::Float(0.5)));
        check("1.", Some(Amount::Float(1.0)));
        check("-1E+3", Some(Amount::Float(-1000.0)));
        check("08.5", Some(Amount::Float(8.5)));
    }

    #[test]
    fn what_only_begins_like_a_number_is_refused() {
        for text in [
            "08",
            "0x",
            "1e",
            "1e+",
            "30m",
            "1_000",
            "0b11",
            "1e400",
            "9223372036854775808",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn whole_floats_are_integers_too() {
        let int_of = |text| Number::read_hcl(&mut Cursor::new(text)).unwrap().as_int();
        assert_eq!(int_of("1e3"), Some(1000));
        assert_eq!(int_of("-2.0"), Some(-2));
        assert_eq!(int_of("1.5"), None);
        assert_eq!(int_of("1e300"), None);
    }

    #[test]
    fn json_numbers_are_decimal() {
        let json = |text| Number::read_json(&mut Cursor::new(text)).ok().map(|n| n.amount);
        assert_eq!(json("-0"), Some(Amount::Int(0)));
        assert_eq!(json("1.5e+1"), Some(Amount::Float(15.0)));
        for text in [
            "01",
            "-",
            "-01",
            ".5",
            "1.",
            "1e",
            "1.e3",
            "1e400",
            "9223372036854775808",
        ] {
            assert_eq!(json(text), None, "{text}");
        }
    }
}
