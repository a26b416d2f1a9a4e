//! Headers that an operator adds to answers.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use thiserror::Error;

/// Headers that an operator adds to answers, by their status: `custom_response_headers` of a listener.
#[derive(Clone, Debug, Default)]
pub struct ResponseHeaders {
    /// From the least to the most special, so that the later one wins.
    rules: Vec<(Statuses, HeaderName, HeaderValue)>,
}

/// Why headers cannot be added.
#[derive(Debug, Error)]
pub enum BadResponseHeader {
    /// Neither `default` nor a class nor a status.
    #[error("{0:?} is no status: use default, 4xx or 404")]
    Status(String),
    /// HTTP has no such names.
    #[error("{0:?} cannot be the name of a header")]
    Name(String),
    /// HTTP has no such values.
    #[error("the value of the header {0:?} has characters that no header can hold")]
    Value(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Statuses {
    All,
    Class(u16),
    One(u16),
}

impl ResponseHeaders {
    /// Adds a header for `default`, a class such as `4xx`, or one status. Several values make one, as in Vault.
    ///
    /// # Errors
    /// What cannot be a status, a name or a value.
    pub fn add(&mut self, statuses: &str, name: &str, values: &[String]) -> Result<(), BadResponseHeader> {
        let statuses =
            Statuses::of(statuses).ok_or_else(|| BadResponseHeader::Status(statuses.to_owned()))?;
        let header = HeaderName::try_from(name).map_err(|_| BadResponseHeader::Name(name.to_owned()))?;
        let value = HeaderValue::try_from(values.join("; "));
        let value = value.map_err(|_| BadResponseHeader::Value(name.to_owned()))?;
        self.rules.push((statuses, header, value));
        self.rules.sort_by_key(|(statuses, ..)| *statuses);
        Ok(())
    }

    /// Puts them into an answer of a status.
    pub(crate) fn apply(&self, status: StatusCode, headers: &mut HeaderMap) {
        for (statuses, name, value) in &self.rules {
            if statuses.contains(status.as_u16()) {
                headers.insert(name, value.clone());
            }
        }
    }
}

impl Statuses {
    fn of(text: &str) -> Option<Self> {
        match text {
            "default" => Some(Self::All),
            "1xx" | "2xx" | "3xx" | "4xx" | "5xx" => text.get(..1)?.parse().ok().map(Self::Class),
            code => code
                .parse()
                .ok()
                .filter(|code| (100..600).contains(code))
                .map(Self::One),
        }
    }

    fn contains(self, status: u16) -> bool {
        match self {
            Self::All => true,
            Self::Class(class) => status / 100 == class,
            Self::One(one) => status == one,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_special_rule_wins() {
        let mut headers = ResponseHeaders::default();
        let values = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        headers.add("403", "X-Failed", &values(&["forbidden"])).unwrap();
        headers.add("4xx", "X-Failed", &values(&["yes"])).unwrap();
        headers.add("default", "X-Two", &values(&["1", "2"])).unwrap();
        for (status, failed) in [(200, None), (404, Some("yes")), (403, Some("forbidden"))] {
            let mut map = HeaderMap::new();
            headers.apply(StatusCode::from_u16(status).unwrap(), &mut map);
            assert_eq!(map.get("x-failed").map(|value| value.to_str().unwrap()), failed);
            assert_eq!(map["x-two"], "1; 2");
        }
    }

    #[test]
    fn what_no_header_can_hold_is_refused() {
        let mut headers = ResponseHeaders::default();
        for (statuses, name, value) in [
            ("6xx", "a", "b"),
            ("99", "a", "b"),
            ("200", "a b", "b"),
            ("200", "a", "b\n"),
        ] {
            assert!(
                headers.add(statuses, name, &[value.to_owned()]).is_err(),
                "{statuses} {name}"
            );
        }
    }
}
