use std::fmt::Write;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

use crate::plain::pairs;

/// Makes any object of JSON that our reader takes: with integers that fit 64 bits.
fn objects() -> impl Strategy<Value = Map<String, Json>> {
    let scalar = prop_oneof![
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(|float| json!(float)),
        text().prop_map(Json::from),
    ];
    let value = scalar.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Json::from),
            btree_map(text(), inner, 0..4).prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    });
    btree_map(text(), value, 0..4).prop_map(|members| members.into_iter().collect())
}

/// A null character is refused everywhere, and an interpolation means something in HCL only.
fn text() -> impl Strategy<Value = String> {
    any::<String>().prop_map(|text| text.replace(['\0', '$'], ""))
}

/// Writes an object in HCL; `assign` stands between a key and the object that it holds.
fn hcl(members: &Map<String, Json>, assign: &str) -> String {
    let mut text = String::new();
    for (key, value) in members {
        let assign = if value.is_object() { assign } else { "=" };
        writeln!(text, "{} {assign} {}", quoted(key), hcl_value(value, assign)).unwrap();
    }
    text
}

fn hcl_value(value: &Json, assign: &str) -> String {
    match value {
        Json::Object(members) => format!("{{\n{}}}", hcl(members, assign)),
        Json::Array(values) => {
            format!(
                "[{}]",
                values
                    .iter()
                    .map(|v| hcl_value(v, assign))
                    .collect::<Vec<_>>()
                    .join(", ")
            )
        }
        Json::String(text) => quoted(text),
        scalar => scalar.to_string(),
    }
}

/// What JSON escapes, HCL understands.
fn quoted(text: &str) -> String {
    Json::from(text).to_string()
}

/// What the parser must make of an object, told from serde_json's reading of it.
fn expected(members: &Map<String, Json>) -> Json {
    members
        .iter()
        .map(|(key, value)| json!([key, expected_value(value)]))
        .collect()
}

fn expected_value(value: &Json) -> Json {
    match value {
        Json::Number(number) if number.is_i64() => json!({ "int": number.to_string() }),
        Json::Number(number) => json!({ "float": number.as_f64() }),
        Json::Array(values) => values.iter().map(expected_value).collect(),
        Json::Object(members) => json!({ "object": expected(members) }),
        scalar => scalar.clone(),
    }
}

proptest! {
    #[test]
    fn json_is_read_as_any_other_reader_reads_it(members in objects()) {
        let text = Json::Object(members.clone()).to_string();
        prop_assert_eq!(pairs(&hcl::parse(&text).unwrap()), expected(&members));
    }

    #[test]
    fn blocks_and_assignments_and_json_are_read_alike(members in objects()) {
        let json = pairs(&hcl::parse(&Json::Object(members.clone()).to_string()).unwrap());
        prop_assert_eq!(&pairs(&hcl::parse(&hcl(&members, "=")).unwrap()), &json);
        prop_assert_eq!(&pairs(&hcl::parse(&hcl(&members, "")).unwrap()), &json);
    }
}
