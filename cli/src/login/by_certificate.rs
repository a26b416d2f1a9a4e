//! With the client's certificate.

use client::Secret;
use serde_json::{Map, Value};

use super::by_name::post;
use super::method::text;
use crate::failure::Failure;
use crate::session::Session;

pub(super) const ABOUT: &str = "  Logs in with the client's certificate.

      $ vault login -method=cert -client-cert=cert.pem -client-key=key.pem

Configuration:

  name=<string>
      Role to log in by. Without it the first that fits is taken.";

/// Logs in.
pub(super) fn log_in(session: &mut Session<'_>, config: &Map<String, Value>) -> Result<Secret, Failure> {
    let mut body = Map::new();
    if let Some(name) = config.get("name") {
        body.insert("name".to_owned(), name.clone());
    }
    post(session, &format!("auth/{}/login", text(config, "mount")), body)
}
