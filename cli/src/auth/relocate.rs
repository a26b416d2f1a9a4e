//! `auth move`.

use crate::command::{Action, Command, Takes};
use crate::failure::{Exit, Failure};
use crate::flags::shared::HTTP;
use crate::mounts::movement;
use crate::session::Session;

pub(super) static MOVE: Command = Command {
    name: "move",
    synopsis: "Move an auth method to another path",
    usage: "[options] SOURCE DESTINATION",
    about: "
Moves an auth method to another path, with all that it holds. Tokens that it issued end.

    $ vault auth move auth/people/ auth/staff/
",
    sections: &[HTTP],
    takes: Takes::two(),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    movement::run(session, "auth method")
}
