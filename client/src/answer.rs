//! What the server said.

use serde_json::Value;

/// An answer, with its body as text and, if it is JSON, as a value.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The `Location` header, of a redirect.
    pub location: Option<String>,
    /// The body as it came.
    pub text: String,
    /// The body as JSON.
    pub body: Option<Value>,
}

impl Answer {
    pub(crate) fn new(status: u16, location: Option<String>, text: String) -> Self {
        let body = serde_json::from_str(&text).ok();
        Self {
            status,
            location,
            text,
            body,
        }
    }

    /// Returns a member of the body's `data`, or of the body itself where there is no envelope.
    ///
    /// Vault answers some paths bare (`sys/rekey/init`) whose younger forms come in an envelope (`sys/rotate/root/init`).
    pub fn member(&self, name: &str) -> Option<&Value> {
        self.data()?.get(name)
    }

    /// Returns the body's `data`, or the body itself where there is no envelope.
    pub fn data(&self) -> Option<&Value> {
        let body = self.body.as_ref()?;
        body.get("data").filter(|data| !data.is_null()).or(Some(body))
    }

    /// Tells whether the status means success: 2xx, 3xx, and for the health of a standby node 429.
    pub(crate) fn is_success(&self, url: &str) -> bool {
        let health = url
            .split('?')
            .next()
            .is_some_and(|path| path.ends_with("/v1/sys/health"));
        (200..400).contains(&self.status) || (self.status == 429 && health)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_envelope_is_looked_into() {
        let answer = Answer::new(200, None, r#"{"data": {"n": 1}}"#.to_owned());
        assert_eq!(answer.member("n"), Some(&Value::from(1)));
    }

    #[test]
    fn a_bare_answer_is_its_own_data() {
        let answer = Answer::new(200, None, r#"{"n": 1}"#.to_owned());
        assert_eq!(answer.member("n"), Some(&Value::from(1)));
    }

    #[test]
    fn too_many_requests_is_a_success_of_health_alone() {
        let answer = Answer::new(429, None, String::new());
        assert!(answer.is_success("http://h/v1/sys/health?standbyok=true"));
        assert!(!answer.is_success("http://h/v1/sys/health/x"));
    }
}
