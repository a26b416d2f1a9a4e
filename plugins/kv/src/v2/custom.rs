//! What people note about a secret: at most 64 texts by name.

use super::members::Members;
use logical::field::{Given, Text};
use logical::{Error, Result, is_printable};
use serde_json::Value;
use std::collections::BTreeMap;

/// Vault's limits; lengths are in bytes.
const ENTRIES_MAX: usize = 64;
const NAME_BYTES_MAX: usize = 128;
const VALUE_BYTES_MAX: usize = 512;

/// The notes, by name.
pub(super) type Custom = BTreeMap<String, String>;

/// What a write makes of the notes: all of them are replaced. `None` if it does not name them.
pub(super) fn replaced(given: Given<Members>) -> Result<Option<Custom>> {
    let entries = given.or_cleared(Members::default());
    entries
        .map(|entries| checked(merged(Custom::new(), entries, Nulls::Keep)?))
        .transpose()
}

/// What a patch makes of the notes: those that it names are set, or removed by null. `None` if it names none at all.
pub(super) fn patched(set: &Custom, given: Given<Members>) -> Result<Option<Custom>> {
    match given {
        Given::Absent => Ok(None),
        Given::Null => Ok(Some(Custom::new())),
        Given::Value(entries) => checked(merged(set.clone(), entries, Nulls::Remove)?).map(Some),
    }
}

/// What a null among the entries says.
#[derive(Clone, Copy, PartialEq)]
enum Nulls {
    /// It is an empty text, which is refused.
    Keep,
    /// It removes the entry.
    Remove,
}

fn merged(mut set: Custom, entries: Members, nulls: Nulls) -> Result<Custom> {
    for (name, value) in entries.0.take() {
        match value {
            Value::Null if nulls == Nulls::Remove => drop(set.remove(&name)),
            Value::Null => drop(set.insert(name, String::new())),
            value => {
                let text: Result<Text, _> = serde_json::from_value(value);
                let text = text.map_err(|_| failed(&format!("value for key {name:?} is not a string")))?;
                set.insert(name, text.into_string());
            }
        }
    }
    Ok(set)
}

fn checked(custom: Custom) -> Result<Custom> {
    if custom.len() > ENTRIES_MAX {
        let entries = custom.len();
        let text = format!("payload must contain at most {ENTRIES_MAX} keys, provided {entries}");
        return Err(failed(&text));
    }
    for (name, value) in &custom {
        let (name_bytes, value_bytes) = (name.len(), value.len());
        if !(1..=NAME_BYTES_MAX).contains(&name_bytes) {
            let limit = format!("must be 0 < len(key) <= {NAME_BYTES_MAX}");
            return Err(failed(&format!(
                "length of key {name:?} is {name_bytes} but {limit}"
            )));
        }
        if !(1..=VALUE_BYTES_MAX).contains(&value_bytes) {
            let limit = format!("must be 0 < len(value) <= {VALUE_BYTES_MAX}");
            let text = format!("length of value for key {name:?} is {value_bytes} but {limit}");
            return Err(failed(&text));
        }
        if !name.chars().all(is_printable) {
            return Err(failed(&format!("key {name:?} contains unprintable characters")));
        }
        if !value.chars().all(is_printable) {
            return Err(failed(&format!(
                "value for key {name:?} contains unprintable characters"
            )));
        }
    }
    Ok(custom)
}

fn failed(text: &str) -> Error {
    Error::invalid(format!("custom_metadata validation failed: {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn given(value: Value) -> Given<Members> {
        serde_json::from_value(value).unwrap()
    }

    fn check(value: Value, expected: Result<Value, &str>) {
        let custom = replaced(given(value)).map(|custom| json!(custom.unwrap()));
        match (custom, expected) {
            (Ok(custom), Ok(expected)) => assert_eq!(custom, expected),
            (Err(error), Err(text)) => assert!(error.public().contains(text), "{error} is not {text}"),
            (custom, expected) => panic!("{:?} is not {expected:?}", custom.map_err(|e| e.to_string())),
        }
    }

    #[test]
    fn values_are_texts_or_their_spelling() {
        let spelled = json!({ "f": "1.5", "n": "1", "no": "0", "yes": "1" });
        check(json!({ "n": 1, "f": 1.5, "yes": true, "no": false }), Ok(spelled));
        check(json!({ "ü": "!§$%&/()=?" }), Ok(json!({ "ü": "!§$%&/()=?" })));
        check(json!({ "a": [1] }), Err("value for key \"a\" is not a string"));
    }

    #[test]
    fn the_limits_are_vaults() {
        let name = |bytes| json!({ "k".repeat(bytes): "v" });
        let value = |bytes| json!({ "k": "v".repeat(bytes) });
        let entries = |count| Value::Object((0..count).map(|n| (format!("k{n}"), "x".into())).collect());
        for taken in [name(128), value(512), entries(64), json!({})] {
            check(taken.clone(), Ok(taken));
        }
        check(name(129), Err("is 129 but must be 0 < len(key) <= 128"));
        check(value(513), Err("is 513 but must be 0 < len(value) <= 512"));
        check(entries(65), Err("at most 64 keys, provided 65"));
        check(json!({ "": "x" }), Err("length of key \"\" is 0"));
        check(json!({ "a": "" }), Err("length of value for key \"a\" is 0"));
        check(json!({ "a": null }), Err("length of value for key \"a\" is 0"));
        check(
            json!({ "a\n": "b" }),
            Err("key \"a\\n\" contains unprintable characters"),
        );
        check(
            json!({ "a": "zero\u{200b}width" }),
            Err("value for key \"a\" contains unprintable"),
        );
    }

    #[test]
    fn a_patch_removes_by_null_and_keeps_the_limits() {
        let set = Custom::from([("a".to_owned(), "1".to_owned()), ("b".to_owned(), "2".to_owned())]);
        let patch = |value| patched(&set, given(value)).map(|custom| json!(custom));
        assert_eq!(
            patch(json!({ "b": null, "c": "3" })).unwrap(),
            json!({ "a": "1", "c": "3" })
        );
        assert_eq!(patch(json!({})).unwrap(), json!({ "a": "1", "b": "2" }));
        assert_eq!(patch(json!(null)).unwrap(), json!({}));
        assert!(patched(&set, Given::Absent).unwrap().is_none());
        let more = Value::Object((0..63).map(|n| (format!("k{n}"), "x".into())).collect());
        assert!(patch(more).is_err(), "65 in all");
    }
}
