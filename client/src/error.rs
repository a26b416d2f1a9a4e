//! What can go wrong between a command and an answer. The texts are those of Vault's client: people search for them.

use std::fmt;

use crate::{Answer, Prepared, TlsError};

/// Why there is no answer to work with.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is no URL.
    #[error("failed to create client: parse {text:?}: {reason}")]
    Address {
        /// What was given.
        text: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The TLS settings cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The token cannot be sent in a header.
    #[error("configured Vault token contains non-printable characters and cannot be used")]
    UnsendableToken,
    /// The request did not reach the server, or its answer did not come back.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// A redirect that must not be followed.
    #[error("redirect would cause protocol downgrade")]
    Downgrade,
    /// The server refused.
    #[error(transparent)]
    Api(#[from] Box<ApiError>),
}

impl Error {
    /// Returns the status of the server's refusal.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Api(error) => Some(error.answer.status),
            _ => None,
        }
    }

    /// Returns the answer that the refusal came in: a 404 may carry a value.
    pub fn answer(&self) -> Option<&Answer> {
        match self {
            Self::Api(error) => Some(&error.answer),
            _ => None,
        }
    }
}

/// A connection that failed.
#[derive(Debug, thiserror::Error)]
#[error("{method} {url:?}: {reason}")]
pub struct TransportError {
    pub(crate) method: &'static str,
    pub(crate) url: String,
    pub(crate) reason: String,
    pub(crate) passing: bool,
}

impl TransportError {
    /// Tells whether the next attempt might get through.
    pub(crate) fn is_passing(&self) -> bool {
        self.passing
    }
}

/// The server's refusal.
pub struct ApiError {
    method: &'static str,
    url: String,
    namespace: Option<String>,
    pub(crate) answer: Answer,
}

impl ApiError {
    pub(crate) fn new(request: &Prepared, answer: Answer) -> Self {
        let namespace = request
            .headers
            .iter()
            .find(|(name, _)| name == "X-Vault-Namespace");
        Self {
            method: request.method.as_str(),
            url: request.url.clone(),
            namespace: namespace.map(|(_, value)| value.clone()),
            answer,
        }
    }

    /// The texts of `errors`; `None` if the body is not JSON.
    fn errors(&self) -> Option<Vec<&str>> {
        let body = self.answer.body.as_ref()?;
        let errors = body.get("errors").and_then(|errors| errors.as_array());
        Some(
            errors
                .into_iter()
                .flatten()
                .filter_map(|error| error.as_str())
                .collect(),
        )
    }
}

impl std::error::Error for ApiError {}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("url", &self.url)
            .field("status", &self.answer.status)
            .finish()
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Error making API request.\n\n")?;
        if let Some(namespace) = &self.namespace {
            writeln!(f, "Namespace: {namespace}")?;
        }
        writeln!(f, "URL: {} {}", self.method, self.url)?;
        match self.errors() {
            None => write!(
                f,
                "Code: {}. Raw Message:\n\n{}",
                self.answer.status, self.answer.text
            ),
            Some(errors) => {
                write!(f, "Code: {}. Errors:\n\n", self.answer.status)?;
                let lines: Vec<String> = errors.iter().map(|error| format!("* {error}")).collect();
                f.write_str(&lines.join("\n"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Method;

    fn check(status: u16, body: &str, expected: &str) {
        let request = Prepared {
            method: Method::Get,
            url: "http://h/v1/x".to_owned(),
            headers: Vec::new(),
            token: None,
            body: None,
        };
        let error = ApiError::new(&request, Answer::new(status, None, body.to_owned()));
        assert_eq!(
            error.to_string(),
            format!("Error making API request.\n\nURL: GET http://h/v1/x\n{expected}")
        );
    }

    #[test]
    fn errors_are_listed_one_to_a_line() {
        check(
            403,
            r#"{"errors": ["permission denied"]}"#,
            "Code: 403. Errors:\n\n* permission denied",
        );
        check(400, r#"{"errors": ["a", "b"]}"#, "Code: 400. Errors:\n\n* a\n* b");
    }

    #[test]
    fn a_body_without_errors_lists_none() {
        check(404, r#"{"data": null}"#, "Code: 404. Errors:\n\n");
    }

    #[test]
    fn a_body_that_is_no_json_is_shown() {
        check(502, "Bad Gateway", "Code: 502. Raw Message:\n\nBad Gateway");
    }
}
