//! The part of Go's template language that names of logins are written in.
//!
//! `scan.rs` takes a template apart, `parse.rs` understands it, this file makes text of it, `functions.rs` has what it
//! can call. Left out: `range`, `define`, `template`, `block`, methods. What is left out is refused when it is written.

mod functions;
mod layout;
mod parse;
mod printf;
mod scan;

use logical::{Random, Time};
use parse::{Node, Operand, Pipeline};
use std::collections::HashMap;

/// A template, understood.
pub(crate) struct Template(Vec<Node>);

/// What a template can speak of.
pub(crate) struct Scope<'a> {
    /// Whom the login is for: `.DisplayName`.
    pub(crate) display_name: &'a str,
    /// Which role makes it: `.RoleName`.
    pub(crate) role_name: &'a str,
    /// The present moment.
    pub(crate) now: Time,
    /// Chance.
    pub(crate) random: &'a dyn Random,
}

/// What went wrong in a template. Templates are no secrets.
type Fault = String;

/// A value while a template is worked out.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Text(String),
    Number(i64),
    Flag(bool),
    /// What the whole template speaks of; `.RoleName` is a part of it.
    Scope,
}

impl Template {
    /// Reads a template.
    pub(crate) fn parse(text: &str) -> Result<Self, Fault> {
        parse::parse(text).map(Self)
    }

    /// The text that it makes.
    pub(crate) fn render(&self, scope: &Scope<'_>) -> Result<String, Fault> {
        let mut page = Page {
            scope,
            dot: Value::Scope,
            variables: HashMap::new(),
            text: String::new(),
        };
        page.nodes(&self.0)?;
        Ok(page.text)
    }
}

struct Page<'a> {
    scope: &'a Scope<'a>,
    dot: Value,
    variables: HashMap<String, Value>,
    text: String,
}

impl Page<'_> {
    fn nodes(&mut self, nodes: &[Node]) -> Result<(), Fault> {
        nodes.iter().try_for_each(|node| self.node(node))
    }

    fn node(&mut self, node: &Node) -> Result<(), Fault> {
        match node {
            Node::Text(text) => self.text.push_str(text),
            Node::Show(pipeline) => {
                let shown = self.pipeline(pipeline)?.shown()?;
                self.text.push_str(&shown);
            }
            Node::Set(name, pipeline) => {
                let value = self.pipeline(pipeline)?;
                self.variables.insert(name.clone(), value);
            }
            Node::If(condition, then, otherwise) => {
                let branch = if self.pipeline(condition)?.is_true() {
                    then
                } else {
                    otherwise
                };
                self.nodes(branch)?;
            }
            Node::With(subject, then, otherwise) => {
                let subject = self.pipeline(subject)?;
                if !subject.is_true() {
                    return self.nodes(otherwise);
                }
                let outer = std::mem::replace(&mut self.dot, subject);
                self.nodes(then)?;
                self.dot = outer;
            }
        }
        Ok(())
    }

    /// What each command makes is the last argument of the next one.
    fn pipeline(&self, pipeline: &Pipeline) -> Result<Value, Fault> {
        let mut piped: Option<Value> = None;
        for command in pipeline {
            let (first, rest) = command.split_first().ok_or("missing value for command")?;
            let arguments: Result<Vec<Value>, Fault> =
                rest.iter().map(|operand| self.operand(operand)).collect();
            let mut arguments = arguments?;
            let made = match first {
                Operand::Function(name) => {
                    arguments.extend(piped.take());
                    functions::call(name, &arguments, self.scope)?
                }
                value if arguments.is_empty() && piped.is_none() => self.operand(value)?,
                _ => return Err("can't give argument to non-function".to_owned()),
            };
            piped = Some(made);
        }
        piped.ok_or_else(|| "missing value for command".to_owned())
    }

    fn operand(&self, operand: &Operand) -> Result<Value, Fault> {
        match operand {
            Operand::Text(text) => Ok(Value::Text(text.clone())),
            Operand::Number(number) => Ok(Value::Number(*number)),
            Operand::Flag(flag) => Ok(Value::Flag(*flag)),
            Operand::Function(name) => functions::call(name, &[], self.scope),
            Operand::Inner(pipeline) => self.pipeline(pipeline),
            Operand::Field(path) => self.field(self.dot.clone(), path),
            Operand::Variable(name, path) => {
                let value = self.variables.get(name);
                self.field(
                    value
                        .ok_or_else(|| format!("undefined variable {name:?}"))?
                        .clone(),
                    path,
                )
            }
        }
    }

    fn field(&self, value: Value, path: &[String]) -> Result<Value, Fault> {
        path.iter()
            .try_fold(value, |value, name| match (value, name.as_str()) {
                (Value::Scope, "RoleName") => Ok(Value::Text(self.scope.role_name.to_owned())),
                (Value::Scope, "DisplayName") => Ok(Value::Text(self.scope.display_name.to_owned())),
                _ => Err(format!("can't evaluate field {name}")),
            })
    }
}

impl Value {
    fn is_true(&self) -> bool {
        match self {
            Self::Text(text) => !text.is_empty(),
            Self::Number(number) => *number != 0,
            Self::Flag(flag) => *flag,
            Self::Scope => true,
        }
    }

    fn shown(&self) -> Result<String, Fault> {
        match self {
            Self::Text(text) => Ok(text.clone()),
            Self::Number(number) => Ok(number.to_string()),
            Self::Flag(flag) => Ok(flag.to_string()),
            Self::Scope => Err("the whole of what a template speaks of is no name".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Sevens;

    impl Random for Sevens {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(7);
        }
    }

    fn render(template: &str) -> Result<String, Fault> {
        let scope = Scope {
            display_name: "token-Web-App",
            role_name: "My-Role.long_name",
            now: Time::from_second(1_764_000_000).unwrap(),
            random: &Sevens,
        };
        Template::parse(template)?.render(&scope)
    }

    fn check(template: &str, expected: &str) {
        assert_eq!(render(template).as_deref(), Ok(expected), "{template}");
    }

    /// As recorded.
    #[test]
    fn functions_change_text() {
        check("fixed", "fixed");
        check(
            "{{ .DisplayName }}_{{ .RoleName }}",
            "token-Web-App_My-Role.long_name",
        );
        check("{{.RoleName | truncate 5}}", "My-Ro");
        check("{{truncate 3 .RoleName}}", "My-");
        check("{{.RoleName | truncate 99}}", "My-Role.long_name");
        check("{{.RoleName | truncate_sha256 12}}", "My-Rc1aaa382");
        check("{{.RoleName | truncate_sha256 17}}", "My-Role.long_name");
        check("{{.RoleName | uppercase}}", "MY-ROLE.LONG_NAME");
        check("{{.RoleName | replace \"-\" \"_\"}}", "My_Role.long_name");
        check("{{.RoleName | replace `o` ``}}", "My-Rle.lng_name");
        check("{{.RoleName | sha256 | truncate 10}}", "6006f4a80c");
        check("{{.RoleName | base64}}", "TXktUm9sZS5sb25nX25hbWU=");
        check("{{\"aGVsbG8=\" | decode_base64}}", "hello");
        check("{{.RoleName | hex}}", "4d792d526f6c652e6c6f6e675f6e616d65");
        check("{{decode_hex \"6869\"}}", "hi");
        check(
            "{{.DisplayName | replace \"-\" \"\" | lowercase | truncate 6}}",
            "tokenw",
        );
    }

    /// As recorded.
    #[test]
    fn the_language_is_go_s() {
        check(
            "{{printf \"%s-%s\" .RoleName .DisplayName}}",
            "My-Role.long_name-token-Web-App",
        );
        check(
            "{{printf \"v_%s_%s\" (.DisplayName | truncate 5) (.RoleName | truncate 2 | lowercase)}}",
            "v_token_my",
        );
        check(
            "{{printf \"%05d|%-6s|%q\" 42 \"ab\" \"c\"}}",
            "00042|ab    |\"c\"",
        );
        check("{{if glob \"My*\" .RoleName}}mine{{else}}theirs{{end}}", "mine");
        check(
            "{{if eq .RoleName \"x\"}}a{{else if .DisplayName}}b{{else}}c{{end}}",
            "b",
        );
        check("{{if and .RoleName (not .DisplayName)}}a{{end}}b", "b");
        check("{{len .RoleName}}", "17");
        check("{{with .DisplayName}}<{{.}}>{{end}}", "<token-Web-App>");
        check("{{$r := .RoleName}}{{$r}}-{{$r | len}}", "My-Role.long_name-17");
        check("  {{- .RoleName -}}  x", "My-Role.long_namex");
        check("a{{/* a comment */}}b", "ab");
        check("{{print 1 2 \"x\"}}", "1 2x");
        check("{{`raw`}}", "raw");
        check("}} alone", "}} alone");
    }

    #[test]
    fn functions_make_values() {
        check("{{random 12}}", "777777777777");
        check("{{random 12 | len}}", "12");
        check("{{unix_time}} {{unix_time_millis}}", "1764000000 1764000000000");
        check("{{unix_time_millis | len}}", "13");
        check("{{uuid | len}}", "36");
        check("{{timestamp \"2006-01-02T15:04:05Z\"}}", "2025-11-24T16:00:00Z");
        check("{{timestamp \"2006_01_02\"}}", "2025_11_24");
    }

    /// As recorded.
    #[test]
    fn what_cannot_work_is_refused() {
        for template in [
            "{{",
            "{{.Nothing}}",
            "{{nothing .RoleName}}",
            "{{.RoleName | truncate 0}}",
            "{{.RoleName | truncate -1}}",
            "{{.RoleName | truncate}}",
            "{{.RoleName | truncate \"5\"}}",
            "{{.RoleName | truncate_sha256 8}}",
            "{{random}}",
            "{{random \"5\"}}",
            "{{decode_hex \"zz\"}}",
            "{{decode_base64 \"!\"}}",
            "{{end}}",
            "{{if .RoleName}}x",
            "{{template \"x\"}}",
            "{{.RoleName.More}}",
            "{{range .RoleName}}{{end}}",
            "{{.}}",
            "{{\"open}}",
            "{{(.RoleName}}",
            "{{$x}}",
            "{{else}}",
            "{{}}",
        ] {
            assert!(render(template).is_err(), "{template}");
        }
    }
}
