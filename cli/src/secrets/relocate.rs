//! `secrets move`.

use crate::command::{Action, Command, Takes};
use crate::failure::{Exit, Failure};
use crate::flags::shared::HTTP;
use crate::mounts::movement;
use crate::session::Session;

pub(super) static MOVE: Command = Command {
    name: "move",
    synopsis: "Move a secrets engine to another path",
    usage: "[options] SOURCE DESTINATION",
    about: "
Moves a secrets engine to another path, with all that it holds. Leases that it made end.

    $ vault secrets move team/ archive/team/
",
    sections: &[HTTP],
    takes: Takes::two(),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    movement::run(session, "secrets engine")
}
