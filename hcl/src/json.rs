use crate::cursor::Cursor;
use crate::error::Error;
use crate::limits::Depth;
use crate::number::Number;
use crate::object::{Item, Key, Object};
use crate::quoted::{self, Syntax};
use crate::value::{Kind, Value};

/// Says whether a text is in the JSON form: its first character is a brace.
pub(crate) fn is_json(text: &str) -> bool {
    text.trim_start_matches(is_blank).starts_with('{')
}

/// Reads a text in the JSON form: one object and nothing after it.
pub(crate) fn document(text: &str) -> Result<Object, Error> {
    let mut reader = Reader {
        cursor: Cursor::new(text),
        depth: Depth::default(),
    };
    reader.skip_blanks();
    let root = reader.object()?;
    reader.skip_blanks();
    if reader.cursor.peek().is_some() {
        return Err(reader.expected("the end of the text after its one object"));
    }
    Ok(root)
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    depth: Depth,
}

impl Reader<'_> {
    /// Reads an object. Each key may come once: only in HCL itself do repeated keys mean several blocks.
    fn object(&mut self) -> Result<Object, Error> {
        let open = self.cursor.here();
        let wanted = format!("`,` or `}}` in the object of line {}", open.line);
        self.open()?;
        let mut items = Vec::new();
        while !self.cursor.eat('}') {
            items.push(self.item()?);
            self.separator('}', &wanted)?;
        }
        self.depth.leave(1);
        let object = Object::new(items, self.cursor.since(open));
        object.entries()?;
        Ok(object)
    }

    fn item(&mut self) -> Result<Item, Error> {
        let start = self.cursor.here();
        if self.cursor.peek() != Some('"') {
            return Err(self.expected("a key in double quotes"));
        }
        let text = self.string()?;
        let key = Key {
            text,
            span: self.cursor.since(start),
        };
        self.skip_blanks();
        if !self.cursor.eat(':') {
            return Err(self.expected("`:` after the key"));
        }
        self.skip_blanks();
        Ok(Item {
            key,
            value: self.value()?,
        })
    }

    fn value(&mut self) -> Result<Value, Error> {
        let start = self.cursor.here();
        let kind = match self.cursor.peek() {
            Some('{') => Kind::Object(self.object()?),
            Some('[') => Kind::List(self.list()?),
            Some('"') => Kind::String(self.string()?),
            Some(c) if c.is_ascii_digit() || c == '-' => Kind::Number(Number::read_json(&mut self.cursor)?),
            Some(c) if c.is_ascii_alphabetic() => self.word()?,
            _ => return Err(self.expected("a value")),
        };
        Ok(Value {
            kind,
            span: self.cursor.since(start),
        })
    }

    fn list(&mut self) -> Result<Vec<Value>, Error> {
        let wanted = format!("`,` or `]` in the list of line {}", self.cursor.here().line);
        self.open()?;
        let mut values = Vec::new();
        while !self.cursor.eat(']') {
            let value = self.value()?;
            if value.is_null() {
                return Err(value.is_not("a value (`null` only stands behind a key)"));
            }
            values.push(value);
            self.separator(']', &wanted)?;
        }
        self.depth.leave(1);
        Ok(values)
    }

    /// Takes the brace or bracket at hand.
    fn open(&mut self) -> Result<(), Error> {
        self.depth.enter(1, self.cursor.next_char())?;
        self.cursor.bump();
        self.skip_blanks();
        Ok(())
    }

    fn word(&mut self) -> Result<Kind, Error> {
        let start = self.cursor.here();
        match self.cursor.take_while(|c| c.is_ascii_alphanumeric()) {
            "null" => Ok(Kind::Null),
            "true" => Ok(Kind::Bool(true)),
            "false" => Ok(Kind::Bool(false)),
            _ => {
                let span = self.cursor.since(start);
                Err(Error::expected(
                    span,
                    "a value (text takes double quotes)",
                    "a bare word",
                ))
            }
        }
    }

    /// Reads what parts two members. As Vault's reader, and unlike JSON's standard, it allows a comma at the end.
    fn separator(&mut self, close: char, wanted: &str) -> Result<(), Error> {
        self.skip_blanks();
        if !self.cursor.eat(',') && self.cursor.peek() != Some(close) {
            return Err(self.expected(wanted));
        }
        self.skip_blanks();
        Ok(())
    }

    fn string(&mut self) -> Result<String, Error> {
        quoted::read(&mut self.cursor, Syntax::Json)
    }

    fn skip_blanks(&mut self) {
        self.cursor.take_while(is_blank);
    }

    /// Says that something else was needed; a character is named, a value only by its kind.
    fn expected(&self, wanted: &str) -> Error {
        let found = match self.cursor.peek() {
            None => "the end of the text".to_owned(),
            Some('"') => "a string".to_owned(),
            Some(c) if c.is_ascii_digit() || c == '-' => "a number".to_owned(),
            Some(c) if c.is_alphabetic() => "a bare word".to_owned(),
            Some(c) if c.is_control() || c.is_whitespace() => format!("the character U+{:04X}", u32::from(c)),
            Some(c) => format!("`{c}`"),
        };
        Error::expected(self.cursor.next_char(), wanted, &found)
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(document(text).unwrap_err().to_string(), expected, "{text:?}");
    }

    #[test]
    fn a_document_is_one_whole_object() {
        check(
            "{\"a\": 1",
            "line 1, column 8: expected `,` or `}` in the object of line 1, found the end of the text",
        );
        check(
            "{}\n{}",
            "line 2, column 1: expected the end of the text after its one object, found `{`",
        );
        check(
            "{\"a\": 1 \"b\": 2}",
            "line 1, column 9: expected `,` or `}` in the object of line 1, found a string",
        );
        assert!(document(" {\"a\": [1,],} ").is_ok());
    }

    #[test]
    fn a_key_comes_once() {
        check(
            "{\"a\": 1,\n \"a\": 2}",
            "line 2, column 2: the key `a` comes twice, first on line 1",
        );
        check(
            "{\"a\": {\"b\": 1, \"b\": 1}}",
            "line 1, column 16: the key `b` comes twice, first on line 1",
        );
    }

    #[test]
    fn what_is_no_json_is_pointed_at() {
        check(
            "{a: 1}",
            "line 1, column 2: expected a key in double quotes, found a bare word",
        );
        check(
            "{\"a\" = 1}",
            "line 1, column 6: expected `:` after the key, found `=`",
        );
        check(
            "{\"a\": yes}",
            "line 1, column 7: expected a value (text takes double quotes), found a bare word",
        );
        check(
            "{\"a\": [null]}",
            "line 1, column 8: expected a value (`null` only stands behind a key), found `null`",
        );
        check(
            "{\"a\": 1 // b\n}",
            "line 1, column 9: expected `,` or `}` in the object of line 1, found `/`",
        );
    }

    #[test]
    fn the_first_character_tells_the_form() {
        assert!(is_json("\r\n\t {"));
        assert!(!is_json("# {\n{}"));
        assert!(!is_json(""));
    }
}
