//! What a client asks for, parsed once, at the door.

use crate::{Error, Result};
use std::fmt;

/// Longest path that is taken, in bytes.
const LENGTH_MAX: usize = 8 * 1024;

/// The path of a request, below `/v1/`, in its one canonical form: percent-decoded, without a leading slash.
///
/// It cannot hold `.` or `..` as a part, an empty part, NUL or anything else that does not show. Whether it ended in a slash is kept
/// apart, because a listing asks with one. What the policy judged is what the plugin gets: nobody decodes, joins or
/// cleans it again.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RequestPath {
    text: String,
}

impl RequestPath {
    /// Takes a decoded path. A slash at the end is kept as the mark of a folder.
    ///
    /// # Errors
    /// `Invalid` for what the type cannot hold.
    pub fn parse(decoded: &str) -> Result<Self> {
        let bare = decoded.strip_suffix('/').unwrap_or(decoded);
        let bad = |part: &str| matches!(part, "" | "." | "..");
        if decoded.len() > LENGTH_MAX {
            return Err(Error::invalid("path is longer than 8192 bytes"));
        }
        if !decoded.chars().all(is_printable) {
            return Err(Error::invalid("path contains non-printable characters"));
        }
        if !decoded.is_empty() && bare.split('/').any(bad) {
            return Err(Error::invalid("relative paths not supported"));
        }
        Ok(Self {
            text: decoded.to_owned(),
        })
    }

    /// The whole path, a slash at the end included.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The path without a slash at its end.
    pub fn bare(&self) -> &str {
        self.text.strip_suffix('/').unwrap_or(&self.text)
    }

    /// Whether it ended in a slash.
    pub fn is_folder(&self) -> bool {
        self.text.ends_with('/')
    }

    /// The same path as that of a folder: what a listing asks for.
    #[must_use]
    pub fn as_folder(&self) -> Self {
        if self.is_folder() {
            self.clone()
        } else {
            Self {
                text: format!("{}/", self.text),
            }
        }
    }

    /// The same path with names folded; only the path tables call this, before the policy looks.
    pub(crate) fn rewritten(text: String) -> Self {
        Self { text }
    }
}

/// Whether a character shows. Vault refuses names with others: two that look alike must not be two names.
pub fn is_printable(c: char) -> bool {
    let hidden = c.is_control() || (c.is_whitespace() && c != ' ');
    let format = matches!(c,
        '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e000}'..='\u{f8ff}' | '\u{e0001}'..='\u{e007f}' | '\u{f0000}'..='\u{10ffff}');
    !hidden && !format
}

impl fmt::Display for RequestPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for RequestPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, taken: bool) {
        assert_eq!(RequestPath::parse(text).is_ok(), taken, "{text:?}");
    }

    #[test]
    fn a_path_cannot_leave_its_place() {
        for good in [
            "",
            "a",
            "a/b",
            "a/b/",
            "a/.../b",
            "user..x",
            "a b",
            "é/ü",
            "a%2e%2e",
            "emoji-😀",
        ] {
            check(good, true);
        }
        for bad in [
            "/",
            "/a",
            "a//b",
            "..",
            "a/..",
            "a/../b",
            "./a",
            "a/.",
            "a\0",
            "a\nb",
            "a//",
            "\u{7f}",
            "a\u{a0}b",
            "a\u{200b}",
        ] {
            check(bad, false);
        }
    }

    #[test]
    fn a_slash_at_the_end_marks_a_folder() {
        let path = RequestPath::parse("a/b/").unwrap();
        assert_eq!((path.bare(), path.is_folder()), ("a/b", true));
        assert_eq!(RequestPath::parse("a").unwrap().as_folder().as_str(), "a/");
    }
}
