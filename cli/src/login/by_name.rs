//! With a name and a password.

use client::{Credential, Request, Secret};
use serde_json::{Map, Value};

use super::method::text;
use crate::failure::Failure;
use crate::flags::shared::NON_INTERACTIVE;
use crate::session::Session;

pub(super) const ABOUT: &str = "  Logs in with a name and a password. Without a password it is asked for.

      $ vault login -method=userpass username=ann
      $ echo \"$PASSWORD\" | vault login -method=userpass username=ann password=-

Configuration:

  username=<string>
      The name. It can also be given as the variable VAULT_LOGIN_USERNAME.

  password=<string>
      The password.";

/// Logs in.
pub(super) fn log_in(session: &mut Session<'_>, config: &Map<String, Value>) -> Result<Secret, Failure> {
    let name = match text(config, "username") {
        empty if empty.is_empty() => session.env.get("LOGIN_USERNAME").unwrap_or_default().to_owned(),
        name => name,
    };
    if name.is_empty() {
        return Err(Failure::refused("'username' must be specified"));
    }
    let mut body = config.clone();
    body.retain(|key, _| !["mount", "username"].contains(&key.as_str()));
    if !body.contains_key("password") {
        body.insert("password".to_owned(), Value::String(ask(session)?));
    }
    post(
        session,
        &format!("auth/{}/login/{name}", text(config, "mount")),
        body,
    )
}

/// Sends a login. Whoever logs in has no token yet, or none that matters.
pub(super) fn post(session: &Session<'_>, path: &str, body: Map<String, Value>) -> Result<Secret, Failure> {
    let request = Request::put(path)
        .json(&Value::Object(body))
        .credential(Credential::Nobody);
    let found = session.find(request)?;
    found.ok_or_else(|| Failure::refused("empty response from credential provider"))
}

fn ask(session: &mut Session<'_>) -> Result<String, Failure> {
    if session.flags.switch(&NON_INTERACTIVE) {
        return Err(Failure::refused(
            "'password' not supplied and refusing to pull from stdin",
        ));
    }
    let asked = session.terminal.ask("Password (will be hidden): ");
    asked.map_err(|error| {
        Failure::refused(format!(
            "{error}; give the password as password=-, and pipe it in"
        ))
    })
}
