//! What is known of a plugin's paths, for whoever asks: dispatch, OpenAPI, help, tests.

use super::Pattern;
use crate::{Captures, Operation, RequestPath, Shape};
use schemars::{JsonSchema, Schema};
use serde_json::Value;

/// Everything that a plugin says about itself.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The plugin's type.
    pub name: &'static str,
    /// What it is for, in one sentence.
    pub summary: &'static str,
    /// Its paths, in the order in which they were declared.
    pub routes: Vec<RouteFacts>,
    /// Numbers of routes, the most exact first.
    order: Vec<usize>,
}

/// What is known of one path.
#[derive(Clone, Debug)]
pub struct RouteFacts {
    /// Which paths it takes.
    pub pattern: Pattern,
    /// Who may come.
    pub access: Access,
    /// What can be done there.
    pub operations: Vec<OperationFacts>,
    /// Whether reading and listing promise to change nothing.
    pub pure: bool,
    /// Whether policies tell creating from updating here.
    pub tells_create: bool,
    /// How the answers are laid out.
    pub shape: Shape,
    /// Which captures are folded to lower case.
    pub folds: Vec<&'static str>,
    /// Whether its answers may be wrapped.
    pub wraps: bool,
}

/// What is known of one operation on a path.
#[derive(Clone, Debug)]
pub struct OperationFacts {
    /// Which one.
    pub operation: Operation,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// Its parameters; `None` where every member is data.
    pub schema: Option<Schema>,
}

/// What is known of one parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Whether null says something of its own; elsewhere a parameter that is null is absent.
    pub takes_null: bool,
}

/// Who may come to a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody, without a token.
    Public,
    /// Whoever's policies allow it.
    Token,
    /// Whoever's policies allow it and grant `sudo` besides.
    Sudo,
}

/// A route that takes a request.
#[derive(Clone, Debug)]
pub struct Matched {
    /// Its number in the manifest.
    pub route: usize,
    /// What its pattern caught, folded where the route folds.
    pub captures: Captures,
    /// The path below the mount with folded names; `None` if nothing was folded.
    pub folded: Option<String>,
}

impl Manifest {
    pub(super) fn new(name: &'static str, summary: &'static str) -> Self {
        Self {
            name,
            summary,
            routes: Vec::new(),
            order: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, route: RouteFacts) {
        let same = self
            .routes
            .iter()
            .find(|other| other.pattern.exactness(&route.pattern).is_eq());
        assert!(
            same.is_none(),
            "two routes of {} have the form {}",
            self.name,
            route.pattern.as_str()
        );
        self.routes.push(route);
        self.order = (0..self.routes.len()).collect();
        let routes = &self.routes;
        self.order.sort_by(|a, b| match (routes.get(*a), routes.get(*b)) {
            (Some(a), Some(b)) => a.pattern.exactness(&b.pattern),
            _ => a.cmp(b),
        });
    }

    /// The most exact route that takes a path below the mount.
    ///
    /// A listing asks for `roles/` and means the route `roles`; whoever else puts a slash there means nothing, except
    /// where the pattern takes the rest.
    pub fn find(&self, path: &str, operation: Operation) -> Option<Matched> {
        let candidates = self
            .order
            .iter()
            .filter_map(|number| Some((*number, self.routes.get(*number)?)));
        for (number, facts) in candidates {
            let lists = operation.is_listing() && !facts.pattern.takes_rest();
            let path = if lists {
                path.strip_suffix('/').unwrap_or(path)
            } else {
                path
            };
            if lists && facts.operation(operation).is_none() {
                continue;
            }
            if let Some(captures) = facts.pattern.catch(path) {
                return Some(facts.fold(number, captures, path));
            }
        }
        None
    }
}

impl RouteFacts {
    pub(super) fn new(pattern: Pattern, access: Access) -> Self {
        Self {
            pattern,
            access,
            operations: Vec::new(),
            pure: false,
            tells_create: false,
            shape: Shape::Envelope,
            folds: Vec::new(),
            wraps: true,
        }
    }

    /// What is known of an operation here; creating is updating.
    pub fn operation(&self, operation: Operation) -> Option<&OperationFacts> {
        let operation = if operation == Operation::Create {
            Operation::Update
        } else {
            operation
        };
        self.operations.iter().find(|facts| facts.operation == operation)
    }

    fn fold(&self, route: usize, captures: Captures, path: &str) -> Matched {
        let folds =
            |name: &&str, value: &str| self.folds.contains(name) && value.chars().any(char::is_uppercase);
        if !captures.iter().any(|(name, value)| folds(&name, value)) {
            return Matched {
                route,
                captures,
                folded: None,
            };
        }
        let mut folded = Captures::default();
        let mut text = path.to_owned();
        for (name, value) in captures.iter() {
            let lower = if self.folds.contains(&name) {
                value.to_lowercase()
            } else {
                value.to_owned()
            };
            if lower != value {
                text = text.replacen(value, &lower, 1);
            }
            folded.push(name, lower);
        }
        Matched {
            route,
            captures: folded,
            folded: Some(text),
        }
    }
}

impl Matched {
    /// The whole path, with names folded, of a request below a mount.
    pub fn canonical(&self, mount: &str, path: &RequestPath) -> RequestPath {
        match &self.folded {
            Some(folded) => RequestPath::rewritten(format!("{mount}{folded}")),
            None => path.clone(),
        }
    }
}

impl OperationFacts {
    pub(super) fn of<I: JsonSchema>(operation: Operation, summary: &'static str) -> Self {
        Self {
            operation,
            summary,
            schema: Some(schemars::schema_for!(I)),
        }
    }

    pub(super) fn of_anything(operation: Operation, summary: &'static str) -> Self {
        Self {
            operation,
            summary,
            schema: None,
        }
    }

    /// Its parameters.
    pub fn parameters(&self) -> Vec<Parameter> {
        let properties = self.schema.as_ref().and_then(|schema| schema.get("properties"));
        let parameter = |(name, schema): (&String, &Value)| Parameter {
            name: name.clone(),
            takes_null: schema.get("nullable") == Some(&Value::Bool(true)),
        };
        properties
            .and_then(Value::as_object)
            .map(|map| map.iter().map(parameter).collect())
            .unwrap_or_default()
    }
}
