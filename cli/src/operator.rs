//! `operator`: what whoever runs the server does.

mod init;
mod key_status;
mod members;
mod root;
mod rotate;
mod seal;
mod shares;
mod step_down;
mod unseal;

use crate::command::{Action, Command};

pub(crate) static OPERATOR: Command = Command {
    name: "operator",
    synopsis: "Initialise, seal and unseal; keys and root tokens",
    about: "
Initialises, unseals and seals the server, changes its keys, and makes new root tokens.

    $ vault operator init

    $ vault operator unseal
",
    action: Action::Group(&[
        &root::GENERATE_ROOT,
        &init::INIT,
        &key_status::KEY_STATUS,
        &members::MEMBERS,
        &shares::REKEY,
        &rotate::ROTATE,
        &shares::ROTATE_KEYS,
        &seal::SEAL,
        &step_down::STEP_DOWN,
        &unseal::UNSEAL,
    ]),
    ..Command::GROUP
};

/// How a key share is asked for.
const ASKED: &str = "Unseal Key (will be hidden): ";
