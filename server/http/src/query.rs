//! The parameters behind a question mark, and those of a form.

use logical::Fields;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use std::collections::BTreeMap;

use crate::target::is_encoded_well;

/// Names and their values, in the order in which the values came.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Parameters(BTreeMap<String, Vec<String>>);

impl Parameters {
    /// Reads them. A pair that cannot be decoded is left out, and so is one with a semicolon, which some take for a
    /// separator: Vault does not refuse such queries.
    pub(crate) fn of(query: &str) -> Self {
        let mut parameters = Self::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            if let Some((name, value)) = decoded_pair(pair) {
                parameters.0.entry(name).or_default().push(value);
            }
        }
        parameters
    }

    /// Reads them; `None` if a pair cannot be decoded.
    pub(crate) fn strictly_of(text: &str) -> Option<Self> {
        let mut parameters = Self::default();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = decoded_pair(pair)?;
            parameters.0.entry(name).or_default().push(value);
        }
        Some(parameters)
    }

    /// The first value of a name; empty without one.
    pub(crate) fn first(&self, name: &str) -> &str {
        self.0
            .get(name)
            .and_then(|values| values.first())
            .map_or("", String::as_str)
    }

    /// Whether a name stands there, with or without a value.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Leaves a name out.
    pub(crate) fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// As members: a name that is repeated is a list.
    pub(crate) fn into_fields(self) -> Fields {
        self.fields(|values| Value::Array(values.into_iter().map(Value::String).collect()))
    }

    /// As members: a name that is repeated is one text with commas, as Vault reads forms.
    pub(crate) fn into_joined_fields(self) -> Fields {
        self.fields(|values| Value::String(values.join(",")))
    }

    fn fields(self, several: impl Fn(Vec<String>) -> Value) -> Fields {
        let mut fields = Fields::new();
        for (name, mut values) in self.0 {
            let value = match values.pop() {
                Some(only) if values.is_empty() => Value::String(only),
                last => {
                    values.extend(last);
                    several(values)
                }
            };
            fields.insert(name, value);
        }
        fields
    }
}

/// Reads a boolean as Go does. Empty text is no.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "" | "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

fn decoded_pair(pair: &str) -> Option<(String, String)> {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    (!pair.contains(';') && is_encoded_well(pair)).then(|| (decoded(name), decoded(value)))
}

fn decoded(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(query: &str, expected: Value) {
        assert!(
            Parameters::of(query).into_fields() == Fields::of(expected),
            "{query}"
        );
    }

    #[test]
    fn a_query_becomes_members() {
        check("", json!({}));
        check("after=a+b", json!({"after": "a b"}));
        check("after=a%2Bb", json!({"after": "a+b"}));
        check("%6Cimit=%31", json!({"limit": "1"}));
        check("&&limit&", json!({"limit": ""}));
        check("limit=1&limit=2", json!({"limit": ["1", "2"]}));
        check("x=%zz&limit=1", json!({"limit": "1"}));
        check("limit=1;y", json!({}));
        check("x=%ff", json!({"x": "\u{fffd}"}));
    }

    #[test]
    fn booleans_are_those_of_go() {
        let read: Vec<_> = ["true", "T", "1", "", "False", "yes", "2"].map(boolean).into();
        assert_eq!(
            read,
            [
                Some(true),
                Some(true),
                Some(true),
                Some(false),
                Some(false),
                None,
                None
            ]
        );
    }
}
