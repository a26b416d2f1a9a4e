//! Which paths a rule speaks of, and which of several rules counts.

use std::cmp::Reverse;

/// The path of a rule, without the slash that may stand before it.
///
/// Of all rules that take a path only one counts, as in Vault: the exact one; else the one whose first wildcard stands
/// last; else the one without a star at its end; else the one with fewer plus signs; else the longer one; else the one
/// that the alphabet puts last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Pattern {
    /// Takes one path.
    Exact(Box<str>),
    /// Takes many.
    Wild(Wild),
}

/// A path with plus signs for whole segments, or a star at its end, or both.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Wild {
    /// The path, without the star at its end.
    text: Box<str>,
    /// Whether it ended in a star: whatever follows is taken, even nothing.
    open: bool,
    /// Where the first plus stands; the end, if there is none.
    first: usize,
    /// How many segments are a plus.
    pluses: usize,
}

impl Pattern {
    /// Reads a rule's path. `None` if a plus stands right before a star, which has no meaning.
    pub(crate) fn parse(path: &str) -> Option<Self> {
        let path = path.strip_prefix('/').unwrap_or(path);
        if path.contains("+*") {
            return None;
        }
        let (text, open) = match path.strip_suffix('*') {
            Some(text) => (text, true),
            None => (path, false),
        };
        let mut pluses = 0;
        let mut first = text.len();
        let mut at = 0;
        for segment in text.split('/') {
            if segment == "+" {
                first = first.min(at);
                pluses += 1;
            }
            at += segment.len() + 1;
        }
        let text = Box::from(text);
        Some(if open || pluses > 0 {
            Self::Wild(Wild {
                text,
                open,
                first,
                pluses,
            })
        } else {
            Self::Exact(text)
        })
    }

    /// The path as it was written, without a slash before it.
    pub(crate) fn to_text(&self) -> String {
        match self {
            Self::Exact(text) => text.to_string(),
            Self::Wild(wild) if wild.open => format!("{}*", wild.text),
            Self::Wild(wild) => wild.text.to_string(),
        }
    }
}

impl Wild {
    /// Whether it ended in a star.
    pub(crate) fn is_open(&self) -> bool {
        self.open
    }

    /// Its text in pieces: what stands for itself, and each plus sign as `None`.
    pub(crate) fn pieces(&self) -> Vec<Option<String>> {
        let mut pieces = vec![Some(String::new())];
        for segment in self.text.split_inclusive('/') {
            let (plus, rest) = match segment {
                "+" => (true, ""),
                "+/" => (true, "/"),
                _ => (false, segment),
            };
            if plus {
                pieces.extend([None, Some(String::new())]);
            }
            if let Some(Some(text)) = pieces.last_mut() {
                text.push_str(rest);
            }
        }
        pieces
    }

    /// The path without the star, if it has no plus sign.
    pub(crate) fn prefix(&self) -> Option<&str> {
        (self.pluses == 0).then_some(&self.text)
    }

    /// Of two patterns that take a path the one that counts is the greater by this.
    pub(crate) fn weight(&self) -> impl Ord {
        let text = &self.text;
        (
            self.first,
            !self.open,
            Reverse(self.pluses),
            text.len(),
            text.clone(),
        )
    }

    /// Whether some path that begins with `folder`, which ends in a slash, may be taken.
    pub(crate) fn reaches_into(&self, folder: &str) -> bool {
        let mut segments = self.text.split('/').peekable();
        for part in folder.split_terminator('/') {
            let Some(segment) = segments.next() else {
                return false;
            };
            if self.open && segments.peek().is_none() {
                return part.starts_with(segment);
            }
            if segment != "+" && segment != part {
                return false;
            }
        }
        segments.peek().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plus_is_a_piece_if_it_is_a_whole_segment() {
        let check = |rule: &str, expected: &[Option<&str>]| match Pattern::parse(rule).unwrap() {
            Pattern::Wild(wild) => {
                let pieces = wild.pieces();
                assert_eq!(
                    pieces.iter().map(Option::as_deref).collect::<Vec<_>>(),
                    expected,
                    "{rule}"
                );
            }
            Pattern::Exact(_) => panic!("{rule} is exact"),
        };
        check("/kv/a*", &[Some("kv/a")]);
        check("kv/+/b", &[Some("kv/"), None, Some("/b")]);
        check("+/a+/+", &[Some(""), None, Some("/a+/"), None, Some("")]);
        check("+/+/*", &[Some(""), None, Some("/"), None, Some("/")]);
    }

    #[test]
    fn a_plus_before_a_star_is_refused() {
        for path in ["+*", "kv/+*", "kv/a+*", "kv/+*/b"] {
            assert!(Pattern::parse(path).is_none(), "{path}");
        }
    }

    #[test]
    fn a_rule_may_reach_into_a_folder() {
        let reaches = |rule: &str, folder: &str| match Pattern::parse(rule).unwrap() {
            Pattern::Wild(wild) => wild.reaches_into(folder),
            Pattern::Exact(_) => panic!("{rule} is exact"),
        };
        for rule in ["+/x", "kv/+/x", "kv/*", "k*", "+/*", "kv/a/*", "kv/+", "*", "kv*"] {
            assert!(reaches(rule, "kv/"), "{rule}");
        }
        for rule in ["+", "team/+/x", "team/*", "kvx*", "kv/+/x/*"] {
            assert!(!reaches(rule, "kv/a/b/c/"), "{rule}");
        }
    }
}
