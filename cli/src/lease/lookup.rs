//! `lease lookup`.

use client::Request;
use serde_json::json;

use crate::command::{Action, Command, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{FORMATTED, HTTP};
use crate::session::Session;

pub(super) static LOOKUP: Command = Command {
    name: "lookup",
    synopsis: "Show a lease",
    usage: "[options] ID",
    about: "
Shows when a lease was made, when it ends, and whether it can be renewed.

    $ vault lease lookup database/creds/readonly/2f6a614c...
",
    sections: &[HTTP, FORMATTED],
    takes: Takes::between(0, 1, "1"),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let id = session.argument(0).trim().to_owned();
    if id.is_empty() {
        return Err(Failure::misuse("Missing ID!"));
    }
    let request = Request::put("sys/leases/lookup").json(&json!({"lease_id": id}));
    let secret = session
        .find(request)
        .context(|| format!("error looking up lease id {id}"))?;
    secret.map_or(Ok(Exit::Success), |secret| session.show(&secret))
}
