//! How the parameters of a request become a handler's input type.

use super::manifest::Parameter;
use crate::{Call, Error, Result};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads the members of a request and what its path caught into a type. What the path caught wins.
///
/// Gives the warnings besides that Vault gives for members that are not known or that the path overrules. A member that
/// is null is absent, unless its type takes null for an answer. The error names the member and never shows its value,
/// which may be a secret.
pub(super) fn read<I: DeserializeOwned>(call: Call, known: &[Parameter]) -> Result<(I, Vec<String>)> {
    let Call { captures, data, .. } = call;
    let mut members = data.take();
    let takes_null = |name: &String| known.iter().any(|p| p.takes_null && p.name == *name);
    members.retain(|name, value| !value.is_null() || takes_null(name));
    let mut overruled = Vec::new();
    for (name, value) in captures.iter() {
        if let Some(Value::String(_) | Value::Number(_)) = members.insert(name.to_owned(), Value::from(value))
        {
            overruled.push(name);
        }
    }
    let captured = |name: &str| captures.iter().any(|(captured, _)| captured == name);
    let unknown: Vec<&str> = members
        .keys()
        .map(String::as_str)
        .filter(|name| !known.iter().any(|p| p.name == **name) && !captured(name))
        .collect();
    let mut warnings = Vec::new();
    if !unknown.is_empty() {
        warnings.push(format!(
            "Endpoint ignored these unrecognized parameters: [{}]",
            unknown.join(" ")
        ));
    }
    if !overruled.is_empty() {
        let names = overruled.join(" ");
        warnings.push(format!(
            "Endpoint replaced the value of these parameters with the values captured from the endpoint's path: [{names}]"
        ));
    }
    let input = serde_path_to_error::deserialize(Value::Object(members)).map_err(|error| refusal(&error))?;
    Ok((input, warnings))
}

fn refusal(error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    let text = error.inner().to_string();
    let flattened = text.split_once(": ").filter(|_| error.path().iter().len() == 0);
    // A `Part` says the member itself, because what is flattened has no path.
    let path = flattened.map_or_else(|| error.path().to_string(), |(name, _)| name.to_owned());
    // Our own types say what they expect and nothing else; serde's texts may show the value.
    if let Some(name) = text.strip_prefix("missing field ") {
        return Error::invalid(format!("missing parameter {}", name.replace('`', "\"")));
    }
    let expected = text
        .split("expected ")
        .nth(1)
        .unwrap_or("a value of another type");
    Error::invalid(format!(
        "Field validation failed: error converting input for field {path:?}: expected {expected}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::{Given, Integer, Part, Text, TokenInput};
    use crate::{Captures, Fields, Operation};
    use serde::Deserialize;
    use serde_json::json;

    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Input {
        name: Text,
        limit: Option<Integer>,
        cleared: Given<Integer>,
        #[serde(flatten)]
        token: Part<TokenInput>,
    }

    fn check(data: Value) -> Result<(Input, Vec<String>)> {
        let mut captures = Captures::default();
        captures.push("name", "n".to_owned());
        let call = Call {
            route: 0,
            operation: Operation::Read,
            path: String::new(),
            captures,
            data: Fields::of(data),
        };
        let known = |name: &str, takes_null| Parameter {
            name: name.to_owned(),
            takes_null,
        };
        let known = [
            known("name", false),
            known("limit", false),
            known("cleared", true),
        ];
        read(call, &known)
    }

    #[test]
    fn the_path_wins_and_says_so() {
        let (input, warnings) = check(json!({ "name": "other", "z": 1, "a": 2, "limit": null })).unwrap();
        assert_eq!((input.name.as_str(), input.limit), ("n", None));
        assert_eq!(
            warnings[0],
            "Endpoint ignored these unrecognized parameters: [a z]"
        );
        assert!(warnings[1].ends_with("path: [name]"));
    }

    #[test]
    fn null_is_absent_unless_the_type_takes_it() {
        let (input, _) = check(json!({ "limit": null, "cleared": null })).unwrap();
        assert_eq!((input.limit, input.cleared), (None, Given::Null));
    }

    #[test]
    fn a_refusal_names_the_member_and_hides_its_value() {
        let error = check(json!({ "limit": "SENTINEL" })).err().unwrap();
        assert!(error.public().contains("\"limit\""));
        assert!(!error.to_string().contains("SENTINEL"));
    }

    #[test]
    fn a_refusal_names_a_member_of_a_shared_part_too() {
        let error = check(json!({ "token_ttl": "SENTINEL" })).err().unwrap();
        assert!(
            error
                .public()
                .contains("field \"token_ttl\": expected a duration"),
            "{error}"
        );
        let (input, _) = check(json!({ "limit": 5, "token_num_uses": 7 })).unwrap();
        assert_eq!(
            (input.limit, input.token.0.token_num_uses),
            (Some(Integer(5)), Some(Integer(7)))
        );
    }
}
