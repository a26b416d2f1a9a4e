use std::mem;

use crate::cursor::Cursor;
use crate::error::Error;
use crate::lexer::Lexer;
use crate::limits::Depth;
use crate::object::{Item, Key, Object};
use crate::span::Span;
use crate::token::{Token, TokenKind};
use crate::value::{Kind, Value};

/// Reads a text in HCL.
pub(crate) fn document(text: &str) -> Result<Object, Error> {
    let start = Cursor::new(text).here();
    let mut lexer = Lexer::new(text);
    let next = lexer.next_token()?;
    let mut parser = Parser {
        lexer,
        next,
        last: start,
        depth: Depth::default(),
    };
    let items = parser.items()?;
    match parser.next.kind {
        TokenKind::End => Ok(Object::new(items, start.to(parser.next.span))),
        _ => Err(parser.expected("a key or the end of the text")),
    }
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    next: Token<'a>,
    /// Where the token before `next` stands.
    last: Span,
    depth: Depth,
}

impl<'a> Parser<'a> {
    /// Reads items for as long as there are keys; one comma may follow each.
    fn items(&mut self) -> Result<Vec<Item>, Error> {
        let mut items = Vec::new();
        while !matches!(self.next.kind, TokenKind::End | TokenKind::RightBrace) {
            items.push(self.item()?);
            if matches!(self.next.kind, TokenKind::Comma) {
                self.advance()?;
            }
        }
        Ok(items)
    }

    /// Reads `key = value`, `key {…}` or `key "label" … {…}`.
    fn item(&mut self) -> Result<Item, Error> {
        let mut keys = self.keys()?;
        let Some(innermost) = keys.pop() else {
            return Err(self.expected("a key"));
        };
        let levels = keys.len();
        self.depth.enter(levels, innermost.span)?;
        let value = match self.next.kind {
            TokenKind::LeftBrace => self.value()?,
            TokenKind::Assign if keys.is_empty() => {
                self.advance()?;
                self.value()?
            }
            _ if keys.is_empty() => return Err(self.expected("`=` or `{` after the key")),
            _ => return Err(self.expected("`{` after the label")),
        };
        self.depth.leave(levels);
        let innermost = Item {
            key: innermost,
            value,
        };
        Ok(keys.into_iter().rfold(innermost, |item, key| Item {
            key,
            value: holding(item),
        }))
    }

    fn keys(&mut self) -> Result<Vec<Key>, Error> {
        let mut keys = Vec::new();
        loop {
            let text = match &mut self.next.kind {
                TokenKind::Name(name) => (*name).to_owned(),
                TokenKind::Text(text) => mem::take(text),
                _ => return Ok(keys),
            };
            keys.push(Key {
                text,
                span: self.next.span,
            });
            self.advance()?;
        }
    }

    fn value(&mut self) -> Result<Value, Error> {
        let start = self.next.span;
        let kind = match &mut self.next.kind {
            TokenKind::LeftBrace => Kind::Object(self.object()?),
            TokenKind::LeftBracket => Kind::List(self.list()?),
            TokenKind::Name(_) => return Err(self.expected("a value (text takes double quotes)")),
            scalar => {
                let kind = match scalar {
                    TokenKind::Text(text) | TokenKind::Heredoc(text) => Kind::String(mem::take(text)),
                    TokenKind::Number(number) => Kind::Number(number.clone()),
                    TokenKind::Bool(bool) => Kind::Bool(*bool),
                    _ => return Err(self.expected("a value")),
                };
                self.advance()?;
                kind
            }
        };
        Ok(Value {
            kind,
            span: start.to(self.last),
        })
    }

    fn object(&mut self) -> Result<Object, Error> {
        let open = self.next.span;
        self.depth.enter(1, open)?;
        self.advance()?;
        let items = self.items()?;
        if !matches!(self.next.kind, TokenKind::RightBrace) {
            return Err(self.expected(&format!("`}}` to close the `{{` of line {}", open.line)));
        }
        self.advance()?;
        self.depth.leave(1);
        Ok(Object::new(items, open.to(self.last)))
    }

    /// Reads a list. Values are parted by a comma; as in HCL 1, more commas do no harm, nor does one at the end.
    fn list(&mut self) -> Result<Vec<Value>, Error> {
        let open = self.next.span;
        self.depth.enter(1, open)?;
        self.advance()?;
        let mut values = Vec::new();
        let mut parted = true;
        loop {
            match self.next.kind {
                TokenKind::RightBracket => break,
                TokenKind::Comma => {
                    self.advance()?;
                    parted = true;
                }
                _ if parted => {
                    values.push(self.value()?);
                    parted = false;
                }
                _ => return Err(self.expected(&format!("`,` or `]` in the list of line {}", open.line))),
            }
        }
        self.advance()?;
        self.depth.leave(1);
        Ok(values)
    }

    /// Leaves the token at hand behind and reads the one after it.
    fn advance(&mut self) -> Result<(), Error> {
        self.last = self.next.span;
        self.next = self.lexer.next_token()?;
        Ok(())
    }

    fn expected(&self, wanted: &str) -> Error {
        Error::expected(self.next.span, wanted, self.next.kind.describe())
    }
}

/// Makes the object that a label stands for: `a "b" {…}` is `a { b {…} }`.
fn holding(item: Item) -> Value {
    let span = item.key.span.to(item.value.span);
    Value {
        kind: Kind::Object(Object::new(vec![item], span)),
        span,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(document(text).unwrap_err().to_string(), expected, "{text:?}");
    }

    #[test]
    fn an_error_says_what_was_expected_and_what_was_found() {
        check(
            "a",
            "line 1, column 2: expected `=` or `{` after the key, found the end of the text",
        );
        check(
            "a 1",
            "line 1, column 3: expected `=` or `{` after the key, found a number",
        );
        check(
            "a \"b\" = 1",
            "line 1, column 7: expected `{` after the label, found `=`",
        );
        check("= 1", "line 1, column 1: expected a key, found `=`");
        check(
            "a = {} }",
            "line 1, column 8: expected a key or the end of the text, found `}`",
        );
        check("a = ]", "line 1, column 5: expected a value, found `]`");
        check(
            "a = [\n\"x\" 1]",
            "line 2, column 5: expected `,` or `]` in the list of line 1, found a number",
        );
        check(
            "a = yes",
            "line 1, column 5: expected a value (text takes double quotes), found a bare word",
        );
    }

    #[test]
    fn what_is_not_closed_is_reported_with_the_line_it_was_opened_on() {
        check(
            "a = [1,",
            "line 1, column 8: expected a value, found the end of the text",
        );
        check(
            "a {\nb {\n}\n",
            "line 4, column 1: expected `}` to close the `{` of line 1, found the end of the text",
        );
    }

    #[test]
    fn spans_reach_from_the_first_character_to_the_last() {
        let text = "a = 1\npath \"b\" { c = [1, 2] }";
        let root = document(text).unwrap();
        let of = |span: Span| (text.get(span.start..span.end).unwrap(), span.line, span.column);
        let path = root.sections("path").unwrap()[0];
        let block = root.blocks("path").unwrap()[0];
        assert_eq!(of(root.span()), (text, 1, 1));
        assert_eq!(of(path.span()), ("\"b\" { c = [1, 2] }", 2, 6));
        assert_eq!(of(block.label.span), ("\"b\"", 2, 6));
        assert_eq!(of(block.body.span()), ("{ c = [1, 2] }", 2, 10));
        assert_eq!(of(block.body.attr("c").unwrap().unwrap().span), ("[1, 2]", 2, 16));
    }
}
