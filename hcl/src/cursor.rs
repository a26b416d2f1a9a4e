use crate::span::Span;

/// Walks over a text character by character and knows where it stands.
pub(crate) struct Cursor<'a> {
    text: &'a str,
    here: Span,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            text,
            here: Span {
                line: 1,
                column: 1,
                start: 0,
                end: 0,
            },
        }
    }

    /// The next character, left in place.
    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Everything that has not been walked over yet.
    pub(crate) fn rest(&self) -> &'a str {
        self.text.get(self.here.start..).unwrap_or_default()
    }

    /// Takes the next character.
    pub(crate) fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.here.start += c.len_utf8();
        self.here.end = self.here.start;
        if c == '\n' {
            self.here.line += 1;
            self.here.column = 1;
        } else {
            self.here.column += 1;
        }
        Some(c)
    }

    /// Takes the next character if it is this one.
    pub(crate) fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.bump();
        }
        found
    }

    /// Takes characters for as long as they are wanted.
    pub(crate) fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let start = self.here;
        while self.peek().is_some_and(&wanted) {
            self.bump();
        }
        self.text_since(start)
    }

    /// Takes the rest of the line together with its line break.
    pub(crate) fn take_line(&mut self) -> &'a str {
        let start = self.here;
        self.take_while(|c| c != '\n');
        self.bump();
        self.text_since(start)
    }

    /// The place before the next character, as a span without length.
    pub(crate) fn here(&self) -> Span {
        self.here
    }

    /// The place of the next character itself.
    pub(crate) fn next_char(&self) -> Span {
        let length = self.peek().map_or(0, char::len_utf8);
        Span {
            end: self.here.start + length,
            ..self.here
        }
    }

    /// The span from an earlier place up to here.
    pub(crate) fn since(&self, start: Span) -> Span {
        start.to(self.here)
    }

    /// The text from an earlier place up to here.
    pub(crate) fn text_since(&self, start: Span) -> &'a str {
        self.text.get(start.start..self.here.start).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_characters_and_offsets_count_bytes() {
        let mut cursor = Cursor::new("é\nß日x");
        cursor.take_line();
        let start = cursor.here();
        assert_eq!(
            start,
            Span {
                line: 2,
                column: 1,
                start: 3,
                end: 3
            }
        );
        assert_eq!(cursor.take_while(|c| c != 'x'), "ß日");
        assert_eq!(
            cursor.since(start),
            Span {
                line: 2,
                column: 1,
                start: 3,
                end: 8
            }
        );
        assert_eq!(
            cursor.next_char(),
            Span {
                line: 2,
                column: 3,
                start: 8,
                end: 9
            }
        );
    }

    #[test]
    fn the_end_can_be_passed_any_number_of_times() {
        let mut cursor = Cursor::new("");
        assert_eq!(
            (cursor.bump(), cursor.bump(), cursor.take_line()),
            (None, None, "")
        );
        assert!(!cursor.eat('x'));
    }
}
