//! What is wrong with JSON that is broken, in the words that Vault has from Go.
//!
//! `serde_json` decides what is JSON. This looks at what it refused, once more and slowly, because people and tests
//! read these texts. A mistake here makes a wrong text and nothing else.

const CUT_SHORT: &str = "unexpected EOF";
const VALUE: &str = " looking for beginning of value";

/// What is wrong with a body, whose nesting is within limits.
pub(super) fn about(body: &[u8]) -> String {
    let mut scan = Scan { rest: body };
    let found = scan.value().and_then(|()| match scan.skip_blanks() {
        None => Ok(()),
        Some(byte) => Err(unexpected(byte, " after top-level value")),
    });
    found.err().unwrap_or_else(|| "invalid JSON".to_owned())
}

type Found = Result<(), String>;

struct Scan<'a> {
    rest: &'a [u8],
}

impl Scan<'_> {
    fn value(&mut self) -> Found {
        match self.next_visible()? {
            b'{' => self.object(),
            b'[' => self.array(),
            b'"' => self.string(),
            b't' => self.literal("true"),
            b'f' => self.literal("false"),
            b'n' => self.literal("null"),
            byte @ (b'-' | b'0'..=b'9') => self.number(byte),
            byte => Err(unexpected(byte, VALUE)),
        }
    }

    fn object(&mut self) -> Found {
        match self.next_visible()? {
            b'}' => return Ok(()),
            b'"' => self.string()?,
            byte => return Err(unexpected(byte, "")),
        }
        loop {
            match self.next_visible()? {
                b':' => self.value()?,
                byte => return Err(unexpected(byte, " after object key")),
            }
            match self.next_visible()? {
                b'}' => return Ok(()),
                b',' => {}
                byte => return Err(unexpected(byte, " after object key:value pair")),
            }
            match self.next_visible()? {
                b'"' => self.string()?,
                byte => return Err(unexpected(byte, " looking for beginning of object key string")),
            }
        }
    }

    fn array(&mut self) -> Found {
        if self.skip_blanks() == Some(b']') {
            return self.next().map(drop);
        }
        loop {
            self.value()?;
            match self.next_visible()? {
                b']' => return Ok(()),
                b',' => {}
                byte => return Err(unexpected(byte, " after array element")),
            }
        }
    }

    fn string(&mut self) -> Found {
        loop {
            match self.next()? {
                b'"' => return Ok(()),
                b'\\' => self.escape()?,
                byte if byte < 0x20 => return Err(unexpected(byte, " in string literal")),
                _ => {}
            }
        }
    }

    fn escape(&mut self) -> Found {
        match self.next()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Ok(()),
            b'u' => (0..4).try_for_each(|_| match self.next()? {
                byte if byte.is_ascii_hexdigit() => Ok(()),
                byte => Err(unexpected(byte, " in \\u hexadecimal character escape")),
            }),
            byte => Err(unexpected(byte, " in string escape code")),
        }
    }

    fn literal(&mut self, word: &str) -> Found {
        word.bytes().skip(1).try_for_each(|expected| match self.next()? {
            byte if byte == expected => Ok(()),
            byte => {
                let expected = char::from(expected);
                Err(unexpected(
                    byte,
                    &format!(" in literal {word} (expecting '{expected}')"),
                ))
            }
        })
    }

    fn number(&mut self, first: u8) -> Found {
        let leading = if first == b'-' { self.next()? } else { first };
        match leading {
            b'0' => {}
            b'1'..=b'9' => self.skip_digits(),
            byte => return Err(unexpected(byte, " in numeric literal")),
        }
        if self.rest.first() == Some(&b'.') {
            self.next()?;
            self.digits(" after decimal point in numeric literal")?;
        }
        if let Some(b'e' | b'E') = self.rest.first() {
            self.next()?;
            if let Some(b'+' | b'-') = self.rest.first() {
                self.next()?;
            }
            self.digits(" in exponent of numeric literal")?;
        }
        Ok(())
    }

    fn digits(&mut self, place: &str) -> Found {
        match self.next()? {
            b'0'..=b'9' => self.skip_digits(),
            byte => return Err(unexpected(byte, place)),
        }
        Ok(())
    }

    fn skip_digits(&mut self) {
        while let Some((b'0'..=b'9', rest)) = self.rest.split_first() {
            self.rest = rest;
        }
    }

    /// Skips blanks and says what stands behind them.
    fn skip_blanks(&mut self) -> Option<u8> {
        while let Some((b' ' | b'\t' | b'\r' | b'\n', rest)) = self.rest.split_first() {
            self.rest = rest;
        }
        self.rest.first().copied()
    }

    fn next_visible(&mut self) -> Result<u8, String> {
        self.skip_blanks();
        self.next()
    }

    fn next(&mut self) -> Result<u8, String> {
        let (byte, rest) = self.rest.split_first().ok_or(CUT_SHORT)?;
        self.rest = rest;
        Ok(*byte)
    }
}

fn unexpected(byte: u8, place: &str) -> String {
    format!("invalid character '{}'{place}", quoted(byte))
}

/// A byte as Go quotes it, which takes it for a character of Latin-1.
fn quoted(byte: u8) -> String {
    match byte {
        b'\'' => "\\'".to_owned(),
        b'\\' => "\\\\".to_owned(),
        0x07 => "\\a".to_owned(),
        0x08 => "\\b".to_owned(),
        0x0b => "\\v".to_owned(),
        0x0c => "\\f".to_owned(),
        b'\n' => "\\n".to_owned(),
        b'\r' => "\\r".to_owned(),
        b'\t' => "\\t".to_owned(),
        0..0x20 | 0x7f => format!("\\x{byte:02x}"),
        0x80..=0xa0 | 0xad => format!("\\u{byte:04x}"),
        _ => char::from(byte).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &[u8], expected: &str) {
        assert_eq!(about(body), expected, "{}", String::from_utf8_lossy(body));
    }

    #[test]
    fn a_body_that_is_cut_short() {
        for body in [
            "{",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "{\"a\":\"x}",
            "[1,2",
            "[",
            "-",
            "1.",
            "\"",
            "{\"a\":\"\\u",
            "tru",
        ] {
            check(body.as_bytes(), "unexpected EOF");
        }
    }

    #[test]
    fn a_character_in_the_wrong_place() {
        for (body, expected) in [
            ("}", "'}' looking for beginning of value"),
            ("{\"a\":1,}", "'}' looking for beginning of object key string"),
            ("{,}", "','"),
            ("{'a':1}", "'\\''"),
            ("{a:1}", "'a'"),
            ("{\"a\":01}", "'1' after object key:value pair"),
            ("{\"a\":1.}", "'}' after decimal point in numeric literal"),
            ("{\"a\":1ee}", "'e' in exponent of numeric literal"),
            ("{\"a\":-x}", "'x' in numeric literal"),
            ("{\"a\":.5}", "'.' looking for beginning of value"),
            ("{\"a\":nul}", "'}' in literal null (expecting 'l')"),
            ("{\"a\":\"\n\"}", "'\\n' in string literal"),
            ("{\"a\":\"\0\"}", "'\\x00' in string literal"),
            ("{\"a\":\"\\x41\"}", "'x' in string escape code"),
            ("{\"a\":\"\\u12\"}", "'\"' in \\u hexadecimal character escape"),
            ("{\"a\":1 \"b\":2}", "'\"' after object key:value pair"),
            ("{\"a\" 1}", "'1' after object key"),
            ("{\"a\":[1 2]}", "'2' after array element"),
            ("{\"a\":[1,]}", "']' looking for beginning of value"),
            ("{\"a\":1}]", "']' after top-level value"),
            ("\u{feff}{}", "'ï' looking for beginning of value"),
            ("--x", "'-' in numeric literal"),
            ("\u{1f}", "'\\x1f' looking for beginning of value"),
        ] {
            check(body.as_bytes(), &format!("invalid character {expected}"));
        }
        check(b"\xff", "invalid character 'ÿ' looking for beginning of value");
    }
}
