use crate::cursor::Cursor;
use crate::error::Error;
use crate::quoted::Syntax;
use crate::span::Span;

/// Reads one escape, the backslash first, and adds what it stands for.
///
/// HCL knows what Go knows (`\a \b \f \n \r \t \v \\ \" \x41 \101 \u00e9 \U0001F600`), JSON what RFC 8259 knows.
/// `\xff` adds a byte, not a character; whoever collects the bytes checks that they are UTF-8.
pub(crate) fn read(cursor: &mut Cursor<'_>, syntax: Syntax, into: &mut Vec<u8>) -> Result<(), Error> {
    let start = cursor.here();
    cursor.bump();
    let hcl = syntax == Syntax::Hcl;
    match cursor.bump() {
        Some(c @ ('"' | '\\')) => push(into, c),
        Some('/') if !hcl => into.push(b'/'),
        Some('b') => into.push(0x08),
        Some('f') => into.push(0x0c),
        Some('n') => into.push(b'\n'),
        Some('r') => into.push(b'\r'),
        Some('t') => into.push(b'\t'),
        Some('a') if hcl => into.push(0x07),
        Some('v') if hcl => into.push(0x0b),
        Some('x') if hcl => into.push(byte(cursor, start, Digits { radix: 16, count: 2 })?),
        Some('0'..='7') if hcl => into.push(octal(cursor, start)?),
        Some('U') if hcl => push(into, character(cursor, start, 8)?),
        Some('u') => push(into, character(cursor, start, 4)?),
        _ => return Err(unknown(cursor, start)),
    }
    Ok(())
}

#[derive(Clone, Copy)]
struct Digits {
    radix: u32,
    count: usize,
}

fn push(into: &mut Vec<u8>, c: char) {
    into.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// The first octal digit has been taken already, so its value is read off the text.
fn octal(cursor: &mut Cursor<'_>, start: Span) -> Result<u8, Error> {
    let first = cursor
        .text_since(start)
        .chars()
        .last()
        .and_then(|c| c.to_digit(8))
        .unwrap_or_default();
    let rest = number(cursor, start, Digits { radix: 8, count: 2 })?;
    u8::try_from(first * 64 + rest).map_err(|_| unknown(cursor, start))
}

fn byte(cursor: &mut Cursor<'_>, start: Span, digits: Digits) -> Result<u8, Error> {
    u8::try_from(number(cursor, start, digits)?).map_err(|_| unknown(cursor, start))
}

/// Reads the digits of a code point; two `\u` of UTF-16 halves make one character.
fn character(cursor: &mut Cursor<'_>, start: Span, count: usize) -> Result<char, Error> {
    let digits = Digits { radix: 16, count };
    let code = number(cursor, start, digits)?;
    let high_half = count == 4 && (0xD800..0xDC00).contains(&code);
    let character = if high_half && cursor.rest().starts_with("\\u") {
        cursor.bump();
        cursor.bump();
        let low_half = number(cursor, start, digits)?;
        let halves = [code, low_half].map(|half| u16::try_from(half).unwrap_or_default());
        char::decode_utf16(halves).next().and_then(Result::ok)
    } else {
        char::from_u32(code)
    };
    character.ok_or_else(|| unknown(cursor, start))
}

fn number(cursor: &mut Cursor<'_>, start: Span, digits: Digits) -> Result<u32, Error> {
    let mut number = 0_u32;
    for _ in 0..digits.count {
        let digit = cursor.peek().and_then(|c| c.to_digit(digits.radix));
        let digit = digit.ok_or_else(|| unknown(cursor, start))?;
        cursor.bump();
        number = number.wrapping_mul(digits.radix).wrapping_add(digit);
    }
    Ok(number)
}

fn unknown(cursor: &Cursor<'_>, start: Span) -> Error {
    Error::at(cursor.since(start), "this escape stands for no character")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(syntax: Syntax, text: &str, expected: Option<&[u8]>) {
        let mut bytes = Vec::new();
        let mut cursor = Cursor::new(text);
        let found = read(&mut cursor, syntax, &mut bytes).ok().map(|()| bytes);
        assert_eq!(found.as_deref(), expected, "{text}");
        assert!(
            expected.is_none() || cursor.rest().is_empty(),
            "{text} was not read to its end"
        );
    }

    #[test]
    fn hcl_knows_the_escapes_of_go() {
        check(Syntax::Hcl, r"\n", Some(b"\n"));
        check(Syntax::Hcl, r"\a", Some(b"\x07"));
        check(Syntax::Hcl, r"\101", Some(b"A"));
        check(Syntax::Hcl, r"\x41", Some(b"A"));
        check(Syntax::Hcl, r"\377", Some(b"\xff"));
        check(Syntax::Hcl, r"\u00e9", Some("é".as_bytes()));
        check(Syntax::Hcl, r"\U0001F600", Some("😀".as_bytes()));
        for text in [
            r"\q",
            r"\'",
            r"\/",
            r"\$",
            r"\400",
            r"\08",
            r"\x4",
            r"\u00",
            r"\U00110000",
            r"\ud800",
            "\\",
        ] {
            check(Syntax::Hcl, text, None);
        }
    }

    #[test]
    fn json_knows_the_escapes_of_its_standard() {
        check(Syntax::Json, r"\/", Some(b"/"));
        check(Syntax::Json, r"\ud83d\ude00", Some("😀".as_bytes()));
        for text in [
            r"\a",
            r"\x41",
            r"\101",
            r"\U0001F600",
            r"\ud83d",
            r"\ude00",
            r"\ud83d\u0041",
            r"\ud83d\ud83d",
        ] {
            check(Syntax::Json, text, None);
        }
    }
}
