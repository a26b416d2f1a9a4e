use hcl::{Kind, Object, Value};
use serde_json::{Value as Json, json};

/// Writes an object down as pairs, as the recordings have it: `[["key", value], …]`.
pub(crate) fn pairs(object: &Object) -> Json {
    object
        .items()
        .iter()
        .map(|item| json!([item.key.text, value(&item.value)]))
        .collect()
}

fn value(value: &Value) -> Json {
    match &value.kind {
        Kind::Null => Json::Null,
        Kind::Bool(bool) => json!(bool),
        Kind::Number(number) if number.is_int() => {
            json!({ "int": number.as_int().map(|int| int.to_string()) })
        }
        Kind::Number(number) => json!({ "float": number.as_float() }),
        Kind::String(text) => json!(text),
        Kind::List(values) => values.iter().map(self::value).collect(),
        Kind::Object(object) => json!({ "object": pairs(object) }),
    }
}
