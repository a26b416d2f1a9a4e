use serde_json::Value as Json;

use crate::plain::pairs;

/// Runs every case of a file: what the reader that Vault uses accepts and makes of it, so do we,
/// except where a case carries `ours` with another answer and the reason for it.
fn check(file: &str) {
    let file: Json = serde_json::from_str(file).unwrap();
    for case in file["cases"].as_array().unwrap() {
        let source = case["source"].as_str().unwrap();
        let parsed = hcl::parse(source);
        let answer = if case["ours"].is_object() {
            &case["ours"]
        } else {
            case
        };
        assert_eq!(parsed.is_ok(), answer["accepted"], "{source:?}: {parsed:?}");
        if let (Ok(object), Some(value)) = (parsed, answer.get("value")) {
            assert_eq!(
                same_floats(pairs(&object)),
                same_floats(value.clone()),
                "{source:?}"
            );
        }
    }
}

/// Writes every float in one way, for the recordings have `1000` where we have `1000.0`.
fn same_floats(value: Json) -> Json {
    match value {
        Json::Array(values) => values.into_iter().map(same_floats).collect(),
        Json::Object(members) => {
            let member = |(key, value): (String, Json)| match value.as_f64() {
                Some(float) => (key, Json::from(float)),
                None => (key, same_floats(value)),
            };
            Json::Object(members.into_iter().map(member).collect())
        }
        scalar => scalar,
    }
}

#[test]
fn the_cases_that_settled_the_choice_of_a_parser() {
    check(include_str!("../hcl1-cases.json"));
}

#[test]
fn what_the_reader_of_vault_made_of_every_corner_of_hcl() {
    check(include_str!("../recorded-hcl.json"));
}

#[test]
fn what_the_reader_of_vault_made_of_every_corner_of_json() {
    check(include_str!("../recorded-json.json"));
}

#[test]
fn a_deviation_is_one_and_has_a_reason() {
    for file in [
        include_str!("../recorded-hcl.json"),
        include_str!("../recorded-json.json"),
    ] {
        let file: Json = serde_json::from_str(file).unwrap();
        for case in file["cases"].as_array().unwrap() {
            let Some(ours) = case["ours"].as_object() else {
                continue;
            };
            assert!(!ours["why"].as_str().unwrap().is_empty());
            let same = ours["accepted"] == case["accepted"] && ours.get("value") == case.get("value");
            assert!(!same, "{} is no deviation", case["source"]);
        }
    }
}
