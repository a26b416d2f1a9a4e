//! A request as a call of curl. The token is not in it, but the command that prints it.

use client::{Method, Prepared};

/// The call.
pub(super) fn curl(program: &str, request: &Prepared) -> String {
    let mut words = vec!["curl".to_owned()];
    if request.method != Method::Get {
        words.push(format!("-X {}", request.method.as_str()));
    }
    let mut headers = request.headers.clone();
    headers.iter_mut().for_each(|(_, value)| *value = quoted(value));
    if request.token.is_some() {
        headers.push(("X-Vault-Token".to_owned(), format!("$({program} print token)")));
    }
    headers.sort();
    words.extend(
        headers
            .iter()
            .map(|(name, value)| format!("-H \"{name}: {value}\"")),
    );
    if let Some(body) = &request.body {
        words.push(format!("-d '{}'", body.replace('\'', r#"'"'"'"#)));
    }
    words.push(format!("\"{}\"", quoted(&request.url)));
    words.join(" ")
}

/// A text between double quotes, where a shell would still replace some of it.
fn quoted(text: &str) -> String {
    text.chars()
        .flat_map(|c| "\\\"$`".contains(c).then_some('\\').into_iter().chain([c]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use client::Token;

    #[test]
    fn a_write_shows_method_headers_and_body_but_no_token() {
        let request = Prepared {
            method: Method::Put,
            url: "http://h/v1/a$b".to_owned(),
            headers: vec![
                ("X-Vault-Request".to_owned(), "true".to_owned()),
                ("X-A".to_owned(), "a\"b".to_owned()),
            ],
            token: Token::parse("secret"),
            body: Some(r#"{"a":"it's"}"#.to_owned()),
        };
        let expected = r#"curl -X PUT -H "X-A: a\"b" -H "X-Vault-Request: true" -H "X-Vault-Token: $(vault print token)" -d '{"a":"it'"'"'s"}' "http://h/v1/a\$b""#;
        assert_eq!(curl("vault", &request), expected);
    }
}
