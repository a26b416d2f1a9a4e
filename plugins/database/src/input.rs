//! What requests bring, and records as they are found.

use logical::field::Text;
use logical::{Cx, Error, Key, Result, Revision};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Nothing.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct NoInput {}

/// A name in the path.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct NameInput {
    /// The name.
    pub(crate) name: Text,
}

/// A record and the commit that wrote it.
pub(crate) struct Stored<T> {
    pub(crate) record: T,
    pub(crate) revision: Revision,
}

/// SQL: one text, or a list of texts. Blanks around each are cut off; commas and semicolons mean nothing here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Statements(pub(crate) Vec<String>);

/// Reads a record.
pub(crate) async fn find<T: DeserializeOwned>(cx: &Cx, key: &Key) -> Result<Option<Stored<T>>> {
    let Some(opened) = cx.storage.get(key).await? else {
        return Ok(None);
    };
    Ok(Some(Stored {
        record: opened.json()?,
        revision: opened.revision,
    }))
}

/// Reads members into a type. The error names the member and shows no value.
pub(crate) fn read<T: DeserializeOwned>(members: Map<String, Value>) -> Result<T> {
    serde_path_to_error::deserialize(Value::Object(members)).map_err(|error| {
        let text = error.inner().to_string();
        let expected = text
            .split("expected ")
            .nth(1)
            .unwrap_or("a value of another type");
        Error::invalid(format!(
            "error converting input for field {:?}: expected {expected}",
            error.path().to_string()
        ))
    })
}

impl<'de> Deserialize<'de> for Statements {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = |value: Value| {
            Text::deserialize(value)
                .map(|text| text.as_str().trim().to_owned())
                .map_err(|_| D::Error::custom("expected a list of strings"))
        };
        match Value::deserialize(deserializer)? {
            Value::Array(items) => items.into_iter().map(text).collect::<Result<_, _>>().map(Self),
            value => text(value).map(|one| Self(Vec::from_iter(Some(one).filter(|one| !one.is_empty())))),
        }
    }
}

impl JsonSchema for Statements {
    fn schema_name() -> Cow<'static, str> {
        "Statements".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "array", "items": { "type": "string" } })
    }

    fn inline_schema() -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(value: &Value, expected: Option<&[&str]>) {
        let read = serde_json::from_value::<Statements>(value.clone()).ok();
        let expected = expected.map(|list| Statements(list.iter().map(|s| (*s).to_owned()).collect()));
        assert_eq!(read, expected, "{value}");
    }

    /// As recorded.
    #[test]
    fn statements_are_kept_as_they_come() {
        check(&json!("SELECT 1; SELECT 2;"), Some(&["SELECT 1; SELECT 2;"]));
        check(&json!("[\"SELECT 1\"]"), Some(&["[\"SELECT 1\"]"]));
        check(&json!(["  SELECT 1 ", "", " "]), Some(&["SELECT 1", "", ""]));
        check(&json!(["SELECT 1", 2]), Some(&["SELECT 1", "2"]));
        check(&json!("line one\nline two\n"), Some(&["line one\nline two"]));
        check(&json!(5), Some(&["5"]));
        check(&json!(""), Some(&[]));
        check(&json!([]), Some(&[]));
        check(&json!({ "a": 1 }), None);
        check(&json!([["SELECT 1"]]), None);
    }
}
