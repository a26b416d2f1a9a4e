//! With a token that one has already: it is looked up, to see that it is one.

use client::{Auth, Credential, Request, Secret, Token, Wrapping};
use serde_json::{Map, Value};

use super::method::text;
use crate::failure::{Context, Failure};
use crate::flags::shared::NON_INTERACTIVE;
use crate::golang::parse_bool;
use crate::session::Session;

pub(super) const ABOUT: &str = "  Logs in with a token. Without one it is asked for.

      $ vault login
      $ vault login token=hvs.CAES...

Configuration:

  token=<string>
      The token.

  lookup=<bool>
      Whether the server is asked about the token. The default is true.";

/// Looks the token up.
pub(super) fn log_in(session: &mut Session<'_>, config: &Map<String, Value>) -> Result<Secret, Failure> {
    let given = match config.get("token") {
        Some(_) => text(config, "token"),
        None if session.flags.switch(&NON_INTERACTIVE) => {
            return Err(Failure::refused(
                "'token' not supplied and refusing to pull from stdin",
            ));
        }
        None => ask(session)?,
    };
    let token = Token::parse(&given).ok_or_else(|| {
        Failure::refused("a token must be passed to auth, please view the help for more information")
    })?;
    if parse_bool(&text(config, "lookup")) == Ok(false) {
        let auth = Auth {
            client_token: given,
            ..Auth::default()
        };
        return Ok(Secret {
            auth: Some(auth),
            ..Secret::default()
        });
    }
    let request = Request::get("auth/token/lookup-self")
        .wrapping(Wrapping::Never)
        .credential(Credential::Token(token));
    let found = session
        .find(request)
        .context(|| "error looking up token".to_owned())?;
    let found =
        found.ok_or_else(|| Failure::refused("error looking up token: the server answered nothing"))?;
    Ok(as_login(found, given))
}

/// What a lookup found, in the form of a login's answer.
fn as_login(found: Secret, client_token: String) -> Secret {
    let text = |name| {
        found
            .datum(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let texts = |name| {
        let items = found.datum(name).and_then(Value::as_array)?;
        Some(
            items
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect::<Vec<String>>(),
        )
    };
    let is = |name| found.datum(name).and_then(Value::as_bool).unwrap_or_default();
    let auth = Auth {
        client_token,
        accessor: text("accessor"),
        policies: texts("policies"),
        token_policies: texts("policies"),
        identity_policies: texts("identity_policies"),
        metadata: found.datum("meta").and_then(Value::as_object).cloned(),
        orphan: is("orphan"),
        entity_id: text("entity_id"),
        lease_duration: found.datum("ttl").and_then(Value::as_i64).unwrap_or_default(),
        renewable: is("renewable"),
        mfa_requirement: None,
    };
    Secret {
        data: None,
        auth: Some(auth),
        ..found
    }
}

fn ask(session: &mut Session<'_>) -> Result<String, Failure> {
    session.terminal.ask("Token (will be hidden): ").map_err(|error| {
        Failure::refused(format!(
            "{error}. To log in without a terminal, pipe the token into the command and give \"-\" as its argument"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lookup_becomes_a_login() {
        let found =
            r#"{"data": {"policies": ["root"], "ttl": 5, "renewable": true, "meta": null, "accessor": "a"}}"#;
        let login = as_login(serde_json::from_str(found).expect("an envelope"), "t".to_owned());
        let auth = login.auth.expect("a login");
        assert_eq!(
            (auth.client_token.as_str(), auth.lease_duration, auth.renewable),
            ("t", 5, true)
        );
        assert_eq!(auth.token_policies, Some(vec!["root".to_owned()]));
        assert!(login.data.is_none());
    }
}
