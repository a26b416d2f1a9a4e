//! Paths that name who asks: `kv/{{identity.entity.name}}/*`.

use crate::Facts;

/// A path with names of facts in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template(Vec<Part>);

/// What a value may hold that is put into a path. A policy says so for itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Values {
    /// Whether it may hold slashes, and so reach deeper.
    pub slashes: bool,
    /// Whether it may hold `*` and `+`, and so stand for many paths.
    pub wildcards: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(Box<str>),
    Fact(Box<str>),
}

impl Template {
    /// Whether a path has to be read as a template at all.
    pub(crate) fn is_one(path: &str) -> bool {
        path.contains("{{") || path.contains("}}")
    }

    /// Reads a path. `None` if braces are open, closed twice or nested.
    pub(crate) fn parse(path: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut rest = path;
        while let Some((text, behind)) = rest.split_once("{{") {
            let (name, next) = behind.split_once("}}")?;
            if text.contains("}}") || name.contains("{{") {
                return None;
            }
            parts.push(Part::Text(text.into()));
            parts.push(Part::Fact(name.trim().into()));
            rest = next;
        }
        if rest.contains("}}") {
            return None;
        }
        parts.push(Part::Text(rest.into()));
        Some(Self(parts))
    }

    /// The path for one caller. `None` if a fact is not there, or its value may not stand in a path.
    pub(crate) fn fill(&self, facts: &Facts, values: Values) -> Option<String> {
        let mut path = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => path.push_str(text),
                Part::Fact(name) => {
                    let value = facts.value(name).filter(|value| values.allow(value))?;
                    path.push_str(value);
                }
            }
        }
        Some(path)
    }
}

impl Values {
    /// An empty value is refused too: behind it, `kv/{{…}}*` would be all of `kv/`.
    fn allow(self, value: &str) -> bool {
        let is_good = |c: char| match c {
            '/' => self.slashes,
            '*' | '+' => self.wildcards,
            _ => !c.is_control(),
        };
        !value.is_empty() && !matches!(value, "." | "..") && value.chars().all(is_good)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use logical::Entity;
    use std::sync::Arc;

    fn check(path: &str, team: &str, expected: Option<&str>) {
        check_with(Values::default(), path, team, expected);
    }

    fn check_with(values: Values, path: &str, team: &str, expected: Option<&str>) {
        let entity = Entity {
            metadata: [("team".to_owned(), team.to_owned())].into(),
            ..Entity::default()
        };
        let facts = Facts {
            entity: Some(Arc::new(entity)),
            ..Facts::default()
        };
        let filled = Template::parse(path).unwrap().fill(&facts, values);
        assert_eq!(filled.as_deref(), expected, "{path} with {team:?}");
    }

    #[test]
    fn a_fact_is_put_in_its_place() {
        check("kv/{{identity.entity.metadata.team}}/*", "red", Some("kv/red/*"));
        check(
            "kv/a-{{ identity.entity.metadata.team }}-b",
            "red",
            Some("kv/a-red-b"),
        );
        check(
            "{{identity.entity.metadata.team}}{{identity.entity.metadata.team}}",
            "r",
            Some("rr"),
        );
        check("kv/{a}", "red", Some("kv/{a}"));
    }

    #[test]
    fn a_fact_that_is_not_there_fills_nothing() {
        for name in [
            "identity.entity.metadata.none",
            "",
            "nothing",
            "Identity.Entity.Name",
        ] {
            check(&format!("kv/{{{{{name}}}}}"), "red", None);
        }
    }

    #[test]
    fn a_value_cannot_widen_or_leave_its_place() {
        for value in ["", "a/b", "*", "x*", "+", "..", ".", "a\nb"] {
            check("kv/{{identity.entity.metadata.team}}", value, None);
        }
        check("kv/{{identity.entity.metadata.team}}", "{{x}}", Some("kv/{{x}}"));
    }

    #[test]
    fn a_policy_may_take_slashes_and_wildcards() {
        let path = "kv/{{identity.entity.metadata.team}}";
        let slashes = Values {
            slashes: true,
            ..Values::default()
        };
        check_with(slashes, path, "x/y", Some("kv/x/y"));
        check_with(slashes, path, "+/y", None);
        let wildcards = Values {
            wildcards: true,
            ..Values::default()
        };
        check_with(wildcards, path, "x*", Some("kv/x*"));
        check_with(wildcards, path, "+/y", None);
    }

    #[test]
    fn braces_must_balance() {
        for path in ["kv/{{a", "kv/a}}", "kv/{{a{{b}}}}", "}}{{", "{{a}}}}"] {
            assert_eq!(Template::parse(path), None, "{path}");
        }
    }
}
