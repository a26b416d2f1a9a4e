use crate::cursor::Cursor;
use crate::error::Error;
use crate::heredoc;
use crate::number::Number;
use crate::quoted::{self, Syntax};
use crate::token::{Token, TokenKind};

/// Cuts a text in HCL into tokens.
pub(crate) struct Lexer<'a> {
    cursor: Cursor<'a>,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            cursor: Cursor::new(text),
        }
    }

    /// Reads the next token; at the end of the text, `End` again and again.
    pub(crate) fn next_token(&mut self) -> Result<Token<'a>, Error> {
        self.skip_blanks()?;
        let start = self.cursor.here();
        let kind = match self.cursor.peek() {
            None => TokenKind::End,
            Some('"') => TokenKind::Text(quoted::read(&mut self.cursor, Syntax::Hcl)?),
            Some('<') => TokenKind::Heredoc(heredoc::read(&mut self.cursor)?),
            Some(c) if c.is_alphabetic() || c == '_' => self.word(),
            Some(_) if begins_number(self.cursor.rest()) => {
                TokenKind::Number(Number::read_hcl(&mut self.cursor)?)
            }
            Some(c) => self.sign(c)?,
        };
        Ok(Token {
            kind,
            span: self.cursor.since(start),
        })
    }

    /// Skips blanks, line breaks and comments: `# …`, `// …` and `/* … */`.
    fn skip_blanks(&mut self) -> Result<(), Error> {
        loop {
            self.cursor.take_while(|c| matches!(c, ' ' | '\t' | '\r' | '\n'));
            let rest = self.cursor.rest();
            if rest.starts_with('#') || rest.starts_with("//") {
                self.cursor.take_line();
            } else if rest.starts_with("/*") {
                self.skip_block_comment()?;
            } else {
                return Ok(());
            }
        }
    }

    fn skip_block_comment(&mut self) -> Result<(), Error> {
        let start = self.cursor.here();
        self.cursor.bump();
        self.cursor.bump();
        while !self.cursor.rest().starts_with("*/") {
            if self.cursor.bump().is_none() {
                let wanted = format!("`*/` to close the comment of line {}", start.line);
                return Err(Error::expected(
                    self.cursor.here(),
                    &wanted,
                    "the end of the text",
                ));
            }
        }
        self.cursor.bump();
        self.cursor.bump();
        Ok(())
    }

    fn word(&mut self) -> TokenKind<'a> {
        match self
            .cursor
            .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
        {
            "true" => TokenKind::Bool(true),
            "false" => TokenKind::Bool(false),
            name => TokenKind::Name(name),
        }
    }

    fn sign(&mut self, c: char) -> Result<TokenKind<'a>, Error> {
        let kind = match c {
            '{' => TokenKind::LeftBrace,
            '}' => TokenKind::RightBrace,
            '[' => TokenKind::LeftBracket,
            ']' => TokenKind::RightBracket,
            ',' => TokenKind::Comma,
            '=' => TokenKind::Assign,
            _ => return Err(Error::at(self.cursor.next_char(), unknown(c))),
        };
        self.cursor.bump();
        Ok(kind)
    }
}

fn begins_number(rest: &str) -> bool {
    let digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    digit(rest) || rest.strip_prefix(['-', '.']).is_some_and(digit)
}

/// What cannot stand anywhere, with a hint for what is written by mistake most often.
fn unknown(c: char) -> String {
    match c {
        '\'' => "unexpected `'`; text takes double quotes".to_owned(),
        ':' => "unexpected `:`; a key is followed by `=` or `{`".to_owned(),
        '\u{feff}' => "unexpected byte order mark; save the text as UTF-8 without one".to_owned(),
        c if c.is_control() || c.is_whitespace() => format!("unexpected character U+{:04X}", u32::from(c)),
        c => format!("unexpected `{c}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let mut lexer = Lexer::new(text);
        let mut found = Vec::new();
        loop {
            match lexer.next_token() {
                Ok(Token {
                    kind: TokenKind::End, ..
                }) => break,
                Ok(token) => {
                    found.push(format!(
                        "{}:{} {}",
                        token.span.line,
                        token.span.column,
                        token.kind.describe()
                    ));
                }
                Err(error) => {
                    found.push(error.to_string());
                    break;
                }
            }
        }
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn words_and_signs_need_no_blanks_between_them() {
        check(
            "a-b.c=\"x\"{",
            &["1:1 a bare word", "1:6 `=`", "1:7 a string", "1:10 `{`"],
        );
        check(
            "[-1,true]",
            &["1:1 `[`", "1:2 a number", "1:4 `,`", "1:5 `true`", "1:9 `]`"],
        );
    }

    #[test]
    fn comments_are_blanks() {
        check("# a\n// b\r\n/* c\n * d */ x # e", &["4:9 a bare word"]);
        check(
            "/* a",
            &["line 1, column 5: expected `*/` to close the comment of line 1, found the end of the text"],
        );
    }

    #[test]
    fn what_cannot_stand_anywhere_is_pointed_at() {
        check(
            "x 'a'",
            &[
                "1:1 a bare word",
                "line 1, column 3: unexpected `'`; text takes double quotes",
            ],
        );
        check("\u{a0}", &["line 1, column 1: unexpected character U+00A0"]);
        check("/", &["line 1, column 1: unexpected `/`"]);
        check("-a", &["line 1, column 1: unexpected `-`"]);
    }
}
