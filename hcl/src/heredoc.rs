use crate::cursor::Cursor;
use crate::error::Error;
use crate::span::Span;

/// Reads a text over several lines, `<<EOF` or `<<-EOF` first, up to the line that holds the marker alone.
///
/// `<<-` takes the indentation of the closing line off every line, unless one of them, even an empty one, lacks it.
pub(crate) fn read(cursor: &mut Cursor<'_>) -> Result<String, Error> {
    let start = cursor.here();
    let (marker, indented) = opening(cursor, start)?;
    let body = cursor.here();
    loop {
        let before = cursor.text_since(body);
        let line = cursor.take_line();
        let Some(content) = line.strip_suffix('\n') else {
            return Err(never_closed(cursor, start));
        };
        let unindented = content.trim_start_matches(|c: char| c.is_ascii_whitespace());
        if unindented.trim_end_matches('\r') == marker {
            let indentation = content.strip_suffix(unindented).unwrap_or_default();
            let text = match indented {
                Indentation::Removed => without(indentation, before),
                // What stands before the marker belongs to the text, as HCL 1 has it.
                Indentation::Kept => format!("{before}{indentation}"),
            };
            return Ok(text.replace("\r\n", "\n"));
        }
    }
}

enum Indentation {
    Kept,
    Removed,
}

/// Reads the line that opens the text, and returns its marker.
fn opening<'a>(cursor: &mut Cursor<'a>, start: Span) -> Result<(&'a str, Indentation), Error> {
    cursor.bump();
    if !cursor.eat('<') {
        return Err(Error::at(
            cursor.since(start),
            "expected `<<` and a marker, found a single `<`",
        ));
    }
    let indented = if cursor.eat('-') {
        Indentation::Removed
    } else {
        Indentation::Kept
    };
    let marker = cursor.take_while(|c| c.is_alphanumeric() || c == '_');
    cursor.eat('\r');
    if marker.is_empty() || !cursor.eat('\n') {
        let wanted = "`<<` and a marker of letters, digits and `_` at the end of the line";
        return Err(Error::expected(cursor.next_char(), wanted, "something else"));
    }
    Ok((marker, indented))
}

fn without(indentation: &str, text: &str) -> String {
    let lines: Option<String> = text
        .split_inclusive('\n')
        .map(|line| line.strip_prefix(indentation))
        .collect();
    lines.unwrap_or_else(|| text.to_owned())
}

fn never_closed(cursor: &Cursor<'_>, start: Span) -> Error {
    let wanted = format!(
        "a whole line with the marker of the heredoc of line {}",
        start.line
    );
    Error::expected(cursor.here(), &wanted, "the end of the text")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, &str>) {
        let found = read(&mut Cursor::new(text)).map_err(|error| error.to_string());
        assert_eq!(found.as_deref().map_err(String::as_str), expected, "{text:?}");
    }

    #[test]
    fn the_text_ends_where_the_marker_stands_alone() {
        check("<<EOF\nhello\n  world\nEOF\n", Ok("hello\n  world\n"));
        check("<<EOF\nEOF\n", Ok(""));
        check(
            "<<EOF\na\nEOF \nEOFX\nxEOF\n\\n${\nEOF\n",
            Ok("a\nEOF \nEOFX\nxEOF\n\\n${\n"),
        );
        check("<<EOF\r\na\r\nEOF\r\n", Ok("a\n"));
        check("<<EOF\n a\n EOF\n", Ok(" a\n "));
    }

    #[test]
    fn a_dash_takes_off_the_indentation_of_the_closing_line() {
        check("<<-EOF\n   a\n     b\n   EOF\n", Ok("a\n  b\n"));
        check("<<-EOF\n    a\nEOF\n", Ok("    a\n"));
        check("<<-EOF\n   a\n b\n   EOF\n", Ok("   a\n b\n"));
        check("<<-EOF\n  a\n\n  EOF\n", Ok("  a\n\n"));
    }

    #[test]
    fn an_open_heredoc_is_reported_with_its_beginning() {
        let wanted =
            "expected a whole line with the marker of the heredoc of line 1, found the end of the text";
        check("<<EOF\na\nEOF", Err(&format!("line 3, column 4: {wanted}")));
        check("<<EOF\n", Err(&format!("line 2, column 1: {wanted}")));
    }

    #[test]
    fn a_marker_is_one_word() {
        let wanted = "expected `<<` and a marker of letters, digits and `_` at the end of the line";
        check(
            "<< EOF\n",
            Err(&format!("line 1, column 3: {wanted}, found something else")),
        );
        check(
            "<<E-F\n",
            Err(&format!("line 1, column 4: {wanted}, found something else")),
        );
        check(
            "<EOF\n",
            Err("line 1, column 1: expected `<<` and a marker, found a single `<`"),
        );
    }
}
