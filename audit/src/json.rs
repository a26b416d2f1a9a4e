//! JSON written straight into a buffer, member by member, so that no tree of values is built for an entry.

use std::fmt::{Display, Write as _};

/// An object that is being written. Dropping it without `end` leaves it open.
pub(crate) struct Object<'a> {
    out: &'a mut Vec<u8>,
    is_empty: bool,
}

impl<'a> Object<'a> {
    /// Opens an object at the end of the buffer.
    pub(crate) fn begin(out: &'a mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, is_empty: true }
    }

    /// Writes a member's name, one of ours, in which nothing needs escaping; whoever calls writes its value into the
    /// buffer.
    pub(crate) fn member(&mut self, name: &'static str) -> &mut Vec<u8> {
        self.separate();
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.out
    }

    /// Writes a member's name that came from outside; whoever calls writes its value into the buffer.
    pub(crate) fn named(&mut self, name: &str) -> &mut Vec<u8> {
        self.separate();
        text(self.out, name);
        self.out.push(b':');
        self.out
    }

    /// A text.
    pub(crate) fn text(&mut self, name: &'static str, value: &str) {
        text(self.member(name), value);
    }

    /// A text, left out if it is empty, as Vault does.
    pub(crate) fn text_if_any(&mut self, name: &'static str, value: &str) {
        if !value.is_empty() {
            self.text(name, value);
        }
    }

    /// A number, a boolean, or what else prints as JSON.
    pub(crate) fn plain(&mut self, name: &'static str, value: impl Display) {
        plain(self.member(name), value);
    }

    /// A number, left out if it is zero, as Vault does.
    pub(crate) fn number_if_any(&mut self, name: &'static str, value: u64) {
        if value != 0 {
            self.plain(name, value);
        }
    }

    /// A list of texts, left out if it is empty, as Vault does.
    pub(crate) fn texts_if_any<T: AsRef<str>>(&mut self, name: &'static str, values: &[T]) {
        if !values.is_empty() {
            list(self.member(name), values.iter(), |out, value| {
                text(out, value.as_ref());
            });
        }
    }

    /// Closes the object.
    pub(crate) fn end(self) {
        self.out.push(b'}');
    }

    fn separate(&mut self) {
        if !self.is_empty {
            self.out.push(b',');
        }
        self.is_empty = false;
    }
}

/// Writes a text, with quotes around it.
pub(crate) fn text(out: &mut Vec<u8>, value: &str) {
    serde_json::to_writer(out, value).expect("memory takes every text");
}

/// Writes a number, a boolean, or what else prints as JSON.
pub(crate) fn plain(out: &mut Vec<u8>, value: impl Display) {
    write!(Ascii(out), "{value}").expect("memory takes every number");
}

/// Writes a list.
pub(crate) fn list<T>(
    out: &mut Vec<u8>,
    items: impl Iterator<Item = T>,
    mut each: impl FnMut(&mut Vec<u8>, T),
) {
    out.push(b'[');
    for (place, item) in items.enumerate() {
        if place > 0 {
            out.push(b',');
        }
        each(out, item);
    }
    out.push(b']');
}

/// Prints into a buffer without the detour over a `String`.
struct Ascii<'a>(&'a mut Vec<u8>);

impl std::fmt::Write for Ascii<'_> {
    fn write_str(&mut self, printed: &str) -> std::fmt::Result {
        self.0.extend_from_slice(printed.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_separated_and_empty_ones_left_out() {
        let mut out = Vec::new();
        let mut object = Object::begin(&mut out);
        object.text_if_any("none", "");
        text(object.named("a\""), "x\n");
        object.number_if_any("zero", 0);
        object.plain("n", 5);
        object.texts_if_any("list", &["x", "y"]);
        Object::begin(object.member("inner")).end();
        object.end();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            r#"{"a\"":"x\n","n":5,"list":["x","y"],"inner":{}}"#
        );
    }
}
