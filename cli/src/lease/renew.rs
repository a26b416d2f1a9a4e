//! `lease renew`.

use client::Request;
use serde_json::json;

use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::Flag;
use crate::flags::shared::{FORMATTED, HTTP};
use crate::golang::Seconds;
use crate::session::Session;

pub(super) static RENEW: Command = Command {
    name: "renew",
    synopsis: "Let a lease live on",
    usage: "[options] ID",
    about: "
Lets what lives on a lease live on.

    $ vault lease renew database/creds/readonly/2f6a614c...
    $ vault lease renew -increment=30m database/creds/readonly/2f6a614c...
",
    sections: &[HTTP, FORMATTED, Section::own(&[&INCREMENT])],
    takes: Takes::between(0, 1, "1-2"),
    action: Action::Run(run),
    ..Command::LEAF
};

static INCREMENT: Flag = Flag::duration(
    "increment",
    "How long it shall last from now. The server may grant less.",
)
.alias(&["i"]);

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let id = session.argument(0).trim().to_owned();
    if id.is_empty() {
        return Err(Failure::misuse("Missing ID!"));
    }
    let Seconds(increment) = session.flags.duration(&INCREMENT);
    let request = Request::put("sys/leases/renew").json(&json!({"increment": increment, "lease_id": id}));
    let secret = session.find(request).context(|| format!("Error renewing {id}"))?;
    secret.map_or(Ok(Exit::Success), |secret| session.show(&secret))
}
