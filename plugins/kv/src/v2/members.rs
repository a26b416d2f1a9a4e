//! A parameter whose own members are data.

use logical::Fields;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// An object that a client sends whole. It may hold secrets, and is wiped as [`Fields`] are.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Members(pub(super) Fields);

/// An empty list stands for an empty object: some clients know no difference.
impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Object(members) => Ok(Self(members.into())),
            Value::Array(list) if list.is_empty() => Ok(Self(Map::new().into())),
            _ => Err(D::Error::custom("expected an object")),
        }
    }
}

impl JsonSchema for Members {
    fn schema_name() -> Cow<'static, str> {
        "Members".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "additionalProperties": true })
    }

    fn inline_schema() -> bool {
        true
    }
}
