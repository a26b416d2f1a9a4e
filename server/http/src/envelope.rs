//! How an answer's body is laid out.

use logical::{AuthInfo, Body, Fields, LeaseInfo, Response, Shape, TokenType, WrapInfo};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// The members that every envelope has.
const MEMBERS: [&str; 8] = [
    "request_id",
    "lease_id",
    "renewable",
    "lease_duration",
    "data",
    "wrap_info",
    "warnings",
    "auth",
];

/// An answer with members, as it is sent. Clients rely on all eight members of the envelope being there, null or not.
pub(crate) struct Envelope<'a>(pub(crate) &'a Response);

/// A refusal, as it is sent.
#[derive(Serialize)]
pub(crate) struct Errors<'a> {
    pub(crate) errors: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) data: Option<Members<'a>>,
}

/// Members on their way out: the only place where `Fields` are written for a client.
pub(crate) struct Members<'a>(pub(crate) &'a Fields);

#[derive(Serialize)]
struct Auth<'a> {
    client_token: &'a str,
    accessor: &'a str,
    policies: &'a [String],
    #[serde(skip_serializing_if = "is_empty")]
    token_policies: &'a [String],
    #[serde(skip_serializing_if = "is_empty")]
    identity_policies: &'a [String],
    metadata: Option<&'a BTreeMap<String, String>>,
    lease_duration: u64,
    renewable: bool,
    entity_id: &'a str,
    token_type: TokenType,
    orphan: bool,
    mfa_requirement: Option<()>,
    num_uses: u64,
}

#[derive(Serialize)]
struct Wrap<'a> {
    token: &'a str,
    accessor: &'a str,
    ttl: u64,
    creation_time: logical::Time,
    creation_path: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    wrapped_accessor: &'a str,
}

impl Serialize for Envelope<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let response = self.0;
        let data = match &response.body {
            Body::Data(data) => data.as_ref(),
            Body::Empty | Body::Errors { .. } | Body::Raw { .. } => None,
        };
        let mut map = serializer.serialize_map(None)?;
        if response.shape != Shape::Envelope {
            let bare = response.shape == Shape::Bare;
            let shown = data.iter().flat_map(|data| data.expose());
            for (name, value) in shown.filter(|(name, _)| bare || !MEMBERS.contains(&name.as_str())) {
                map.serialize_entry(name, value)?;
            }
            if bare {
                return map.end();
            }
        }
        let none = LeaseInfo::default();
        let lease = response.lease.as_ref().unwrap_or(&none);
        map.serialize_entry("request_id", &response.request_id)?;
        map.serialize_entry("lease_id", &lease.id)?;
        map.serialize_entry("renewable", &lease.renewable)?;
        map.serialize_entry("lease_duration", &lease.duration.as_secs())?;
        map.serialize_entry("data", &data.map(Members))?;
        map.serialize_entry("wrap_info", &response.wrap_info.as_deref().map(Wrap::from))?;
        let warnings = Some(&response.warnings).filter(|warnings| !warnings.is_empty());
        map.serialize_entry("warnings", &warnings)?;
        map.serialize_entry("auth", &response.auth.as_deref().map(Auth::from))?;
        map.end()
    }
}

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.expose().serialize(serializer)
    }
}

impl<'a> From<&'a AuthInfo> for Auth<'a> {
    fn from(auth: &'a AuthInfo) -> Self {
        Self {
            client_token: auth.client_token.expose(),
            accessor: &auth.accessor,
            policies: &auth.policies,
            token_policies: &auth.token_policies,
            identity_policies: &auth.identity_policies,
            metadata: auth.metadata.as_ref(),
            lease_duration: auth.duration.as_secs(),
            renewable: auth.renewable,
            entity_id: &auth.entity_id,
            token_type: auth.token_type,
            orphan: auth.orphan,
            mfa_requirement: None,
            num_uses: auth.num_uses,
        }
    }
}

impl<'a> From<&'a WrapInfo> for Wrap<'a> {
    fn from(wrap: &'a WrapInfo) -> Self {
        Self {
            token: wrap.token.expose(),
            accessor: &wrap.accessor,
            ttl: wrap.ttl.as_secs(),
            creation_time: wrap.creation_time,
            creation_path: &wrap.creation_path,
            wrapped_accessor: &wrap.wrapped_accessor,
        }
    }
}

fn is_empty(names: &[String]) -> bool {
    names.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use logical::secret::SecretText;
    use serde_json::{Value, json};
    use std::time::Duration;

    fn check(response: &Response, expected: &Value) {
        assert_eq!(&serde_json::to_value(Envelope(response)).unwrap(), expected);
    }

    fn data(value: Value) -> Response {
        Response::new("id", 200, Body::Data(Some(Fields::of(value))))
    }

    #[test]
    fn an_envelope_has_all_its_members() {
        let bytes = serde_json::to_string(&Envelope(&data(json!({"x": 1})))).unwrap();
        assert_eq!(
            bytes,
            r#"{"request_id":"id","lease_id":"","renewable":false,"lease_duration":0,"data":{"x":1},"wrap_info":null,"warnings":null,"auth":null}"#
        );
    }

    #[test]
    fn a_lease_and_warnings_are_shown() {
        let lease = LeaseInfo {
            id: "a/b".into(),
            renewable: true,
            duration: Duration::from_millis(3_600_900),
        };
        let response = Response {
            lease: Some(lease),
            warnings: vec!["w".into()],
            ..Response::new("", 200, Body::Data(None))
        };
        check(
            &response,
            &json!({"request_id": "", "lease_id": "a/b", "renewable": true, "lease_duration": 3600, "data": null,
                "wrap_info": null, "warnings": ["w"], "auth": null}),
        );
    }

    #[test]
    fn a_token_is_shown_with_its_members() {
        let mut auth = AuthInfo {
            client_token: SecretText::new("t".into()),
            accessor: "a".into(),
            policies: vec!["default".into()],
            token_policies: vec!["default".into()],
            identity_policies: Vec::new(),
            metadata: None,
            display_name: "d".into(),
            duration: Duration::from_secs(60),
            renewable: true,
            entity_id: String::new(),
            token_type: TokenType::Service,
            orphan: false,
            num_uses: 3,
        };
        let mut expected = json!({"client_token": "t", "accessor": "a", "policies": ["default"],
            "token_policies": ["default"], "metadata": null, "lease_duration": 60, "renewable": true,
            "entity_id": "", "token_type": "service", "orphan": false, "mfa_requirement": null, "num_uses": 3});
        assert_eq!(serde_json::to_value(Auth::from(&auth)).unwrap(), expected);

        auth.token_policies.clear();
        auth.identity_policies = vec!["i".into()];
        expected.as_object_mut().unwrap().remove("token_policies");
        expected["identity_policies"] = json!(["i"]);
        assert_eq!(serde_json::to_value(Auth::from(&auth)).unwrap(), expected);
    }

    #[test]
    fn a_wrapped_answer_says_where_it_waits() {
        let mut wrap = WrapInfo {
            token: SecretText::new("t".into()),
            accessor: "a".into(),
            ttl: Duration::from_millis(2500),
            creation_time: "2026-11-25T09:33:57.550705069Z".parse().unwrap(),
            creation_path: "kv1/a".into(),
            wrapped_accessor: String::new(),
        };
        let mut expected = json!({"token": "t", "accessor": "a", "ttl": 2,
            "creation_time": "2026-11-25T09:33:57.550705069Z", "creation_path": "kv1/a"});
        assert_eq!(serde_json::to_value(Wrap::from(&wrap)).unwrap(), expected);
        wrap.wrapped_accessor = "w".into();
        expected["wrapped_accessor"] = json!("w");
        assert_eq!(serde_json::to_value(Wrap::from(&wrap)).unwrap(), expected);
    }

    #[test]
    fn members_are_bare_or_shown_twice() {
        let mut response = data(json!({"secret/": {"type": "kv"}, "data": 1}));
        response.shape = Shape::Bare;
        check(&response, &json!({"secret/": {"type": "kv"}, "data": 1}));

        response.shape = Shape::Doubled;
        // A member that is called as one of the envelope's is shown in `data` only.
        check(
            &response,
            &json!({"secret/": {"type": "kv"}, "request_id": "id", "lease_id": "", "renewable": false,
                "lease_duration": 0, "data": {"secret/": {"type": "kv"}, "data": 1}, "wrap_info": null,
                "warnings": null, "auth": null}),
        );
    }
}
