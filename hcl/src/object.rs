use std::collections::HashMap;

use crate::error::Error;
use crate::span::Span;
use crate::value::{Kind, Value};

/// The items of a document, a block or an object, in the order in which they were written.
///
/// Every form is read alike: `path "a" {…}`, `path { "a" {…} }`, `path = { "a" = {…} }`, `path = [{ "a" = {…} }]` and
/// their JSON are an item `path` that holds an item `a`.
#[derive(Clone, Debug)]
pub struct Object {
    items: Vec<Item>,
    span: Span,
}

/// A key and its value. A key may come again, which is how HCL writes several blocks.
#[derive(Clone, Debug)]
pub struct Item {
    /// The key.
    pub key: Key,
    /// The value; behind a label, the object that the label stands for.
    pub value: Value,
}

/// A key or a label.
#[derive(Clone, Debug)]
pub struct Key {
    /// What it says, without quotes.
    pub text: String,
    /// Where it stands, quotes included.
    pub span: Span,
}

/// A block with a label, for example `path "secret/*" {…}`.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    /// The label.
    pub label: &'a Key,
    /// What stands between the braces.
    pub body: &'a Object,
}

impl Object {
    pub(crate) fn new(items: Vec<Item>, span: Span) -> Self {
        Self { items, span }
    }

    /// Returns every item, repeated keys and nulls included.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// Returns where it stands, braces included.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Returns every item and refuses a key that comes twice: for objects whose keys are data, not settings.
    pub fn entries(&self) -> Result<&[Item], Error> {
        let mut first = HashMap::new();
        for Item { key, .. } in &self.items {
            if let Some(line) = first.insert(key.text.as_str(), key.span.line) {
                return Err(twice(key, line));
            }
        }
        Ok(&self.items)
    }

    /// Returns the value of a key, if it is there and not null; refuses a key that comes twice.
    pub fn attr(&self, name: &str) -> Result<Option<&Value>, Error> {
        let mut named = self.named(name);
        let Some(item) = named.next() else {
            return Ok(None);
        };
        match named.next() {
            Some(again) => Err(twice(&again.key, item.key.span.line)),
            None => Ok(Some(&item.value).filter(|value| !value.is_null())),
        }
    }

    /// Returns the bodies of all blocks of a name that take no label, for example `retry_join {…}`.
    pub fn sections(&self, name: &str) -> Result<Vec<&Self>, Error> {
        let mut bodies = Vec::new();
        for item in self.named(name) {
            item.value.bodies(&mut bodies)?;
        }
        Ok(bodies)
    }

    /// Returns the body of a block that takes no label, for example `telemetry {…}`; refuses a second one.
    ///
    /// It also reads a map, as `allowed_parameters = {…}` is one, in every form that JSON has for it.
    pub fn section(&self, name: &str) -> Result<Option<&Self>, Error> {
        let bodies = self.sections(name)?;
        match bodies.as_slice() {
            [] => Ok(None),
            [body] => Ok(Some(body)),
            [first, again, ..] => {
                let message = format!("a second `{name}`, after the one of line {}", first.span.line);
                Err(Error::at(again.span, message))
            }
        }
    }

    /// Returns all blocks of a name that take one label, for example `path "secret/*" {…}` or `listener "tcp" {…}`.
    ///
    /// A label may come again. A block with further labels is one whose body holds blocks.
    pub fn blocks(&self, name: &str) -> Result<Vec<Block<'_>>, Error> {
        let mut blocks = Vec::new();
        for section in self.sections(name)? {
            for Item { key: label, value } in &section.items {
                let mut bodies = Vec::new();
                value.bodies(&mut bodies)?;
                blocks.extend(bodies.into_iter().map(|body| Block { label, body }));
            }
        }
        Ok(blocks)
    }

    /// Returns the keys that are not among the known ones, for a decoder that warns about or refuses them.
    pub fn unknown<'a>(&'a self, known: &'a [&str]) -> impl Iterator<Item = &'a Key> {
        self.items
            .iter()
            .map(|item| &item.key)
            .filter(|key| !known.contains(&key.text.as_str()))
    }

    fn named(&self, name: &str) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(move |item| item.key.text == name)
    }
}

impl Value {
    /// Adds the objects that this value stands for as a block: itself, or those of its list.
    fn bodies<'a>(&'a self, bodies: &mut Vec<&'a Object>) -> Result<(), Error> {
        match &self.kind {
            Kind::Null => {}
            Kind::Object(object) => bodies.push(object),
            Kind::List(values) => {
                for value in values {
                    let Kind::Object(object) = &value.kind else {
                        return Err(value.is_not("a block"));
                    };
                    bodies.push(object);
                }
            }
            _ => return Err(self.is_not("a block")),
        }
        Ok(())
    }
}

fn twice(key: &Key, first: u32) -> Error {
    Error::at(
        key.span,
        format!("the key `{}` comes twice, first on line {first}", key.text),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    /// Decodes `path` blocks into lines such as `a: ttl`.
    fn check(text: &str, expected: Result<&[&str], &str>) {
        let root = parse(text).unwrap();
        let found = root
            .blocks("path")
            .map_err(|error| error.to_string())
            .map(|blocks| {
                let keys = |body: &Object| {
                    body.items()
                        .iter()
                        .map(|item| item.key.text.clone())
                        .collect::<Vec<_>>()
                };
                blocks
                    .iter()
                    .map(|b| format!("{}: {}", b.label.text, keys(b.body).join(" ")))
                    .collect::<Vec<_>>()
            });
        let expected = expected.map(|lines| lines.iter().map(ToString::to_string).collect());
        assert_eq!(found, expected.map_err(str::to_owned), "{text}");
    }

    #[test]
    fn every_form_of_a_labelled_block_is_read_alike() {
        for text in [
            r#"path "a" { x = 1 }"#,
            r#""path" a { x = 1 }"#,
            r#"path { a { x = 1 } }"#,
            r#"path = { a = { x = 1 } }"#,
            r#"path = [{ a = [{ x = 1 }] }]"#,
            r#"{"path": {"a": {"x": 1}}}"#,
            r#"{"path": [{"a": {"x": 1}}]}"#,
            r#"{"path": {"a": [{"x": 1}]}}"#,
        ] {
            check(text, Ok(&["a: x"]));
        }
    }

    #[test]
    fn blocks_come_in_the_order_of_the_text() {
        check(
            "path \"b\" {}\npath \"a\" { x = 1 }\npath \"b\" { y = 1 z = 1 }",
            Ok(&["b: ", "a: x", "b: y z"]),
        );
        check("other \"a\" {}", Ok(&[]));
        check(r#"{"path": null}"#, Ok(&[]));
        check(r#"{"path": {"a": null, "b": {}}}"#, Ok(&["b: "]));
    }

    #[test]
    fn what_is_no_block_is_pointed_at() {
        check(
            "path = \"a\"",
            Err("line 1, column 8: expected a block, found a string"),
        );
        check(
            "path {\n x = 1\n}",
            Err("line 2, column 6: expected a block, found a number"),
        );
        check(
            "path = [{}, 5]",
            Err("line 1, column 13: expected a block, found a number"),
        );
        check(
            r#"{"path": [[]]}"#,
            Err("line 1, column 11: expected a block, found a list"),
        );
    }

    #[test]
    fn a_setting_that_comes_twice_is_refused_when_it_is_asked_for() {
        let root = parse("a = 1\nb = 2\na = 3").unwrap();
        assert!(root.attr("b").unwrap().is_some());
        assert!(root.attr("c").unwrap().is_none());
        let message = "line 3, column 1: the key `a` comes twice, first on line 1";
        assert_eq!(root.attr("a").unwrap_err().to_string(), message);
        assert_eq!(root.entries().unwrap_err().to_string(), message);
    }

    #[test]
    fn a_null_counts_as_absent() {
        let root = parse(r#"{"ttl": null, "telemetry": null}"#).unwrap();
        assert!(root.attr("ttl").unwrap().is_none());
        assert!(root.section("telemetry").unwrap().is_none());
        assert_eq!(root.items().len(), 2);
    }

    #[test]
    fn a_section_is_there_once_at_most() {
        let root = parse("t { a = 1 }\nj {}\nj {}").unwrap();
        assert_eq!(root.section("t").unwrap().unwrap().items().len(), 1);
        assert_eq!(root.sections("j").unwrap().len(), 2);
        let message = "line 3, column 3: a second `j`, after the one of line 2";
        assert_eq!(root.section("j").unwrap_err().to_string(), message);
    }

    #[test]
    fn unknown_keys_come_with_their_lines() {
        let root = parse("a = 1\nfoo = 2\nbar {}").unwrap();
        let unknown: Vec<_> = root
            .unknown(&["a"])
            .map(|key| (key.text.as_str(), key.span.line))
            .collect();
        assert_eq!(unknown, [("foo", 2), ("bar", 3)]);
    }
}
