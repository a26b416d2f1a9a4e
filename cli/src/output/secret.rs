//! The rows that an answer has in a table.

use client::{Auth, Secret, WrapInfo};
use serde_json::{Map, Value};

use crate::golang::{self, compact, quoted_list};

type Rows = Vec<(String, String)>;

/// The rows of an answer: those of its wrapping, or of its lease, its login and its data.
pub(crate) fn secret_rows(secret: &Secret) -> Rows {
    if let Some(wrapping) = &secret.wrap_info {
        return wrapping_rows(wrapping);
    }
    let mut rows = lease_rows(secret);
    if let Some(auth) = &secret.auth {
        rows.extend(login_rows(auth));
    }
    if let Some(data) = &secret.data {
        rows.extend(data_rows(data));
    }
    rows
}

/// The rows of data, sorted. What is called a duration is shown as one.
pub(crate) fn data_rows(data: &Map<String, Value>) -> Rows {
    let mut rows: Rows = data
        .iter()
        .map(|(name, value)| (name.clone(), shown(name, value)))
        .collect();
    rows.sort();
    rows
}

fn shown(name: &str, value: &Value) -> String {
    match value.as_i64() {
        Some(seconds) if is_duration(name) => compact(seconds),
        _ => golang::plain(value),
    }
}

fn is_duration(name: &str) -> bool {
    ["ttl", "period", "duration", "lease_max", "ttl_max"].contains(&name)
        || ["_ttl", "_period", "_duration"]
            .iter()
            .any(|end| name.ends_with(end))
}

fn lease_rows(secret: &Secret) -> Rows {
    let duration = compact(secret.lease_duration);
    if secret.lease_duration <= 0 {
        return Vec::new();
    }
    if secret.lease_id.is_empty() {
        // Nothing ends after this time; it is when to look again.
        return vec![row("refresh_interval", duration)];
    }
    vec![
        row("lease_id", secret.lease_id.clone()),
        row("lease_duration", duration),
        row("lease_renewable", secret.renewable.to_string()),
    ]
}

fn login_rows(auth: &Auth) -> Rows {
    let list = |policies: &Option<Vec<String>>| quoted_list(policies.as_deref().unwrap_or_default());
    let duration = if auth.lease_duration == 0 {
        "∞".to_owned()
    } else {
        compact(auth.lease_duration)
    };
    let mut rows = vec![
        row("token", auth.client_token.clone()),
        row("token_accessor", auth.accessor.clone()),
        row("token_duration", duration),
        row("token_renewable", auth.renewable.to_string()),
        row("token_policies", list(&auth.token_policies)),
        row("identity_policies", list(&auth.identity_policies)),
        row("policies", list(&auth.policies)),
    ];
    let metadata = auth.metadata.iter().flatten();
    let mut metadata: Rows = metadata
        .map(|(name, value)| (format!("token_meta_{name}"), golang::plain(value)))
        .collect();
    metadata.sort();
    rows.extend(metadata);
    rows
}

fn wrapping_rows(wrapping: &WrapInfo) -> Rows {
    let mut rows = vec![
        row("wrapping_token:", wrapping.token.clone()),
        row("wrapping_accessor:", wrapping.accessor.clone()),
        row("wrapping_token_ttl:", compact(wrapping.ttl)),
        row("wrapping_token_creation_time:", go_time(&wrapping.creation_time)),
        row("wrapping_token_creation_path:", wrapping.creation_path.clone()),
    ];
    if !wrapping.wrapped_accessor.is_empty() {
        rows.push(row("wrapped_accessor:", wrapping.wrapped_accessor.clone()));
    }
    rows
}

fn row(name: &str, value: String) -> (String, String) {
    (name.to_owned(), value)
}

/// A time as Go prints one: `2024-01-31 12:00:00.123 +0000 UTC`.
fn go_time(time: &str) -> String {
    match time.strip_suffix('Z').and_then(|time| time.split_once('T')) {
        Some((date, time)) => format!("{date} {time} +0000 UTC"),
        None => time.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: &[(&str, &str)]) {
        let secret: Secret = serde_json::from_str(body).expect("an envelope");
        let rows = secret_rows(&secret);
        let rows: Vec<(&str, &str)> = rows
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(rows, expected);
    }

    #[test]
    fn durations_are_shown_as_such_by_name() {
        let body = r#"{"lease_duration": 5400, "data": {"ttl": "90m", "max_ttl": 5400, "period": 86400, "other": 3600}}"#;
        let expected = [
            ("refresh_interval", "1h30m"),
            ("max_ttl", "1h30m"),
            ("other", "3600"),
            ("period", "24h"),
            ("ttl", "90m"),
        ];
        check(body, &expected);
    }

    #[test]
    fn a_lease_has_three_rows() {
        check(
            r#"{"lease_id": "database/creds/a/b", "lease_duration": 3600, "renewable": true, "data": {"u": "x"}}"#,
            &[
                ("lease_id", "database/creds/a/b"),
                ("lease_duration", "1h"),
                ("lease_renewable", "true"),
                ("u", "x"),
            ],
        );
    }

    #[test]
    fn a_login_that_never_ends_says_so() {
        let auth = Auth {
            policies: Some(vec!["root".to_owned()]),
            ..Auth::default()
        };
        let rows = login_rows(&auth);
        assert_eq!(rows.get(2), Some(&row("token_duration", "∞".to_owned())));
        assert_eq!(rows.last(), Some(&row("policies", "[\"root\"]".to_owned())));
    }

    #[test]
    fn times_are_printed_as_by_go() {
        assert_eq!(
            go_time("2024-01-31T12:00:00.5Z"),
            "2024-01-31 12:00:00.5 +0000 UTC"
        );
    }
}
