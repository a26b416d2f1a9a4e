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

/// What follows a `Wild`'s first wildcard. Matches against what follows there in a path.
#[derive(Clone, Debug)]
pub(crate) struct Tail {
    text: Box<str>,
    open: bool,
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
    /// What stands before the first wildcard.
    pub(crate) fn head(&self) -> &str {
        self.text.get(..self.first).unwrap_or(&self.text)
    }

    /// What stands from the first wildcard on.
    pub(crate) fn tail(&self) -> Tail {
        Tail {
            text: self.text.get(self.first..).unwrap_or_default().into(),
            open: self.open,
        }
    }

    /// The path without the star, if it has no plus sign.
    pub(crate) fn prefix(&self) -> Option<&str> {
        (self.pluses == 0).then_some(&self.text)
    }

    /// Sorts patterns with the same head: the one that counts comes first.
    pub(crate) fn rank(&self) -> impl Ord {
        (
            self.open,
            self.pluses,
            Reverse((self.text.len(), self.text.clone())),
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

impl Tail {
    /// Whether it takes what follows in a path.
    pub(crate) fn takes(&self, rest: &str) -> bool {
        let mut segments = self.text.split('/').peekable();
        let mut parts = rest.split('/');
        while let Some(segment) = segments.next() {
            let Some(part) = parts.next() else {
                return false;
            };
            let is_last = segments.peek().is_none();
            let begins = self.open && is_last && part.starts_with(segment);
            if segment != "+" && segment != part && !begins {
                return false;
            }
        }
        self.open || parts.next().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rule: &str, path: &str, expected: bool) {
        let taken = match Pattern::parse(rule).unwrap() {
            Pattern::Exact(text) => *text == *path,
            Pattern::Wild(wild) => path
                .strip_prefix(wild.head())
                .is_some_and(|rest| wild.tail().takes(rest)),
        };
        assert_eq!(taken, expected, "{rule} on {path}");
    }

    #[test]
    fn a_path_without_wildcards_is_taken_to_the_letter() {
        check("kv/a", "kv/a", true);
        check("/kv/a", "kv/a", true);
        check("//kv/a", "kv/a", false);
        check("kv/a", "kv/a/", false);
        check("kv/*a", "kv/ba", false);
        check("kv/*a", "kv/*a", true);
    }

    #[test]
    fn a_star_at_the_end_takes_whatever_follows() {
        check("kv/a*", "kv/a", true);
        check("kv/a*", "kv/ab/c", true);
        check("kv/a/*", "kv/a", false);
        check("*", "", true);
        check("kv/a**", "kv/ab", false);
        check("kv/a**", "kv/a*b", true);
    }

    #[test]
    fn a_plus_takes_one_segment_even_an_empty_one() {
        check("kv/+", "kv/a", true);
        check("kv/+", "kv/", true);
        check("kv/+", "kv/a/", false);
        check("kv/+/b", "kv/a/b", true);
        check("+/+", "kv/a/b", false);
        check("kv/+/b*", "kv/a/bc/d", true);
        check("kv/+/*", "kv/a", false);
        check("kv/+/*", "kv/a/", true);
        check("+/*", "kv", false);
    }

    #[test]
    fn a_plus_beside_letters_is_a_letter() {
        check("kv/a+", "kv/a+", true);
        check("kv/a+", "kv/ab", false);
        check("kv/a+/+", "kv/a+/b", true);
        check("kv/++", "kv/ab", false);
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
