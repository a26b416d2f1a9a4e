//! Single values, read loosely.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;

/// Text; a number or a truth value is taken as its spelling.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text(String);

/// A truth value: `true`, `"true"`, `"1"`, `1`, and so on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flag(pub bool);

/// A whole number: `5` or `"5"`. A fraction is refused, `5.0` too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Integer(pub i64);

impl Text {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, taken out.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self(text)),
            Value::Number(number) => Ok(Self(number.to_string())),
            // Go's weak decoding prints them so.
            Value::Bool(truth) => Ok(Self(if truth { "1" } else { "0" }.to_owned())),
            _ => Err(D::Error::custom("expected a string")),
        }
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let truth = match Value::deserialize(deserializer)? {
            Value::Bool(truth) => Some(truth),
            Value::Number(number) => number.as_f64().map(|n| n != 0.0),
            Value::String(text) => match text.as_str() {
                "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
                "" | "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
                _ => None,
            },
            _ => None,
        };
        truth
            .map(Self)
            .ok_or_else(|| D::Error::custom("expected true or false"))
    }
}

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let whole = match Value::deserialize(deserializer)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) if text.is_empty() => Some(0),
            Value::String(text) => text.parse().ok(),
            Value::Bool(truth) => Some(i64::from(truth)),
            _ => None,
        };
        whole
            .map(Self)
            .ok_or_else(|| D::Error::custom("expected a whole number"))
    }
}

macro_rules! schema {
    ($type:ident, $name:literal, $schema:tt) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }

            fn inline_schema() -> bool {
                true
            }
        }
    };
}

schema!(Text, "Text", { "type": "string" });
schema!(Flag, "Flag", { "type": "boolean" });
schema!(Integer, "Integer", { "type": "integer" });

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_read_loosely() {
        let text = |v: Value| serde_json::from_value::<Text>(v).ok().map(Text::into_string);
        assert_eq!(text(json!("a")).as_deref(), Some("a"));
        assert_eq!(text(json!(5)).as_deref(), Some("5"));
        assert_eq!(text(json!([])), None);
        let flag = |v: Value| serde_json::from_value::<Flag>(v).ok().map(|f| f.0);
        assert_eq!([json!(true), json!("true"), json!(1)].map(flag), [Some(true); 3]);
        assert_eq!(flag(json!("yes")), None);
        let integer = |v: Value| serde_json::from_value::<Integer>(v).ok().map(|i| i.0);
        assert_eq!([json!(5), json!("5"), json!("05")].map(integer), [Some(5); 3]);
        for bad in [json!("five"), json!(5.7), json!("5.0"), json!([5])] {
            assert_eq!(integer(bad), None);
        }
    }
}
