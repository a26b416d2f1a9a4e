//! Values as Go prints them with `%v` and `%q`.

use serde_json::Value;

/// A value with `%v`: `map[a:1 b:<nil>]`, `[a b]`, `<nil>`, and texts as they are.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(plain).collect();
            format!("[{}]", items.join(" "))
        }
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            let members: Vec<String> = members
                .iter()
                .map(|(name, value)| format!("{name}:{}", plain(value)))
                .collect();
            format!("map[{}]", members.join(" "))
        }
    }
}

/// A list of texts with `%q`: `["a" "b"]`.
pub(crate) fn quoted_list(items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|item| format!("{item:?}")).collect();
    format!("[{}]", items.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: &str) {
        assert_eq!(plain(&serde_json::from_str(json).expect("JSON")), expected);
    }

    #[test]
    fn values_are_printed_as_by_go() {
        check("null", "<nil>");
        check("12345678901234567890", "12345678901234567890");
        check("1.50", "1.50");
        check(r#"["a", {"b": 1}]"#, "[a map[b:1]]");
        check(
            r#"{"n": 5, "empty": "", "m": {"k": null}}"#,
            "map[empty: m:map[k:<nil>] n:5]",
        );
        check("[]", "[]");
        check("{}", "map[]");
    }

    #[test]
    fn lists_of_policies_are_quoted() {
        assert_eq!(
            quoted_list(&["default".to_owned(), "a\"b".to_owned()]),
            r#"["default" "a\"b"]"#
        );
        assert_eq!(quoted_list(&[]), "[]");
    }
}
