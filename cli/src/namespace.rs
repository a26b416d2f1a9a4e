//! `namespace`: parts of the server that are administered apart.

mod create;
mod delete;
mod list;
mod lookup;
mod shown;

use crate::command::{Action, Command};

pub(crate) static NAMESPACE: Command = Command {
    name: "namespace",
    synopsis: "Namespaces",
    about: "
Lists, makes and deletes namespaces: parts of the server that are administered apart.

    $ vault namespace create team

    $ vault namespace list
",
    action: Action::Group(&[&create::CREATE, &delete::DELETE, &list::LIST, &lookup::LOOKUP]),
    ..Command::GROUP
};
