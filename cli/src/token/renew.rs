//! `token renew`.

use client::Request;
use serde_json::json;

use super::lookup::{ACCESSOR, needs_accessor};
use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::Flag;
use crate::flags::shared::{FORMATTED, HTTP};
use crate::golang::Seconds;
use crate::session::Session;

pub(super) static RENEW: Command = Command {
    name: "renew",
    synopsis: "Let a token live on",
    usage: "[options] [TOKEN]",
    about: "
Lets a token live on: the one that is given, or the user's own.

    $ vault token renew
    $ vault token renew -increment=30m hvs.CAES...
",
    sections: &[HTTP, FORMATTED, Section::own(&[&ACCESSOR, &INCREMENT])],
    takes: Takes::between(0, 1, "0-1"),
    action: Action::Run(run),
    ..Command::LEAF
};

pub(crate) static INCREMENT: Flag = Flag::duration(
    "increment",
    "How long it shall live from now. The server may grant less.",
)
.alias(&["i"]);

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let given = session.argument(0).trim().to_owned();
    let Seconds(increment) = session.flags.duration(&INCREMENT);
    let request = match session.flags.switch(&ACCESSOR) {
        true => {
            needs_accessor(session)?;
            Request::post("auth/token/renew-accessor")
                .json(&json!({"accessor": given, "increment": increment}))
        }
        false if given.is_empty() => {
            Request::put("auth/token/renew-self").json(&json!({"increment": increment}))
        }
        false => Request::put("auth/token/renew").json(&json!({"increment": increment, "token": given})),
    };
    let secret = session
        .find(request)
        .context(|| "Error renewing token".to_owned())?;
    secret.map_or(Ok(Exit::Success), |secret| session.show(&secret))
}
