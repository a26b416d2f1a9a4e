//! `token`: making, looking up, renewing and revoking tokens.

mod capabilities;
mod create;
mod lookup;
mod renew;
mod revoke;

use crate::command::{Action, Command};

pub(crate) static TOKEN: Command = Command {
    name: "token",
    synopsis: "Tokens",
    about: "
Makes tokens, shows what they may do and how long, and ends them.

    $ vault token create -policy=api-service

    $ vault token lookup
",
    action: Action::Group(&[
        &capabilities::CAPABILITIES,
        &create::CREATE,
        &lookup::LOOKUP,
        &renew::RENEW,
        &revoke::REVOKE,
    ]),
    ..Command::GROUP
};
