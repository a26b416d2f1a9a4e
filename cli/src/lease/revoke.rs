//! `lease revoke`.

use client::Request;
use serde_json::json;

use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::Flag;
use crate::flags::shared::HTTP;
use crate::session::Session;

pub(super) static REVOKE: Command = Command {
    name: "revoke",
    synopsis: "End leases",
    usage: "[options] ID",
    about: "
Ends a lease, or all leases whose ids begin with a prefix. What lives on them is revoked.

    $ vault lease revoke database/creds/readonly/2f6a614c...
    $ vault lease revoke -prefix database/creds
",
    sections: &[HTTP, Section::own(&[&FORCE, &PREFIX, &SYNC])],
    takes: Takes::one(),
    action: Action::Run(run),
    ..Command::LEAF
};

static FORCE: Flag = Flag::switch(
    "force",
    "Forget the leases even if what lives on them cannot be revoked, because the database is gone, say. Needs -prefix.",
)
.alias(&["f"]);
static PREFIX: Flag = Flag::switch("prefix", "The argument is a prefix of ids.");
static SYNC: Flag = Flag::switch("sync", "Wait until it is done.");

const WARNING: &str =
    "Warning! Force-removing leases can cause Vault to become out of sync with\nsecret engines!";

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let id = session.argument(0).trim().to_owned();
    let flags = [&FORCE, &PREFIX, &SYNC].map(|flag| session.flags.switch(flag));
    let (request, done, doing) = match flags {
        [true, false, _] => {
            return Err(Failure::misuse(
                "Specifying -force requires also specifying -prefix",
            ));
        }
        [true, true, _] => {
            session.terminal.warn(WARNING);
            let request = Request::put(&format!("sys/leases/revoke-force/{id}"));
            (
                request,
                format!("Success! Force revoked any leases with prefix: {id}"),
                "Error force revoking leases with prefix",
            )
        }
        [false, true, sync] => {
            let request =
                Request::put(&format!("sys/leases/revoke-prefix/{id}")).json(&json!({"sync": sync}));
            (
                request,
                format!("Success! Revoked any leases with prefix: {id}"),
                "Error revoking leases with prefix",
            )
        }
        [false, false, sync] => {
            let request = Request::put(&format!("sys/leases/revoke/{id}")).json(&json!({"sync": sync}));
            (
                request,
                format!("Success! Revoked lease: {id}"),
                "Error revoking lease",
            )
        }
    };
    session.send(request).context(|| format!("{doing} {id}"))?;
    let waited = session.flags.switch(&SYNC) || session.flags.switch(&FORCE);
    session.terminal.say(if waited {
        &done
    } else {
        "All revocation operations queued successfully!"
    });
    Ok(Exit::Success)
}
