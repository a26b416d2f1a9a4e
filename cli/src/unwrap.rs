//! `unwrap`: the answer that a wrapping token stands for.

use client::{Credential, Request, Secret, Token, Wrapping};
use serde_json::json;

use crate::command::{Action, Command, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{FIELD, FIELDS, HTTP};
use crate::session::{Listing, Session};

pub(crate) static UNWRAP: Command = Command {
    name: "unwrap",
    synopsis: "Open a wrapped answer",
    usage: "[options] [TOKEN]",
    about: "
Shows the answer that a wrapping token stands for, as if it had just been given. It works once. Without an argument
the user's own token is the wrapping token.

    $ vault unwrap hvs.CAES...
",
    sections: &[HTTP, FIELDS],
    takes: Takes::between(0, 1, "0-1"),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let token = session.argument(0);
    let secret = session
        .find(request(session, &token)?)
        .context(|| "Error unwrapping".to_owned())?;
    let Some(secret) = secret else {
        return Err(Failure::refused("Could not find wrapped response"));
    };
    let is_list = secret.datum("keys").is_some_and(serde_json::Value::is_array);
    if is_list && session.flags.text(&FIELD).is_empty() {
        return session.show_list(&Listing {
            secret: Some(&secret),
            nothing: "No value found".to_owned(),
        });
    }
    session.show(&secret)
}

/// The request that opens a wrapping: with its token as the caller's, or in the body where the caller has one too.
fn request(session: &Session<'_>, token: &str) -> Result<Request, Failure> {
    let request = Request::put("sys/wrapping/unwrap").wrapping(Wrapping::Never);
    let Some(wrapping) = Token::parse(token) else {
        return Ok(request);
    };
    Ok(match session.token()? {
        Some(own) if own.expose() != wrapping.expose() => request.json(&json!({"token": wrapping.expose()})),
        _ => request.credential(Credential::Token(wrapping)),
    })
}

/// Opens the wrapping of a login.
pub(crate) fn unwrap(session: &Session<'_>, token: Token) -> Result<Option<Secret>, Failure> {
    let request = Request::put("sys/wrapping/unwrap")
        .wrapping(Wrapping::Never)
        .credential(Credential::Token(token));
    Ok(Secret::parse(&session.ask(request)?))
}
