//! `secrets enable`.

use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::HTTP;
use crate::mounts::settings;
use crate::mounts::wanted::{Place, request};
use crate::session::Session;

pub(super) static ENABLE: Command = Command {
    name: "enable",
    synopsis: "Add a secrets engine",
    usage: "[options] TYPE",
    about: "
Adds a secrets engine, at the path that is called like its type or at another.

    $ vault secrets enable database
    $ vault secrets enable -path=team -version=2 kv
",
    sections: &[
        HTTP,
        Section::own(&[
            &settings::ALLOWED_RESPONSE_HEADERS,
            &settings::AUDIT_NON_HMAC_REQUEST_KEYS,
            &settings::AUDIT_NON_HMAC_RESPONSE_KEYS,
            &settings::DEFAULT_LEASE_TTL,
            &settings::DESCRIPTION,
            &settings::EXTERNAL_ENTROPY_ACCESS,
            &settings::FORCE_NO_CACHE,
            &settings::LISTING_VISIBILITY,
            &settings::LOCAL,
            &settings::MAX_LEASE_TTL,
            &settings::OPTIONS,
            &settings::PASSTHROUGH_REQUEST_HEADERS,
            &settings::PATH,
            &settings::PLUGIN_NAME,
            &settings::PLUGIN_VERSION,
            &settings::SEAL_WRAP,
            &settings::VERSION,
        ]),
    ],
    takes: Takes::one(),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let place = Place::of(session);
    session
        .send(request("sys/mounts", &place, &session.flags))
        .context(|| "Error enabling".to_owned())?;
    session.terminal.say(&format!(
        "Success! Enabled the {} secrets engine at: {}",
        place.kind, place.path
    ));
    Ok(Exit::Success)
}
