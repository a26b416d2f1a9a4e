//! `secrets`: which secrets engines there are, and where.

mod disable;
mod enable;
mod list;
mod relocate;
mod tune;

use crate::command::{Action, Command};

pub(crate) static SECRETS: Command = Command {
    name: "secrets",
    synopsis: "Secrets engines",
    about: "
Lists, adds, changes, moves and removes secrets engines.

    $ vault secrets list

    $ vault secrets enable database
",
    action: Action::Group(&[
        &disable::DISABLE,
        &enable::ENABLE,
        &list::LIST,
        &relocate::MOVE,
        &tune::TUNE,
    ]),
    ..Command::GROUP
};
