//! Bodies that are JSON.

mod complaint;
mod repair;

use logical::Fields;
use serde::Deserialize;
use serde_json::{Deserializer, Number, Value};
use std::borrow::Cow;
use zeroize::Zeroize;

use crate::refusal::Refusal;
use crate::spelling::without_sign;

/// Deepest nesting that is taken. Whoever handles a value behind the door may recurse.
const DEPTH_MAX: usize = 300;

/// Most values in one body, so that a body cannot become a hundred times its size in memory.
const VALUES_MAX: usize = 250_000;

/// What Vault's texts call the thing that a body should be.
#[derive(Clone, Copy)]
pub(crate) enum Wanted {
    /// Members of any name.
    Members,
    /// What `sys/init` takes.
    Init,
    /// What `sys/unseal` takes.
    Unseal,
}

/// Reads a body into members. No body and `null` have none; of members of one name the last counts. Bytes that are no
/// text become replacement characters, as in Vault.
///
/// # Errors
/// 400, with Vault's text.
pub(crate) fn members(body: &[u8], wanted: Wanted) -> Result<Fields, Refusal> {
    if body.trim_ascii().is_empty() {
        return Ok(Fields::new());
    }
    within_limits(body)?;
    let mut text = repair::repaired(body);
    let value = parse(&text);
    if let Cow::Owned(text) = &mut text {
        text.zeroize();
    }
    let kind = match value {
        Ok(Value::Object(map)) => return usable(Fields::from(map)),
        Ok(Value::Null) => return Ok(Fields::new()),
        Ok(Value::Array(_)) => "array",
        Ok(Value::String(_)) => "string",
        Ok(Value::Number(_)) => "number",
        Ok(Value::Bool(_)) => "bool",
        Err(_) => return Err(broken(&complaint::about(body))),
    };
    Err(cannot_unmarshal(kind, wanted.as_str()))
}

impl Wanted {
    fn as_str(self) -> &'static str {
        match self {
            Self::Members => "map[string]interface {}",
            Self::Init => "http.InitRequest",
            Self::Unseal => "http.UnsealRequest",
        }
    }
}

fn parse(text: &str) -> serde_json::Result<Value> {
    let mut deserializer = Deserializer::from_str(text);
    deserializer.disable_recursion_limit(); // `within_limits` has looked already
    let value = Value::deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// Looks at brackets and commas alone, before anything is built from them.
fn within_limits(body: &[u8]) -> Result<(), Refusal> {
    let (mut depth, mut values, mut in_string, mut escaped) = (0_usize, 0_usize, false, false);
    for byte in body {
        match (in_string, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_string = !in_string,
            (false, b'[' | b'{') => {
                depth += 1;
                values += 1;
            }
            (false, b']' | b'}') => depth = depth.saturating_sub(1),
            (false, b',') => values += 1,
            _ => {}
        }
        if depth > DEPTH_MAX {
            return Err(broken("exceeded max depth"));
        }
        if values > VALUES_MAX {
            let text = "refused JSON input due to high complexity: exceeded maximum number of values";
            return Err(Refusal::invalid(text));
        }
    }
    Ok(())
}

/// Refuses members with a number that no float can hold: clients read numbers as floats.
fn usable(members: Fields) -> Result<Fields, Refusal> {
    match members.expose().values().find_map(too_large) {
        None => Ok(members),
        Some(number) => {
            let number = number.to_string();
            let number = format!("number {}", without_sign(&number));
            Err(cannot_unmarshal(&number, "float64"))
        }
    }
}

/// A number that no float can hold, if there is one.
fn too_large(value: &Value) -> Option<&Number> {
    match value {
        Value::Number(number) if number.as_f64().is_none() => Some(number),
        Value::Array(items) => items.iter().find_map(too_large),
        Value::Object(map) => map.values().find_map(too_large),
        _ => None,
    }
}

fn broken(complaint: &str) -> Refusal {
    Refusal::invalid(format!("failed to decode JSON input: {complaint}"))
}

fn cannot_unmarshal(what: &str, wanted: &str) -> Refusal {
    broken(&format!(
        "json: cannot unmarshal {what} into Go value of type {wanted}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(body: &[u8], expected: &Value) {
        let found = members(body, Wanted::Members).unwrap();
        let shown = String::from_utf8_lossy(body);
        assert!(found == Fields::of(expected.clone()), "{shown}");
    }

    fn check_refused(body: &[u8], text: &str) {
        let refusal = members(body, Wanted::Members).map(drop).unwrap_err();
        let shown = String::from_utf8_lossy(body.get(..40).unwrap_or(body)).into_owned();
        assert_eq!(refusal, Refusal::invalid(text), "{shown}");
    }

    #[test]
    fn bodies_that_are_fine() {
        check(b"", &json!({}));
        check(b"  \n", &json!({}));
        check(b"null", &json!({}));
        check(b" \r\n\t{ \"a\" : [ 1 , 2 ] }\n\n", &json!({"a": [1, 2]}));
        check(
            br#"{"\u0061":"\u00fc\ud83d\ude00\/\b\f"}"#,
            &json!({"a": "ü😀/\u{8}\u{c}"}),
        );
        check(br#"{"":{}}"#, &json!({"": {}}));
        check(br#"{"a":1,"a":2}"#, &json!({"a": 2}));
        check(b"{\"a\":\"\\u0000\x7f\"}", &json!({"a": "\0\x7f"}));
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced() {
        for (body, value) in [
            (&b"{\"x\":\"\xff\xfe\"}"[..], "\u{fffd}\u{fffd}"),
            (b"{\"x\":\"a\xc3\"}", "a\u{fffd}"),
            (b"{\"x\":\"\xed\xa0\x80\"}", "\u{fffd}\u{fffd}\u{fffd}"),
            (br#"{"x":"\ud800"}"#, "\u{fffd}"),
            (br#"{"x":"\udc00\ud800"}"#, "\u{fffd}\u{fffd}"),
            (br#"{"x":"\ud83dx\\ud83d"}"#, "\u{fffd}x\\ud83d"),
            (br#"{"x":"\uD83D\u0041"}"#, "\u{fffd}A"),
            (br#"{"x":"\ud83d\ude00"}"#, "😀"),
        ] {
            check(body, &json!({"x": value}));
        }
        check(b"{\"\xff\":\"name\"}", &json!({"\u{fffd}": "name"}));
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for (body, kind) in [
            ("[]", "array"),
            ("\"\"", "string"),
            ("1.5", "number"),
            ("true", "bool"),
        ] {
            let text = format!(
                "failed to decode JSON input: json: cannot unmarshal {kind} into Go value of type map[string]interface {{}}"
            );
            check_refused(body.as_bytes(), &text);
        }
    }

    #[test]
    fn a_number_that_no_float_holds_is_refused() {
        for body in [r#"{"a":1e400}"#, r#"{"a":[{"b":1e400}]}"#] {
            check_refused(
                body.as_bytes(),
                "failed to decode JSON input: json: cannot unmarshal number 1e400 into Go value of type float64",
            );
        }
        check(
            br#"{"a":1e-400}"#,
            &serde_json::from_str(r#"{"a":1e-400}"#).unwrap(),
        );
    }

    #[test]
    fn nesting_is_limited() {
        let nested = |depth| format!("{{\"v\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        assert!(members(nested(250).as_bytes(), Wanted::Members).is_ok());
        for depth in [300, 100_000] {
            check_refused(
                nested(depth).as_bytes(),
                "failed to decode JSON input: exceeded max depth",
            );
        }
        let in_text = format!("{{\"v\":\"{}\"}}", "[".repeat(1000));
        assert!(members(in_text.as_bytes(), Wanted::Members).is_ok());
    }

    #[test]
    fn the_number_of_values_is_limited() {
        let body = format!("{{\"v\":[{}1]}}", "1,".repeat(VALUES_MAX));
        check_refused(
            body.as_bytes(),
            "refused JSON input due to high complexity: exceeded maximum number of values",
        );
    }
}
