//! Which web pages of others may ask.

use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method};

use crate::refusal::Refusal;

const METHODS: [&str; 8] = ["DELETE", "GET", "OPTIONS", "POST", "PUT", "LIST", "SCAN", "PATCH"];

/// Which web pages of others may ask: what `sys/config/cors` holds while it is enabled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CrossOrigin {
    /// Their origins, letter by letter; `*` is all of them.
    pub origins: Vec<String>,
    /// Headers that they may send.
    pub headers: Vec<String>,
    /// Whether their browsers may send along what they know of the user.
    pub allow_credentials: bool,
}

/// What a page's question is answered before anything else is looked at.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Preflight {
    /// It may send this method.
    Allowed,
    /// It may not.
    Refused,
}

impl CrossOrigin {
    /// Looks at where a request comes from. `None` is a request to be answered like any other.
    ///
    /// # Errors
    /// 403 for a page that may not ask.
    pub(crate) fn judge(&self, method: &Method, headers: &HeaderMap) -> Result<Option<Preflight>, Refusal> {
        let Some(origin) = headers.get(ORIGIN) else {
            return Ok(None);
        };
        if !self.allows(origin) {
            return Err(Refusal::new(403, "origin not allowed"));
        }
        if *method != Method::OPTIONS {
            return Ok(None);
        }
        let wanted = headers.get(ACCESS_CONTROL_REQUEST_METHOD);
        let known =
            wanted.is_some_and(|wanted| METHODS.iter().any(|known| known.as_bytes() == wanted.as_bytes()));
        Ok(Some(if known {
            Preflight::Allowed
        } else {
            Preflight::Refused
        }))
    }

    /// Tells the browser that the page may read the answer.
    pub(crate) fn admit(&self, asked: &HeaderMap, answer: &mut HeaderMap) {
        let Some(origin) = asked.get(ORIGIN).filter(|origin| self.allows(origin)) else {
            return;
        };
        answer.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        answer.append(VARY, HeaderValue::from_static("Origin"));
        if self.allow_credentials {
            answer.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
    }

    /// Tells the browser what the page may send.
    pub(crate) fn describe(&self, answer: &mut HeaderMap) {
        let lists = [
            (ACCESS_CONTROL_ALLOW_METHODS, METHODS.join(",")),
            (ACCESS_CONTROL_ALLOW_HEADERS, self.headers.join(",")),
            (ACCESS_CONTROL_MAX_AGE, "300".to_owned()),
        ];
        for (name, value) in lists {
            if let Ok(value) = HeaderValue::try_from(value) {
                answer.insert(name, value);
            }
        }
    }

    fn allows(&self, origin: &HeaderValue) -> bool {
        let is = |allowed: &String| allowed == "*" || allowed.as_bytes() == origin.as_bytes();
        self.origins.iter().any(is)
    }
}
