//! Which paths a route takes.

use crate::Captures;
use std::cmp::Ordering;

/// A path pattern: literal parts, `{name}` for one part, `{name*}` for all the rest, slashes included.
///
/// `{name}` takes any one part. `{name:word}` takes what Vault calls a generic name: letters, digits, `_`, and within
/// it `-` and `.`; `{name:at}` the same and `@`. `{rest*}` takes an empty rest too, if the path ends in a slash there,
/// and `{rest+}` does not;
/// with literal parts behind it, as in `mounts/{path*}/tune`, it takes what lies between, which is never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: &'static str,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(&'static str),
    One(&'static str, Charset),
    Rest(&'static str, Empty),
}

/// Whether a rest may be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Empty {
    Taken,
    Refused,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Charset {
    Any,
    Word,
    At,
}

impl Pattern {
    /// Reads a pattern; see the type.
    pub(crate) fn parse(text: &'static str) -> Self {
        let parts = if text.is_empty() {
            Vec::new()
        } else {
            text.split('/').map(Part::parse).collect()
        };
        Self { text, parts }
    }

    /// The pattern as declared.
    pub fn as_str(&self) -> &'static str {
        self.text
    }

    /// The names that are caught, from left to right.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Literal(_) => None,
            Part::One(name, _) | Part::Rest(name, _) => Some(*name),
        })
    }

    /// Whether it ends in `{rest*}`.
    pub(crate) fn takes_rest(&self) -> bool {
        matches!(self.parts.last(), Some(Part::Rest(..)))
    }

    /// Whether it takes a path below the mount, and what it catches there.
    pub(crate) fn catch(&self, path: &str) -> Option<Captures> {
        let mut captures = Captures::default();
        let mut rest = Some(path).filter(|path| !path.is_empty() || self.takes_rest());
        for (place, part) in self.parts.iter().enumerate() {
            let here = rest?;
            if let Part::Rest(name, empty) = part {
                let taken = self.between(place, here)?;
                if taken.is_empty() && *empty == Empty::Refused {
                    return None;
                }
                captures.push(name, taken.to_owned());
                return Some(captures);
            }
            let (segment, behind) = here.split_once('/').map_or((here, None), |(s, b)| (s, Some(b)));
            match part {
                Part::Literal(word) if *word == segment => {}
                Part::One(name, charset) if charset.takes(segment) => captures.push(name, segment.to_owned()),
                _ => return None,
            }
            rest = behind;
        }
        rest.is_none().then_some(captures)
    }

    /// What a rest takes, of what is there: all but the literal parts behind it.
    fn between<'a>(&self, place: usize, here: &'a str) -> Option<&'a str> {
        let mut taken = here;
        for part in self.parts.iter().skip(place + 1).rev() {
            let Part::Literal(word) = part else { return None };
            taken = taken
                .strip_suffix(word)?
                .strip_suffix('/')
                .filter(|taken| !taken.is_empty())?;
        }
        Some(taken)
    }

    /// How exact it is: literal before one part before the rest, compared from left to right. Equal means that no
    /// path could choose between the two.
    pub(crate) fn exactness(&self, other: &Self) -> Ordering {
        fn ranks(pattern: &Pattern) -> impl Iterator<Item = (u8, &'static str)> {
            let last = pattern.parts.len().saturating_sub(1);
            pattern
                .parts
                .iter()
                .enumerate()
                .map(move |(place, part)| match part {
                    Part::Literal(word) => (0, *word),
                    Part::One(_, Charset::Word) => (1, ""),
                    Part::One(_, Charset::At) => (2, ""),
                    Part::One(_, Charset::Any) => (3, ""),
                    Part::Rest(..) => (if place == last { 5 } else { 4 }, ""),
                })
        }
        ranks(self).cmp(ranks(other))
    }
}

impl Part {
    fn parse(text: &'static str) -> Self {
        let Some(inner) = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')) else {
            return Self::Literal(text);
        };
        if let Some(name) = inner.strip_suffix('*') {
            return Self::Rest(name, Empty::Taken);
        }
        if let Some(name) = inner.strip_suffix('+') {
            return Self::Rest(name, Empty::Refused);
        }
        match inner.split_once(':') {
            Some((name, "word")) => Self::One(name, Charset::Word),
            Some((name, "at")) => Self::One(name, Charset::At),
            _ => Self::One(inner, Charset::Any),
        }
    }
}

impl Charset {
    fn takes(self, segment: &str) -> bool {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let inner = |c: char| word(c) || c == '-' || c == '.' || (self == Self::At && c == '@');
        match self {
            Self::Any => !segment.is_empty(),
            Self::Word | Self::At => {
                segment.starts_with(word) && segment.ends_with(word) && segment.chars().all(inner)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &'static str, path: &str, caught: Option<&[&str]>) {
        let found = Pattern::parse(pattern).catch(path);
        let found: Option<Vec<String>> = found.map(|c| c.iter().map(|(_, v)| v.to_owned()).collect());
        let caught: Option<Vec<String>> = caught.map(|c| c.iter().map(|v| (*v).to_owned()).collect());
        assert_eq!(found, caught, "{pattern} on {path}");
    }

    #[test]
    fn patterns_catch_what_they_name() {
        check("config", "config", Some(&[]));
        check("config", "config/", None);
        check("roles/{name}", "roles/a", Some(&["a"]));
        check("roles/{name}", "roles/a/b", None);
        check("roles/{name}", "roles/", None);
        check("data/{path*}", "data/a/b/", Some(&["a/b/"]));
        check("data/{path*}", "data/", Some(&[""]));
        check("data/{path*}", "data", None);
        check("data/{path+}", "data/", None);
        check("data/{path+}", "data/a/b", Some(&["a/b"]));
        check("{path*}", "", Some(&[""]));
        check("mounts/{path*}/tune", "mounts/a/b/tune", Some(&["a/b"]));
        check("mounts/{path*}/tune", "mounts/tune", None);
        check("mounts/{path*}/tune", "mounts/a", None);
        check("{name:word}", "a-b.c", Some(&["a-b.c"]));
        check("{name:word}", "-a", None);
        check("{name:word}", "a@b", None);
        check("{name:at}", "a@b", Some(&["a@b"]));
    }
}
