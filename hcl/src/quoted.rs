use crate::cursor::Cursor;
use crate::error::Error;
use crate::escape;
use crate::span::Span;

/// Which of the two forms a text is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    Hcl,
    Json,
}

/// Reads a string in double quotes, the opening one first.
///
/// In HCL `${…}` stays as it is written, escapes and quotes included; only there a string may go over lines.
pub(crate) fn read(cursor: &mut Cursor<'_>, syntax: Syntax) -> Result<String, Error> {
    let start = cursor.here();
    let mut bytes = Vec::new();
    cursor.bump();
    loop {
        match cursor.peek() {
            Some('"') => break,
            None | Some('\n') => return Err(never_closed(cursor, start)),
            Some('\\') => escape::read(cursor, syntax, &mut bytes)?,
            Some('$') if syntax == Syntax::Hcl && cursor.rest().starts_with("${") => {
                let verbatim = interpolation(cursor, start)?;
                bytes.extend_from_slice(verbatim.replace("\r\n", "\n").as_bytes());
            }
            Some(_) => {
                let plain = cursor.take_while(|c| !matches!(c, '"' | '\n' | '\\' | '$'));
                bytes.extend_from_slice(plain.as_bytes());
                if plain.is_empty() {
                    cursor.bump();
                    bytes.push(b'$');
                }
            }
        }
    }
    cursor.bump();
    String::from_utf8(bytes).map_err(|_| {
        Error::at(
            cursor.since(start),
            "the escapes of this string make no valid UTF-8",
        )
    })
}

/// Reads `${…}` up to the brace that closes it. A quote inside does not end the string, a brace inside quotes counts.
fn interpolation<'a>(cursor: &mut Cursor<'a>, string: Span) -> Result<&'a str, Error> {
    let start = cursor.here();
    cursor.bump();
    let mut depth = 0_usize;
    loop {
        match cursor.peek() {
            None => return Err(never_closed(cursor, string)),
            Some('\\') => {
                escape::read(cursor, Syntax::Hcl, &mut Vec::new())?;
                continue;
            }
            Some('{') => depth += 1,
            Some('}') => depth -= 1,
            Some(_) => {}
        }
        cursor.bump();
        if depth == 0 {
            return Ok(cursor.text_since(start));
        }
    }
}

fn never_closed(cursor: &Cursor<'_>, start: Span) -> Error {
    let found = if cursor.peek().is_none() {
        "the end of the text"
    } else {
        "the end of the line"
    };
    let wanted = format!(
        "`\"` to close the string of line {}, column {}",
        start.line, start.column
    );
    Error::expected(cursor.next_char(), &wanted, found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(syntax: Syntax, text: &str, expected: Result<&str, &str>) {
        let found = read(&mut Cursor::new(text), syntax).map_err(|error| error.to_string());
        assert_eq!(found.as_deref().map_err(String::as_str), expected, "{text}");
    }

    #[test]
    fn escapes_are_resolved_outside_of_interpolations_only() {
        check(Syntax::Hcl, r#""a\tb$""#, Ok("a\tb$"));
        check(Syntax::Hcl, r#""\u00e9${a("\t{}")}\n""#, Ok("é${a(\"\\t{}\")}\n"));
        check(Syntax::Hcl, "\"${\r\na}}\"", Ok("${\na}}"));
        check(
            Syntax::Hcl,
            r#""$${a} %{b} {{c}} $ {""#,
            Ok("$${a} %{b} {{c}} $ {"),
        );
    }

    #[test]
    fn json_strings_know_no_interpolation() {
        check(Syntax::Json, r#""${a""#, Ok("${a"));
    }

    #[test]
    fn bytes_by_escape_must_make_utf_8() {
        check(Syntax::Hcl, r#""\xc3\xa9""#, Ok("é"));
        check(
            Syntax::Hcl,
            r#""\xff""#,
            Err("line 1, column 1: the escapes of this string make no valid UTF-8"),
        );
    }

    #[test]
    fn an_open_string_is_reported_with_its_beginning() {
        let closed = "expected `\"` to close the string of line 1, column 1, found the end of the";
        check(
            Syntax::Hcl,
            "\"abc",
            Err(&format!("line 1, column 5: {closed} text")),
        );
        check(
            Syntax::Hcl,
            "\"ab\ncd\"",
            Err(&format!("line 1, column 4: {closed} line")),
        );
        check(
            Syntax::Hcl,
            "\"${a\n\"",
            Err(&format!("line 2, column 2: {closed} text")),
        );
    }
}
