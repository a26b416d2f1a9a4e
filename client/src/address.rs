//! Where the server is, and how the paths of the API become URLs there.

use url::Url;

use crate::Error;

/// The server's address, as in `VAULT_ADDR`: scheme, host, port, and perhaps a path in front of `/v1`.
#[derive(Clone, Debug)]
pub struct Address(Url);

impl Address {
    /// Parses an address.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let reason = |error: url::ParseError| match error {
            url::ParseError::RelativeUrlWithoutBase => "missing protocol scheme".to_owned(),
            other => other.to_string(),
        };
        let url = Url::parse(text).map_err(|error| Error::Address {
            text: text.to_owned(),
            reason: reason(error),
        })?;
        Ok(Self(url))
    }

    /// Returns the scheme: `http`, `https`, or one that cannot be spoken.
    pub fn scheme(&self) -> &str {
        self.0.scheme()
    }

    /// Returns host and port as they are written in URLs.
    pub fn authority(&self) -> String {
        match (self.0.host_str(), self.0.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (host, _) => host.unwrap_or_default().to_owned(),
        }
    }

    /// Returns the URL of a path of the API, such as `v1/sys/health`, with its query.
    ///
    /// Slashes at the ends, doubled slashes and `..` vanish: Vault's client cleans paths in the same way.
    pub fn url(&self, path: &str, query: &[(String, String)]) -> String {
        let joined = format!("{}/{path}", self.0.path());
        let mut url = format!(
            "{}://{}{}",
            self.scheme(),
            self.authority(),
            escape(&clean(&joined))
        );
        if !query.is_empty() {
            let mut pairs = query.to_vec();
            pairs.sort();
            let text = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(pairs)
                .finish();
            url.push('?');
            url.push_str(&text);
        }
        url
    }
}

/// The same path without empty segments, `.` and `..`.
fn clean(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(kept.pop()),
            segment => kept.push(segment),
        }
    }
    format!("/{}", kept.join("/"))
}

/// Percent-encodes what may not stand in a path; the set is that of Go's `net/url`.
fn escape(path: &str) -> String {
    let mut escaped = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(address: &str, path: &str, expected: &str) {
        assert_eq!(
            Address::parse(address).expect("an address").url(path, &[]),
            expected
        );
    }

    #[test]
    fn a_path_is_joined_and_cleaned() {
        check("http://h:8200", "v1/secret/x", "http://h:8200/v1/secret/x");
        check("http://h:8200/", "v1//secret/x/", "http://h:8200/v1/secret/x");
        check(
            "https://h/behind/proxy/",
            "/v1/a/../b",
            "https://h/behind/proxy/v1/b",
        );
    }

    #[test]
    fn what_may_not_stand_in_a_path_is_encoded() {
        check("http://h", "v1/a b/ü?%", "http://h/v1/a%20b/%C3%BC%3F%25");
    }

    #[test]
    fn a_query_is_sorted_and_encoded() {
        let query = [
            ("list".to_owned(), "true".to_owned()),
            ("after".to_owned(), "a b".to_owned()),
        ];
        let url = Address::parse("http://h")
            .expect("an address")
            .url("v1/x", &query);
        assert_eq!(url, "http://h/v1/x?after=a+b&list=true");
    }

    #[test]
    fn an_address_without_a_scheme_is_refused_with_the_reason() {
        let error = Address::parse("::nonsense").expect_err("no address");
        assert_eq!(
            error.to_string(),
            "failed to create client: parse \"::nonsense\": missing protocol scheme"
        );
    }
}
