//! The members of `sys/init` and `sys/unseal`. No table reads them, and Vault reads them strictly: text is text and
//! numbers are numbers, but names may be spelled in capitals.

use logical::{Error, Fields, Result};
use serde_json::Value;

/// A member; nothing if it is null.
pub(crate) fn member<'a>(members: &'a Fields, name: &str) -> Option<&'a Value> {
    let spelled = || {
        let mut all = members.expose().iter();
        let found = all.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value)
    };
    members
        .get(name)
        .or_else(spelled)
        .filter(|value| !value.is_null())
}

/// Text; empty if there is none.
pub(crate) fn text<'a>(members: &'a Fields, name: &str) -> Result<&'a str> {
    match member(members, name) {
        None => Ok(""),
        Some(value) => value.as_str().ok_or_else(|| wrong(name, "text")),
    }
}

/// A list of texts; empty if there is none.
pub(crate) fn texts(members: &Fields, name: &str) -> Result<Vec<String>> {
    let items = match member(members, name) {
        None => return Ok(Vec::new()),
        Some(value) => value.as_array().ok_or_else(|| wrong(name, "a list of texts"))?,
    };
    let text = |item: &Value| item.as_str().map(str::to_owned);
    let texts = items.iter().map(text).collect::<Option<_>>();
    texts.ok_or_else(|| wrong(name, "a list of texts"))
}

/// A whole number; zero if there is none.
pub(crate) fn number(members: &Fields, name: &str) -> Result<i64> {
    match member(members, name) {
        None => Ok(0),
        Some(value) => value.as_i64().ok_or_else(|| wrong(name, "a whole number")),
    }
}

/// A truth value; `false` if there is none.
pub(crate) fn flag(members: &Fields, name: &str) -> Result<bool> {
    match member(members, name) {
        None => Ok(false),
        Some(value) => value.as_bool().ok_or_else(|| wrong(name, "true or false")),
    }
}

/// The value is not shown: it may be a share.
fn wrong(name: &str, expected: &str) -> Error {
    Error::invalid(format!("failed to decode JSON input: {name} must be {expected}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn members_have_their_type_and_any_spelling() {
        let members = Fields::of(json!({ "KEY": "a", "Reset": true, "n": 3, "list": ["x"], "none": null }));
        assert_eq!(text(&members, "key").unwrap(), "a");
        assert!(flag(&members, "reset").unwrap());
        assert_eq!(number(&members, "n").unwrap(), 3);
        assert_eq!(texts(&members, "list").unwrap(), ["x"]);
        assert_eq!(text(&members, "none").unwrap(), "");
        assert_eq!(number(&members, "absent").unwrap(), 0);
    }

    #[test]
    fn another_type_is_refused_and_not_shown() {
        let members =
            Fields::of(json!({ "key": 5, "reset": "true", "n": "3", "m": 3.5, "list": [1], "text": "x" }));
        for error in [
            text(&members, "key").err(),
            flag(&members, "reset").err(),
            number(&members, "n").err(),
            number(&members, "m").err(),
            texts(&members, "list").err(),
            texts(&members, "text").err(),
        ] {
            let error = error.unwrap();
            assert!(
                error.public().starts_with("failed to decode JSON input: "),
                "{error}"
            );
        }
    }
}
