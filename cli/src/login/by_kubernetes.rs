//! With the token of a service account.

use std::path::Path;

use client::Secret;
use serde_json::{Map, Value, json};

use super::by_name::post;
use super::method::text;
use crate::failure::Failure;
use crate::files;
use crate::session::Session;

pub(super) const ABOUT: &str =
    "  Logs in with the token of a Kubernetes service account; in a pod it is found by itself.

      $ vault login -method=kubernetes role=api

Configuration:

  role=<string>
      Role to log in by.

  jwt=<string>
      The service account's token.

  token_path=<string>
      File with the service account's token, if it is not where Kubernetes puts it.";

/// Where Kubernetes puts the token into a pod.
const IN_A_POD: &str = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/// Logs in.
pub(super) fn log_in(session: &mut Session<'_>, config: &Map<String, Value>) -> Result<Secret, Failure> {
    let role = text(config, "role");
    if role.is_empty() {
        return Err(Failure::refused("'role' must be supplied"));
    }
    let jwt = match text(config, "jwt") {
        empty if empty.is_empty() => {
            let path = Some(text(config, "token_path")).filter(|path| !path.is_empty());
            let path = path.unwrap_or_else(|| IN_A_POD.to_owned());
            let token = files::read_text(Path::new(&path));
            token.map_err(|reason| {
                Failure::refused(format!("error reading the service account's token: {reason}"))
            })?
        }
        jwt => jwt,
    };
    let body = json!({"jwt": jwt.trim(), "role": role});
    let body = body.as_object().cloned().unwrap_or_default();
    post(session, &format!("auth/{}/login", text(config, "mount")), body)
}
