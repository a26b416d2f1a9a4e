//! The ways to log in.

use client::Secret;
use serde_json::{Map, Value};

use super::{by_certificate, by_kubernetes, by_name, by_token};
use crate::failure::Failure;
use crate::session::Session;

/// A way to log in.
pub(super) struct Method {
    /// Its name; an auth method's path is called so by default.
    pub(super) name: &'static str,
    /// How it is used.
    pub(super) about: &'static str,
    /// Logs in with what the arguments say.
    pub(super) log_in: fn(&mut Session<'_>, &Map<String, Value>) -> Result<Secret, Failure>,
}

static METHODS: [Method; 6] = [
    Method {
        name: "cert",
        about: by_certificate::ABOUT,
        log_in: by_certificate::log_in,
    },
    Method {
        name: "kubernetes",
        about: by_kubernetes::ABOUT,
        log_in: by_kubernetes::log_in,
    },
    Method {
        name: "ldap",
        about: by_name::ABOUT,
        log_in: by_name::log_in,
    },
    Method {
        name: "radius",
        about: by_name::ABOUT,
        log_in: by_name::log_in,
    },
    Method {
        name: "token",
        about: by_token::ABOUT,
        log_in: by_token::log_in,
    },
    Method {
        name: "userpass",
        about: by_name::ABOUT,
        log_in: by_name::log_in,
    },
];

/// Finds a method by its name.
pub(super) fn find(name: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.name == name)
}

/// A text of the configuration.
pub(super) fn text(config: &Map<String, Value>, name: &str) -> String {
    config
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .trim()
        .to_owned()
}
