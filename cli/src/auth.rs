//! `auth`: which ways there are to log in, and where.

mod disable;
mod enable;
mod help;
mod list;
mod relocate;
mod tune;

use crate::command::{Action, Command};

pub(crate) static AUTH: Command = Command {
    name: "auth",
    synopsis: "Ways to log in",
    about: "
Lists, adds, changes, moves and removes auth methods: ways to log in. To log in, use \"login\" or the method's own path.

    $ vault auth list

    $ vault auth enable kubernetes
",
    action: Action::Group(&[
        &disable::DISABLE,
        &enable::ENABLE,
        &help::HELP,
        &list::LIST,
        &relocate::MOVE,
        &tune::TUNE,
    ]),
    ..Command::GROUP
};
