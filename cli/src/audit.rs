//! `audit`: where is written down who did what.

mod disable;
mod enable;
mod list;

pub(crate) use list::replication;

use crate::command::{Action, Command};

pub(crate) static AUDIT: Command = Command {
    name: "audit",
    synopsis: "Audit devices",
    about: "
Lists, adds and removes audit devices: where is written down who did what.

    $ vault audit list -detailed

    $ vault audit enable file file_path=/var/log/audit.log
",
    action: Action::Group(&[&disable::DISABLE, &enable::ENABLE, &list::LIST]),
    ..Command::GROUP
};
