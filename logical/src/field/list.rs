//! Several values, read loosely.

use super::scalar::{Integer, Text};
use crate::Page;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Texts: a list, or one text with commas between them. Blanks around each are cut off; one that is empty then is kept,
/// as Vault keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommaList(pub Vec<String>);

/// Texts by name: an object, a list of `name=value`, or one such text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyValues(pub BTreeMap<String, String>);

/// Which part of a listing is wanted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PageInput {
    /// Only entries that sort behind this one are shown.
    pub after: Option<Text>,
    /// The most entries that are shown. Zero or less shows all.
    pub limit: Option<Integer>,
}

impl PageInput {
    /// The page that is meant.
    pub fn page(&self) -> Page {
        let limit = self
            .limit
            .and_then(|limit| usize::try_from(limit.0).ok())
            .filter(|limit| *limit > 0);
        let after = self
            .after
            .as_ref()
            .map(|after| after.as_str().to_owned())
            .filter(|after| !after.is_empty());
        Page { after, limit }
    }
}

impl<'de> Deserialize<'de> for CommaList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let split = |text: &str| {
            let parts = text.split(',').map(|part| part.trim().to_owned());
            parts.filter(|_| !text.trim().is_empty()).collect()
        };
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self(split(&text))),
            Value::Number(number) => Ok(Self(vec![number.to_string()])),
            Value::Array(items) => {
                let texts = items
                    .into_iter()
                    .map(|item| serde_json::from_value::<Text>(item).map(|t| t.as_str().trim().to_owned()));
                let texts: Result<Vec<String>, _> = texts.collect();
                texts
                    .map(Self)
                    .map_err(|_| D::Error::custom("expected a list of strings"))
            }
            _ => Err(D::Error::custom("expected a list of strings")),
        }
    }
}

impl JsonSchema for CommaList {
    fn schema_name() -> Cow<'static, str> {
        "CommaList".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "array", "items": { "type": "string" } })
    }

    fn inline_schema() -> bool {
        true
    }
}

impl<'de> Deserialize<'de> for KeyValues {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wrong = || D::Error::custom("expected names and values");
        let pair = |text: &str| {
            text.split_once('=')
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
        };
        let pairs: Option<BTreeMap<String, String>> = match Value::deserialize(deserializer)? {
            Value::Object(map) => map
                .into_iter()
                .map(|(name, value)| Some((name, serde_json::from_value::<Text>(value).ok()?.into_string())))
                .collect(),
            Value::Array(items) => items.iter().map(|item| pair(item.as_str()?)).collect(),
            Value::String(text) if text.is_empty() => Some(BTreeMap::new()),
            Value::String(text) => pair(&text).map(|pair| BTreeMap::from([pair])),
            _ => None,
        };
        pairs.map(Self).ok_or_else(wrong)
    }
}

impl JsonSchema for KeyValues {
    fn schema_name() -> Cow<'static, str> {
        "KeyValues".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "additionalProperties": { "type": "string" } })
    }

    fn inline_schema() -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lists_are_read_with_commas_or_as_lists() {
        let list = |v: Value| serde_json::from_value::<CommaList>(v).map(|l| l.0).ok();
        let expected = Some(vec!["a".to_owned(), "b".to_owned()]);
        assert_eq!(list(json!("a, b")), expected);
        assert_eq!(list(json!(["a", "b"])), expected);
        assert_eq!(list(json!(" ")), Some(vec![]));
        assert_eq!(list(json!("a,,b")).map(|list| list.len()), Some(3));
        assert_eq!(list(json!({})), None);
    }

    #[test]
    fn names_and_values_are_read_in_three_ways() {
        let map = |v: Value| serde_json::from_value::<KeyValues>(v).map(|l| l.0).ok();
        let expected = Some(BTreeMap::from([("a".to_owned(), "1".to_owned())]));
        assert_eq!(map(json!({ "a": 1 })), expected);
        assert_eq!(map(json!(["a=1"])), expected);
        assert_eq!(map(json!("a=1")), expected);
        assert_eq!(map(json!(["a"])), None);
    }
}
