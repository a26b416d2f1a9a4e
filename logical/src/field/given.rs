//! Members of which null says something of its own.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;

/// A member that may be absent, null or a value, where these are three different things: "leave it", "clear it", "set
/// it". Everywhere else null is absent and `Option` says enough.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Given<T> {
    /// The request does not name it.
    #[default]
    Absent,
    /// The request says null.
    Null,
    /// The request says this.
    Value(T),
}

impl<T> Given<T> {
    /// Whether the request names it.
    pub fn is_present(&self) -> bool {
        !matches!(self, Self::Absent)
    }

    /// The value, `cleared` where null was said; `None` if the request does not name it.
    pub fn or_cleared(self, cleared: T) -> Option<T> {
        match self {
            Self::Absent => None,
            Self::Null => Some(cleared),
            Self::Value(value) => Some(value),
        }
    }
}

/// An absent member never gets here: its struct is `#[serde(default)]`.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(|value| value.map_or(Self::Null, Self::Value))
    }
}

/// OpenAPI's `nullable` is what tells the path tables to let null through.
impl<T: JsonSchema> JsonSchema for Given<T> {
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = T::json_schema(generator);
        schema.insert("nullable".to_owned(), true.into());
        schema
    }

    fn inline_schema() -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Integer;
    use serde_json::{Value, json};

    #[test]
    fn absent_null_and_zero_are_three_things() {
        #[derive(Deserialize)]
        struct Input {
            #[serde(default)]
            limit: Given<Integer>,
        }
        let check = |input: Value, expected: Option<i64>| {
            let input: Input = serde_json::from_value(input).unwrap();
            let limit = input.limit.or_cleared(Integer(-1)).map(|limit| limit.0);
            assert_eq!(limit, expected);
        };
        check(json!({}), None);
        check(json!({ "limit": null }), Some(-1));
        check(json!({ "limit": 0 }), Some(0));
        check(json!({ "limit": 7 }), Some(7));
    }
}
