//! Which parameters a request may, may not and must have.

use crate::Reason;
use logical::Fields;
use serde_json::{Number, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Stands for every parameter that is not named.
const OTHERS: &str = "*";

/// Values by the lower-case name of the parameter; no values is any value.
pub(crate) type Listed = BTreeMap<String, Vec<Value>>;

/// What a rule says about the members of a request. Nested members do not count.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Parameters {
    /// If there are any, others are refused.
    pub(crate) allowed: Listed,
    /// Refused, whatever is allowed.
    pub(crate) denied: Listed,
    /// Must be there, by these lower-case names.
    pub(crate) required: Vec<String>,
}

impl Parameters {
    /// Adds what another rule for the same path says: lists grow together, and an empty one swallows the others.
    pub(crate) fn add(&mut self, other: &Self) {
        grow(&mut self.allowed, &other.allowed);
        grow(&mut self.denied, &other.denied);
        for name in &other.required {
            if !self.required.contains(name) {
                self.required.push(name.clone());
            }
        }
    }

    /// Judges the members of a request.
    pub(crate) fn judge(&self, data: &Fields) -> Result<(), Reason> {
        if self.is_empty() {
            return Ok(());
        }
        let missing = self.required.iter().find(|name| data.get(name).is_none());
        if let Some(name) = missing {
            return Err(Reason::ParameterMissing(name.clone()));
        }
        let refused = data.expose().iter().find(|(name, value)| {
            let name = folded(name);
            self.is_denied(&name, value) || !self.is_allowed(&name, value)
        });
        match refused {
            Some((name, _)) => Err(Reason::ParameterRefused(name.clone())),
            None => Ok(()),
        }
    }

    fn is_empty(&self) -> bool {
        self.allowed.is_empty() && self.denied.is_empty() && self.required.is_empty()
    }

    fn is_denied(&self, name: &str, value: &Value) -> bool {
        self.denied.contains_key(OTHERS) || self.denied.get(name).is_some_and(|values| is_in(value, values))
    }

    fn is_allowed(&self, name: &str, value: &Value) -> bool {
        match self.allowed.get(name) {
            // Vault asks for no value where "*" is all there is, and it means the others, whose values are free.
            Some(values) if name != OTHERS => is_in(value, values),
            _ => self.allowed.is_empty() || self.allowed.contains_key(OTHERS),
        }
    }
}

fn grow(lists: &mut Listed, others: &Listed) {
    for (name, values) in others {
        match lists.get_mut(name) {
            Some(known) if known.is_empty() || values.is_empty() => known.clear(),
            Some(known) => known.extend_from_slice(values),
            None => {
                lists.insert(name.clone(), values.clone());
            }
        }
    }
}

fn folded(name: &str) -> Cow<'_, str> {
    if name.chars().any(char::is_uppercase) {
        Cow::Owned(name.to_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

fn is_in(value: &Value, values: &[Value]) -> bool {
    values.is_empty() || values.iter().any(|listed| is_same(listed, value))
}

/// A listed text may begin or end in a star; anything else must be equal, of the same type, numbers by their amount.
fn is_same(listed: &Value, value: &Value) -> bool {
    match (listed, value) {
        (Value::String(glob), Value::String(text)) => matches_glob(glob, text),
        _ => equals(listed, value),
    }
}

fn equals(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => is_same_amount(one, other),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equals(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(key, one)| other.get(key).is_some_and(|other| equals(one, other)))
        }
        _ => one == other,
    }
}

fn is_same_amount(one: &Number, other: &Number) -> bool {
    match (one.as_i128(), other.as_i128()) {
        (Some(one), Some(other)) => one == other,
        _ => one == other || (one.as_f64().is_some() && one.as_f64() == other.as_f64()),
    }
}

/// A lone star is a letter, as in Vault: an empty list allows any value.
fn matches_glob(glob: &str, text: &str) -> bool {
    if glob.len() < 2 {
        return glob == text;
    }
    match (glob.strip_prefix('*'), glob.strip_suffix('*')) {
        (Some(end), Some(_)) => text.contains(end.strip_suffix('*').unwrap_or(end)),
        (Some(end), None) => text.ends_with(end),
        (None, Some(beginning)) => text.starts_with(beginning),
        (None, None) => glob == text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn listed(value: &Value) -> Listed {
        let lists = value.as_object().unwrap().iter();
        lists
            .map(|(name, values)| (name.clone(), values.as_array().unwrap().clone()))
            .collect()
    }

    fn check_allowed(allowed: &Value, data: &Value, expected: bool) {
        let parameters = Parameters {
            allowed: listed(allowed),
            ..Parameters::default()
        };
        assert_eq!(
            parameters.judge(&Fields::of(data.clone())).is_ok(),
            expected,
            "{allowed}: {data}"
        );
    }

    #[test]
    fn numbers_are_compared_by_their_amount() {
        for (value, expected) in [
            (json!(1), true),
            (json!(1.0), true),
            (json!(2), false),
            (json!("1"), false),
        ] {
            check_allowed(&json!({"x": [1]}), &json!({"x": value}), expected);
        }
        check_allowed(&json!({"x": [[1, 2]]}), &json!({"x": [1, 2.0]}), true);
        let large = 9_007_199_254_740_993_u64;
        check_allowed(&json!({"x": [large]}), &json!({"x": large - 1}), false);
        check_allowed(&json!({"x": [0.5]}), &json!({"x": 0.5}), true);
    }

    #[test]
    fn a_star_in_a_list_inside_a_list_is_a_letter() {
        check_allowed(&json!({"x": [["a*"]]}), &json!({"x": ["ab"]}), false);
        check_allowed(&json!({"x": [["a*"]]}), &json!({"x": ["a*"]}), true);
    }

    #[test]
    fn a_parameter_named_star_is_one_of_the_others() {
        check_allowed(&json!({"*": ["1"]}), &json!({"*": "2"}), true);
        check_allowed(&json!({"x": []}), &json!({"*": "2"}), false);
    }

    #[test]
    fn a_reason_names_the_parameter_and_not_its_value() {
        let parameters = Parameters {
            denied: listed(&json!({"password": []})),
            required: vec!["name".to_owned()],
            ..Parameters::default()
        };
        let reason = |data: Value| parameters.judge(&Fields::of(data)).unwrap_err();
        assert_eq!(
            reason(json!({"password": "x"})),
            Reason::ParameterMissing("name".to_owned())
        );
        let refused = reason(json!({"name": "n", "Password": "hidden"}));
        assert_eq!(refused, Reason::ParameterRefused("Password".to_owned()));
    }
}
