//! Where a redirect leads. It is followed once, with the token, and never from HTTPS to HTTP.

use url::Url;

use crate::{Answer, Error};

/// What becomes of an answer that points elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redirects {
    /// It is followed once.
    FollowOne,
    /// It is the answer.
    Keep,
}

/// The URL that an answer to `url` redirects to; `None` if it does not.
pub(crate) fn target(url: &str, answer: &Answer) -> Result<Option<String>, Error> {
    let (301 | 302 | 307, Some(location)) = (answer.status, answer.location.as_deref()) else {
        return Ok(None);
    };
    let invalid = |error: url::ParseError| Error::Address {
        text: location.to_owned(),
        reason: error.to_string(),
    };
    let base = Url::parse(url).map_err(invalid)?;
    let target = base.join(location).map_err(invalid)?;
    if base.scheme() == "https" && target.scheme() != "https" {
        return Err(Error::Downgrade);
    }
    Ok(Some(target.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(status: u16, location: &str, expected: Option<&str>) {
        let answer = Answer::new(status, Some(location.to_owned()), String::new());
        let found = target("http://a:1/v1/x", &answer).expect("no downgrade");
        assert_eq!(found.as_deref(), expected);
    }

    #[test]
    fn another_node_or_a_path_on_the_same_one() {
        check(307, "http://b:1/v1/x", Some("http://b:1/v1/x"));
        check(301, "/v1/y", Some("http://a:1/v1/y"));
    }

    #[test]
    fn other_answers_with_a_location_are_no_redirects() {
        check(201, "/v1/y", None);
        check(304, "/v1/y", None);
    }

    #[test]
    fn https_never_becomes_http() {
        let answer = Answer::new(307, Some("http://b/v1/x".to_owned()), String::new());
        assert!(matches!(target("https://a/v1/x", &answer), Err(Error::Downgrade)));
    }
}
