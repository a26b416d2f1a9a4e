//! `auth tune`.

use client::Request;

use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::HTTP;
use crate::mounts::{settings, tuning};
use crate::paths;
use crate::session::Session;

pub(super) static TUNE: Command = Command {
    name: "tune",
    synopsis: "Change settings of an auth method",
    usage: "[options] PATH",
    about: "
Changes settings of an auth method. What is not named stays as it is.

    $ vault auth tune -default-lease-ttl=1h people/
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
            &settings::TOKEN_TYPE,
            &settings::USER_LOCKOUT_COUNTER_RESET_DURATION,
            &settings::USER_LOCKOUT_DISABLE,
            &settings::USER_LOCKOUT_DURATION,
            &settings::USER_LOCKOUT_THRESHOLD,
            &settings::VERSION,
        ]),
    ],
    takes: Takes::one(),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let path = paths::mount(&session.argument(0));
    // Vault's client tunes auth methods as mounts below `auth/`, and so its users' policies name that path.
    let request = Request::post(&format!("sys/mounts/auth/{path}tune")).json(&tuning::given(&session.flags));
    session
        .send(request)
        .context(|| format!("Error tuning auth method {path}"))?;
    session
        .terminal
        .say(&format!("Success! Tuned the auth method at: {path}"));
    Ok(Exit::Success)
}
