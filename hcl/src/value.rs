use std::fmt;

use crate::error::Error;
use crate::number::Number;
use crate::object::Object;
use crate::span::Span;

/// A value and where it stands.
///
/// The `as_…` methods read it as a decoder wants it, and their errors say where it stands.
#[derive(Clone, Debug)]
pub struct Value {
    /// What it is.
    pub kind: Kind,
    /// Where it stands, quotes, brackets or braces included.
    pub span: Span,
}

/// The kinds of values.
#[derive(Clone)]
pub enum Kind {
    /// JSON's `null`, which HCL itself does not have. Under a key that is asked for by name it counts as absent.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer or a floating-point number.
    Number(Number),
    /// A string or a heredoc, with escapes resolved and `${…}` as it was written.
    String(String),
    /// `[…]`.
    List(Vec<Value>),
    /// `{…}`, whether behind `=`, a key or a label.
    Object(Object),
}

impl Value {
    /// Reads a string.
    pub fn as_str(&self) -> Result<&str, Error> {
        match &self.kind {
            Kind::String(text) => Ok(text),
            _ => Err(self.is_not("a string")),
        }
    }

    /// Reads a string, or a number as it was written: what durations and sizes may be, as in `"768h"` and `3600`.
    pub fn as_text(&self) -> Result<&str, Error> {
        match &self.kind {
            Kind::String(text) => Ok(text),
            Kind::Number(number) => Ok(number.text()),
            _ => Err(self.is_not("a string or a number")),
        }
    }

    /// Reads a boolean; as Vault does, also from `1` and `0` and from the strings that Go calls boolean.
    pub fn as_bool(&self) -> Result<bool, Error> {
        let word = match &self.kind {
            Kind::Bool(bool) => return Ok(*bool),
            Kind::Number(number) => number.text(),
            Kind::String(text) => text,
            _ => return Err(self.is_not("`true` or `false`")),
        };
        match word {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
            _ => Err(Error::expected(
                self.span,
                "`true` or `false`",
                &format!("another {}", self.noun()),
            )),
        }
    }

    /// Reads an integer; as Vault does, also from a string of decimal digits.
    pub fn as_int(&self) -> Result<i64, Error> {
        let int = match &self.kind {
            Kind::Number(number) => number.as_int(),
            Kind::String(text) => text.parse().ok(),
            _ => return Err(self.is_not("an integer")),
        };
        int.ok_or_else(|| Error::expected(self.span, "an integer", &format!("another {}", self.noun())))
    }

    /// Reads a list.
    pub fn as_list(&self) -> Result<&[Self], Error> {
        match &self.kind {
            Kind::List(values) => Ok(values),
            _ => Err(self.is_not("a list")),
        }
    }

    /// Reads a list of strings.
    pub fn as_str_list(&self) -> Result<Vec<&str>, Error> {
        self.as_list()?.iter().map(Self::as_str).collect()
    }

    /// Reads an object.
    pub fn as_object(&self) -> Result<&Object, Error> {
        match &self.kind {
            Kind::Object(object) => Ok(object),
            _ => Err(self.is_not("an object")),
        }
    }

    /// Says whether this is JSON's `null`.
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// Says that something else was needed here.
    pub(crate) fn is_not(&self, wanted: &str) -> Error {
        let found = match self.kind {
            Kind::Null | Kind::Bool(_) => format!("`{}`", self.noun()),
            Kind::Object(_) => format!("an {}", self.noun()),
            _ => format!("a {}", self.noun()),
        };
        Error::expected(self.span, wanted, &found)
    }

    fn noun(&self) -> &'static str {
        match self.kind {
            Kind::Null => "null",
            Kind::Bool(true) => "true",
            Kind::Bool(false) => "false",
            Kind::Number(_) => "number",
            Kind::String(_) => "string",
            Kind::List(_) => "list",
            Kind::Object(_) => "object",
        }
    }
}

/// Configuration holds passwords, so a string shows its length only.
impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("Null"),
            Self::Bool(bool) => write!(f, "Bool({bool})"),
            Self::Number(number) => write!(f, "Number({})", number.text()),
            Self::String(text) => write!(f, "String({} bytes)", text.len()),
            Self::List(values) => f.debug_tuple("List").field(values).finish(),
            Self::Object(object) => f.debug_tuple("Object").field(object).finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    /// Parses `x = …` and hands the value over.
    fn check<T: fmt::Debug + PartialEq>(
        text: &str,
        read: impl Fn(&Value) -> Result<T, Error>,
        expected: Result<T, &str>,
    ) {
        let object = parse(&format!("x = {text}")).unwrap();
        let found = read(object.attr("x").unwrap().unwrap()).map_err(|error| error.to_string());
        assert_eq!(
            found,
            expected.map_err(|message| format!("line 1, column 5: {message}")),
            "{text}"
        );
    }

    #[test]
    fn booleans_are_read_as_vault_reads_them() {
        for (text, bool) in [
            ("true", true),
            ("\"true\"", true),
            ("1", true),
            ("0", false),
            ("\"F\"", false),
        ] {
            check(text, Value::as_bool, Ok(bool));
        }
        check(
            "\"\"",
            Value::as_bool,
            Err("expected `true` or `false`, found another string"),
        );
        check(
            "2",
            Value::as_bool,
            Err("expected `true` or `false`, found another number"),
        );
        check(
            "[]",
            Value::as_bool,
            Err("expected `true` or `false`, found a list"),
        );
    }

    #[test]
    fn integers_may_be_strings() {
        check("0x10", Value::as_int, Ok(16));
        check("\"-90\"", Value::as_int, Ok(-90));
        check(
            "1.5",
            Value::as_int,
            Err("expected an integer, found another number"),
        );
        check(
            "\"90s\"",
            Value::as_int,
            Err("expected an integer, found another string"),
        );
        check("true", Value::as_int, Err("expected an integer, found `true`"));
    }

    #[test]
    fn texts_may_be_numbers_as_they_were_written() {
        check("0x10", |v| v.as_text().map(str::to_owned), Ok("0x10".to_owned()));
        check("\"1h\"", |v| v.as_text().map(str::to_owned), Ok("1h".to_owned()));
        check(
            "5",
            |v| v.as_str().map(str::to_owned),
            Err("expected a string, found a number"),
        );
    }

    #[test]
    fn an_element_of_the_wrong_kind_is_pointed_at() {
        let strings = |v: &Value| v.as_str_list().map(|list| list.join(" "));
        check(r#"["a", "b"]"#, strings, Ok("a b".to_owned()));
        check("\"a\"", strings, Err("expected a list, found a string"));
        let error = parse("x = [\"a\",\n 5]")
            .unwrap()
            .attr("x")
            .unwrap()
            .unwrap()
            .as_str_list()
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 2, column 2: expected a string, found a number"
        );
    }

    #[test]
    fn debug_shows_no_text() {
        let shown = format!(
            "{:?}",
            parse("password = [\"canary\", { x = \"canary\" }]").unwrap()
        );
        assert!(!shown.contains("canary"), "{shown}");
        assert!(shown.contains("String(6 bytes)"), "{shown}");
    }
}
