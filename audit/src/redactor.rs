//! What a device shows and what it hides.

use crate::config::Style;
use crate::instant::is_instant;
use crate::json::{self, Object};
use crate::salt::Salt;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

/// Writes values in one device's hand. Every text is hashed, the empty one too; names of members, numbers, booleans,
/// null and moments are not, as in Vault.
#[derive(Clone, Copy)]
pub(crate) struct Redactor<'a> {
    salt: &'a Salt,
    style: &'a Style,
}

impl<'a> Redactor<'a> {
    /// A device's hand.
    pub(crate) fn new(salt: &'a Salt, style: &'a Style) -> Self {
        Self { salt, style }
    }

    /// A token, or another text that may never be seen.
    pub(crate) fn secret(self, out: &mut Vec<u8>, text: &str) {
        if self.style.log_raw {
            json::text(out, text);
        } else {
            self.hashed(out, text.as_bytes());
        }
    }

    /// A token's accessor, which an operator may want to see.
    pub(crate) fn accessor(self, out: &mut Vec<u8>, accessor: &str) {
        if self.style.hmac_accessor {
            self.secret(out, accessor);
        } else {
            json::text(out, accessor);
        }
    }

    /// Bytes that may never be seen. In the clear they are base64, for they need not be text.
    pub(crate) fn secret_bytes(self, out: &mut Vec<u8>, bytes: &[u8]) {
        if self.style.log_raw {
            json::text(out, &STANDARD.encode(bytes));
        } else {
            self.hashed(out, bytes);
        }
    }

    /// The hash of a text, whatever the device shows otherwise.
    pub(crate) fn hashed(self, out: &mut Vec<u8>, text: &[u8]) {
        out.push(b'"');
        self.salt.write(out, text);
        out.push(b'"');
    }

    /// The members of a request or an answer. `shown` names those whose texts are not hashed.
    pub(crate) fn members(self, object: &mut Object<'_>, members: &Map<String, Value>, shown: &[String]) {
        for (name, value) in members {
            self.value(object.named(name), value, &Shown::under(name, shown));
        }
    }

    /// A text below a name.
    pub(crate) fn text(self, out: &mut Vec<u8>, text: &str, shown: &Shown<'_>) {
        if shown.here || is_instant(text) {
            json::text(out, text);
        } else {
            self.secret(out, text);
        }
    }

    /// A value below a name. Recursion is bounded: requests are refused beyond a nesting that `http` sets.
    pub(crate) fn value(self, out: &mut Vec<u8>, value: &Value, shown: &Shown<'_>) {
        match value {
            Value::String(text) => self.text(out, text, shown),
            Value::Array(items) => json::list(out, items.iter(), |out, item| self.value(out, item, shown)),
            Value::Object(members) => {
                let mut object = Object::begin(out);
                self.members(&mut object, members, shown.names);
                object.end();
            }
            Value::Null => out.extend_from_slice(b"null"),
            Value::Bool(value) => json::plain(out, value),
            Value::Number(number) => json::plain(out, number),
        }
    }
}

/// Whether texts are shown here: the nearest name above them decides, at any depth.
pub(crate) struct Shown<'a> {
    here: bool,
    names: &'a [String],
}

impl<'a> Shown<'a> {
    /// Below a member's name.
    pub(crate) fn under(name: &str, names: &'a [String]) -> Self {
        let here = names.iter().any(|shown| shown == name);
        Self { here, names }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use logical::secret::Plaintext;
    use serde_json::json;

    fn render(value: &Value, style: &Style, shown: &[&str]) -> Value {
        let salt = Salt::new(&Plaintext::from(&b"salt"[..]));
        let shown: Vec<String> = shown.iter().map(|name| (*name).to_owned()).collect();
        let mut out = Vec::new();
        Redactor::new(&salt, style).value(&mut out, value, &Shown::under("", &shown));
        hide(serde_json::from_slice(&out).unwrap())
    }

    /// Puts `#` for every hash, as the recordings are read.
    fn hide(value: Value) -> Value {
        match value {
            Value::String(text) if text.starts_with("hmac-sha256:") => json!("#"),
            Value::Array(items) => items.into_iter().map(hide).collect(),
            Value::Object(members) => members.into_iter().map(|(k, v)| (k, hide(v))).collect(),
            other => other,
        }
    }

    /// As recorded in `audit.nested_values`.
    #[test]
    fn every_text_is_hashed_at_any_depth_and_nothing_else_is() {
        let written = json!({
            "text": "x", "empty": "", "n": 5, "f": 1.5, "yes": true, "nothing": null, "number": "42",
            "list": ["a", 1, true, null, ["b", {"c": "d"}]], "map": {"deep": {"er": ["x", {"y": "x"}]}},
            "time": "2024-01-02T03:04:05Z", "almost": "2024-01-02 03:04:05", "empty list": [], "empty map": {},
        });
        let expected = json!({
            "text": "#", "empty": "#", "n": 5, "f": 1.5, "yes": true, "nothing": null, "number": "#",
            "list": ["#", 1, true, null, ["#", {"c": "#"}]], "map": {"deep": {"er": ["#", {"y": "#"}]}},
            "time": "2024-01-02T03:04:05Z", "almost": "#", "empty list": [], "empty map": {},
        });
        assert_eq!(render(&written, &Style::default(), &[]), expected);
    }

    /// As recorded in `audit.keys_not_hashed`.
    #[test]
    fn the_nearest_name_decides_what_is_shown() {
        let written = json!({
            "user": "ann", "word": "x", "User": "case", "list": ["a", ["b"], {"c": "d"}],
            "map": {"k": "v", "user": "deep"},
        });
        let expected = json!({
            "user": "ann", "word": "#", "User": "#", "list": ["a", ["b"], {"c": "#"}],
            "map": {"k": "#", "user": "deep"},
        });
        let shown = ["user", "list", "map"];
        assert_eq!(render(&written, &Style::default(), &shown), expected);
    }

    #[test]
    fn a_raw_device_shows_everything_with_the_digits_that_were_sent() {
        let style = Style {
            log_raw: true,
            ..Style::default()
        };
        let written: Value =
            serde_json::from_str(r#"{"a":"x","n":1.50,"big":12345678901234567890123}"#).unwrap();
        assert_eq!(render(&written, &style, &[]), written);
    }
}
