//! One field of an answer.

use client::{Auth, Secret, WrapInfo};
use serde_json::{Value, json};

use super::{Format, json, yaml};
use crate::golang;

/// The field of that name: of the login or the wrapping, if the answer is one, else of the data.
pub(crate) fn field(secret: &Secret, name: &str) -> Option<Value> {
    let special = match (&secret.auth, &secret.wrap_info) {
        (Some(auth), _) => of_login(auth, name),
        (None, Some(wrapping)) => of_wrapping(wrapping, name),
        (None, None) => of_envelope(secret, name),
    };
    special
        .or_else(|| secret.datum(name).cloned())
        .filter(|value| !value.is_null())
}

/// A field as it is printed, without a line's end.
pub(crate) fn printed(value: &Value, format: Format) -> String {
    match format {
        Format::Json => json(value),
        Format::Yaml => yaml(value),
        _ => golang::plain(value),
    }
}

fn of_login(auth: &Auth, name: &str) -> Option<Value> {
    Some(match name {
        "token" => json!(auth.client_token),
        "token_accessor" => json!(auth.accessor),
        "token_duration" => json!(auth.lease_duration),
        "token_renewable" => json!(auth.renewable),
        "token_policies" => json!(auth.token_policies),
        "identity_policies" => json!(auth.identity_policies),
        "policies" => json!(auth.policies),
        _ => return None,
    })
}

fn of_wrapping(wrapping: &WrapInfo, name: &str) -> Option<Value> {
    Some(match name {
        "wrapping_token" => json!(wrapping.token),
        "wrapping_accessor" => json!(wrapping.accessor),
        "wrapping_token_ttl" => json!(wrapping.ttl),
        "wrapping_token_creation_time" => json!(wrapping.creation_time),
        "wrapping_token_creation_path" => json!(wrapping.creation_path),
        "wrapped_accessor" => json!(wrapping.wrapped_accessor),
        _ => return None,
    })
}

fn of_envelope(secret: &Secret, name: &str) -> Option<Value> {
    Some(match name {
        "data" => secret
            .datum("data")
            .cloned()
            .unwrap_or_else(|| json!(secret.data)),
        "lease_id" => json!(secret.lease_id),
        "lease_duration" | "refresh_interval" => json!(secret.lease_duration),
        "renewable" => json!(secret.renewable),
        "request_id" => json!(secret.request_id),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, name: &str, expected: Option<&Value>) {
        let secret: Secret = serde_json::from_str(body).expect("an envelope");
        assert_eq!(field(&secret, name).as_ref(), expected);
    }

    #[test]
    fn fields_of_data_and_of_the_envelope() {
        let body = r#"{"lease_duration": 5, "data": {"a": "b", "none": null}}"#;
        check(body, "a", Some(&json!("b")));
        check(body, "lease_duration", Some(&json!(5)));
        check(body, "data", Some(&json!({"a": "b", "none": null})));
        check(body, "none", None);
        check(body, "A", None);
    }

    #[test]
    fn data_inside_data_comes_first() {
        check(
            r#"{"data": {"data": {"a": 1}, "metadata": {}}}"#,
            "data",
            Some(&json!({"a": 1})),
        );
    }

    #[test]
    fn a_login_has_fields_of_its_own() {
        check(
            r#"{"auth": {"client_token": "t", "policies": ["p"]}}"#,
            "token",
            Some(&json!("t")),
        );
        check(r#"{"auth": {"token_type": "service"}}"#, "token_type", None);
    }
}
