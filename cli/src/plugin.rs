//! `plugin`: which plugins the server knows.

mod info;
mod list;
mod reload;

use crate::command::{Action, Command};

pub(crate) static PLUGIN: Command = Command {
    name: "plugin",
    synopsis: "Plugins that the server knows",
    about: "
Lists the plugins that the server knows: secrets engines, auth methods and kinds of databases.

    $ vault plugin list
",
    action: Action::Group(&[&info::INFO, &list::LIST, &reload::RELOAD]),
    ..Command::GROUP
};

/// The kinds of plugins.
const KINDS: [&str; 3] = ["auth", "database", "secret"];

/// What is wrong with a kind that is none.
fn unsupported(kind: &str) -> String {
    format!("{kind:?} is not a supported plugin type")
}
