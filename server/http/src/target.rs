//! What a request's path leads to.

use logical::RequestPath;
use percent_encoding::percent_decode_str;
use std::borrow::Cow;

use crate::refusal::Refusal;

/// What a request's path leads to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target<'a> {
    /// The API; the part below `/v1/`, still encoded.
    Api(&'a str),
    /// The web interface, or the place where one would be.
    Interface,
    /// Nothing.
    Nowhere,
}

impl<'a> Target<'a> {
    /// Finds out what a path leads to.
    pub(crate) fn of(path: &'a str) -> Self {
        if matches!(path, "/" | "/ui") {
            return Self::Interface;
        }
        match path.strip_prefix('/').and_then(|path| path.split_once('/')) {
            Some((first, below)) if first == "v1" || decoded(first).as_deref() == Some("v1") => {
                Self::Api(below)
            }
            _ => Self::Nowhere,
        }
    }
}

/// The tidy form of a path that is not: without empty parts, `.` and `..`.
///
/// Only what stands there unencoded is tidied; what hides behind percent signs is refused by `RequestPath`. Nothing is
/// answered under an untidy path, so that nobody judges one path and serves another.
pub(crate) fn tidied(path: &str) -> Option<String> {
    if path == "/v1/sys" {
        return Some("/v1/sys/".to_owned()); // the one folder of Vault's that insists on its slash
    }
    let untidy = |part: &str| matches!(part, "" | "." | "..");
    let below = path.strip_prefix('/')?;
    let bare = below.strip_suffix('/').unwrap_or(below);
    if below.is_empty() || !bare.split('/').any(untidy) {
        return None;
    }
    let mut parts = Vec::new();
    for part in below.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let mut tidy = String::with_capacity(path.len());
    for part in &parts {
        tidy.push('/');
        tidy.push_str(part);
    }
    // `/v1` itself leads nowhere: Vault sends whoever tidied up to it one step further.
    if below.ends_with('/') || tidy.is_empty() || tidy == "/v1" {
        tidy.push('/');
    }
    Some(tidy)
}

/// Decodes a path below `/v1/`, once.
pub(crate) fn request_path(below: &str) -> Result<RequestPath, Refusal> {
    let text = decoded(below).ok_or_else(|| Refusal::invalid("path cannot be decoded"))?;
    Ok(RequestPath::parse(&text)?)
}

/// Undoes percent encoding; `None` for a percent sign that encodes nothing and for what is no UTF-8.
fn decoded(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    is_encoded_well(text)
        .then(|| percent_decode_str(text).decode_utf8().ok())
        .flatten()
}

/// Whether every percent sign is followed by two hexadecimal digits.
pub(crate) fn is_encoded_well(text: &str) -> bool {
    text.split('%').skip(1).all(|behind| {
        let mut digits = behind.bytes();
        matches!((digits.next(), digits.next()), (Some(a), Some(b)) if a.is_ascii_hexdigit() && b.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, expected: Option<&str>) {
        assert_eq!(tidied(path).as_deref(), expected, "{path}");
    }

    #[test]
    fn an_untidy_path_has_one_tidy_form() {
        for (path, tidy) in [
            ("/v1//kv1/a", "/v1/kv1/a"),
            ("/v1/kv1///a", "/v1/kv1/a"),
            ("/v1/kv1/./a", "/v1/kv1/a"),
            ("/v1/kv1/x/../a", "/v1/kv1/a"),
            ("/v1/kv1/a/.", "/v1/kv1/a"),
            ("/v1/kv1/a/..", "/v1/kv1"),
            ("/v1/kv1/..", "/v1/"),
            ("/v1/kv1/a//", "/v1/kv1/a/"),
            ("/v1/../v1/kv1/a", "/v1/kv1/a"),
            ("/v1//", "/v1/"),
            ("/v1/x/../../ui", "/ui"),
            ("/v1/../../..", "/"),
            ("/v1/a%20b//c", "/v1/a%20b/c"),
            ("/v1/sys", "/v1/sys/"),
        ] {
            check(path, Some(tidy));
            check(tidy, None);
        }
    }

    #[test]
    fn a_tidy_path_is_left_alone() {
        for path in [
            "/",
            "/v1/",
            "/v1/a",
            "/v1/a/",
            "/v1/.../a",
            "/v1/..a",
            "/v1/%2e%2e/a",
            "*",
        ] {
            check(path, None);
        }
    }

    #[test]
    fn only_v1_is_the_api() {
        for (path, expected) in [
            ("/v1/", Target::Api("")),
            ("/v1/kv1/a", Target::Api("kv1/a")),
            ("/%76%31/kv1/a", Target::Api("kv1/a")),
            ("/", Target::Interface),
            ("/ui", Target::Interface),
            ("/v1", Target::Nowhere),
            ("/V1/a", Target::Nowhere),
            ("/v1sys/health", Target::Nowhere),
            ("//v1/kv1/a", Target::Nowhere),
            ("/v1%2fkv1/a", Target::Nowhere),
            ("*", Target::Nowhere),
            ("", Target::Nowhere),
        ] {
            assert_eq!(Target::of(path), expected, "{path}");
        }
    }

    #[test]
    fn a_path_is_decoded_once() {
        for (raw, expected) in [
            ("kv1%2fd%2Fa%20b", "kv1/d/a b"),
            ("kv1/a+b", "kv1/a+b"),
            ("kv1/%252e%252e/a", "kv1/%2e%2e/a"),
            ("kv1/%C3%BC", "kv1/ü"),
        ] {
            assert_eq!(request_path(raw).unwrap().as_str(), expected);
        }
    }

    #[test]
    fn what_hides_behind_percent_signs_is_refused() {
        for raw in [
            "kv1/%2e%2e/a",
            "kv1/.%2e/a",
            "kv1/d/..%2fa",
            "kv1%2f..%2fsys/mounts",
            "kv1/%2e",
            "kv1%2f%2fa",
            "%2fkv1/a",
        ] {
            let refusal = request_path(raw).unwrap_err();
            assert_eq!(refusal, Refusal::invalid("relative paths not supported"), "{raw}");
        }
        for raw in [
            "kv1/%",
            "kv1/a%z",
            "kv1/%2",
            "kv1/a%ff",
            "kv1/%c0%ae",
            "kv1/a%00",
            "kv1/%e2%80%ae",
        ] {
            assert_eq!(request_path(raw).unwrap_err().status, 400, "{raw}");
        }
    }
}
