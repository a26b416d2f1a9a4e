//! `secrets tune`.

use client::Request;

use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::HTTP;
use crate::mounts::{settings, tuning};
use crate::paths;
use crate::session::Session;

pub(super) static TUNE: Command = Command {
    name: "tune",
    synopsis: "Change settings of a secrets engine",
    usage: "[options] PATH",
    about: "
Changes settings of a secrets engine. What is not named stays as it is.

    $ vault secrets tune -default-lease-ttl=1h database/
",
    sections: &[
        HTTP,
        Section::own(&[
            &settings::ALLOWED_RESPONSE_HEADERS,
            &settings::AUDIT_NON_HMAC_REQUEST_KEYS,
            &settings::AUDIT_NON_HMAC_RESPONSE_KEYS,
            &settings::DEFAULT_LEASE_TTL,
            &settings::DESCRIPTION,
            &settings::LISTING_VISIBILITY,
            &settings::MAX_LEASE_TTL,
            &settings::OPTIONS,
            &settings::PASSTHROUGH_REQUEST_HEADERS,
            &settings::PLUGIN_VERSION,
            &settings::VERSION,
        ]),
    ],
    takes: Takes::one(),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let path = paths::mount(&session.argument(0));
    let request = Request::post(&format!("sys/mounts/{path}tune")).json(&tuning::given(&session.flags));
    session
        .send(request)
        .context(|| format!("Error tuning secrets engine {path}"))?;
    session
        .terminal
        .say(&format!("Success! Tuned the secrets engine at: {path}"));
    Ok(Exit::Success)
}
