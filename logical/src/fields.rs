//! The members of a request or an answer.

use crate::{Error, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::mem;
use zeroize::Zeroize;

/// A JSON object that may hold secrets: no `Debug`, no `Serialize`, its strings are wiped when it is dropped.
#[derive(Clone, Default, PartialEq)]
pub struct Fields(Map<String, Value>);

impl Fields {
    /// No members.
    pub fn new() -> Self {
        Self::default()
    }

    /// The members of a JSON object; anything else has none. Made for `json!({…})` at the call.
    pub fn of(value: Value) -> Self {
        match value {
            Value::Object(map) => Self(map),
            _ => Self::default(),
        }
    }

    /// What a type serializes to, which must be an object.
    pub fn from_value<T: Serialize>(value: &T) -> Result<Self> {
        Ok(Self::of(serde_json::to_value(value).map_err(Error::internal)?))
    }

    /// Reads JSON text that was written from members before, however deeply nested: what may be stored at all is
    /// bounded at the door.
    pub fn parse(text: &[u8]) -> Result<Self> {
        let mut reader = serde_json::Deserializer::from_slice(text);
        reader.disable_recursion_limit();
        let members = Map::deserialize(&mut reader).map_err(Error::internal)?;
        reader.end().map_err(Error::internal)?;
        Ok(Self(members))
    }

    /// The members as JSON text.
    pub fn to_text(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(&self.0).map_err(Error::internal)
    }

    /// Reads the members into a type of ours; what does not fit is a fault of ours.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        T::deserialize(&self.0).map_err(Error::internal)
    }

    /// The members, for whoever has a reason to look.
    pub fn expose(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The members, to change them.
    pub fn expose_mut(&mut self) -> &mut Map<String, Value> {
        &mut self.0
    }

    /// The members, taken out; whoever takes them answers for them.
    pub fn take(mut self) -> Map<String, Value> {
        mem::take(&mut self.0)
    }

    /// One member.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// One member, if it is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// Adds or replaces a member.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.0.insert(name.into(), value.into());
    }

    /// Whether there are no members.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Drop for Fields {
    fn drop(&mut self) {
        for (_, value) in mem::take(&mut self.0) {
            wipe(value);
        }
    }
}

impl From<Map<String, Value>> for Fields {
    fn from(map: Map<String, Value>) -> Self {
        Self(map)
    }
}

/// Recursion is bounded: requests are refused beyond a nesting that `http` sets.
fn wipe(value: Value) {
    match value {
        Value::String(mut text) => text.zeroize(),
        Value::Array(items) => items.into_iter().for_each(wipe),
        Value::Object(map) => map.into_iter().for_each(|(_, item)| wipe(item)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_keep_their_spelling() {
        let text = br#"{"a":1.0,"b":12345678901234567890123,"c":1.50}"#;
        let fields = Fields::parse(text).unwrap();
        assert_eq!(
            fields.to_text().unwrap(),
            br#"{"a":1.0,"b":12345678901234567890123,"c":1.50}"#
        );
    }

    #[test]
    fn deep_members_are_read_back() {
        let text = format!("{{\"a\":{}{}}}", "[".repeat(400), "]".repeat(400));
        let fields = Fields::parse(text.as_bytes()).unwrap();
        assert_eq!(fields.to_text().unwrap(), text.as_bytes());
    }

    #[test]
    fn what_is_no_object_has_no_members() {
        assert!(Fields::of(json!([1])).is_empty());
    }
}
