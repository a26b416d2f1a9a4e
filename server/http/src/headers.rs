//! What the headers of a request say.

use axum::http::header::{AUTHORIZATION, HeaderMap};
use logical::Headers;
use logical::secret::SecretText;
use std::borrow::Cow;
use std::collections::BTreeMap;

pub(crate) const TOKEN: &str = "x-vault-token";
pub(crate) const NAMESPACE: &str = "x-vault-namespace";
pub(crate) const WRAP_TTL: &str = "x-vault-wrap-ttl";

/// The caller's token: the first `X-Vault-Token`, or else the first `Authorization` that begins with `Bearer`.
///
/// The copy that hyper read it into is freed, not wiped; that memory is hyper's.
pub(crate) fn token(headers: &HeaderMap) -> Option<SecretText> {
    let taken = |text: &str| {
        let token = text.trim();
        (!token.is_empty()).then(|| SecretText::new(token.to_owned()))
    };
    taken(&first(headers, TOKEN)).or_else(|| {
        let mut bearers = headers.get_all(AUTHORIZATION).iter();
        // The word's case counts, as in Vault.
        bearers.find_map(|value| Some(taken(value.to_str().ok()?.strip_prefix("Bearer ")?)))?
    })
}

/// The first value of a header; empty without one.
pub(crate) fn first<'a>(headers: &'a HeaderMap, name: &str) -> Cow<'a, str> {
    headers.get(name).map_or(Cow::Borrowed(""), |value| {
        String::from_utf8_lossy(value.as_bytes())
    })
}

/// All headers but those that carry credentials.
pub(crate) fn without_token(headers: &HeaderMap) -> Headers {
    let mut kept: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in headers {
        if name != TOKEN && name != AUTHORIZATION {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            kept.entry(name.as_str().to_owned()).or_default().push(value);
        }
    }
    Headers(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn of(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value));
        let mut headers = HeaderMap::new();
        for (name, value) in pairs.iter().map(pair) {
            headers.append(name, value);
        }
        headers
    }

    fn check(pairs: &[(&'static str, &'static str)], expected: Option<&str>) {
        let found = token(&of(pairs));
        assert_eq!(found.as_ref().map(SecretText::expose), expected, "{pairs:?}");
    }

    #[test]
    fn a_token_stands_in_one_of_two_headers() {
        check(&[(TOKEN, "t")], Some("t"));
        check(&[(TOKEN, "  t ")], Some("t"));
        check(&[("authorization", "Bearer t")], Some("t"));
        check(&[("authorization", "Bearer   t")], Some("t"));
        for other in [
            "bearer t",
            "BEARER t",
            "t",
            "Token t",
            "Basic dHdpbjp0d2lu",
            "Bearer ",
            "Bearer",
        ] {
            check(&[("authorization", other)], None);
        }
        check(
            &[("cookie", "token=t"), ("x-auth-token", "t"), ("vault-token", "t")],
            None,
        );
        check(&[], None);
    }

    #[test]
    fn of_several_the_first_counts() {
        check(&[(TOKEN, "t"), (TOKEN, "u")], Some("t"));
        check(&[(TOKEN, ""), (TOKEN, "u")], None);
        check(&[(TOKEN, "t"), ("authorization", "Bearer u")], Some("t"));
        check(&[(TOKEN, ""), ("authorization", "Bearer u")], Some("u"));
        check(
            &[("authorization", "Basic x"), ("authorization", "Bearer u")],
            Some("u"),
        );
        check(
            &[("authorization", "Bearer t"), ("authorization", "Bearer u")],
            Some("t"),
        );
        check(&[(TOKEN, "t,t")], Some("t,t"));
    }

    #[test]
    fn credentials_are_not_kept_with_the_headers() {
        let headers = of(&[
            (TOKEN, "t"),
            ("authorization", "Basic x"),
            ("user-agent", "u"),
            ("a", "1"),
            ("a", "2"),
        ]);
        let kept = without_token(&headers);
        assert_eq!(kept.0.keys().collect::<Vec<_>>(), ["a", "user-agent"]);
        assert_eq!(kept.0["a"], ["1", "2"]);
    }
}
