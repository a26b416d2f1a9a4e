//! `server`: only its name. The program answers to it before it asks this crate, which knows nothing of servers.

use crate::command::{Action, Command, Takes};
use crate::failure::{Exit, Failure};
use crate::session::Session;

pub(crate) static SERVER: Command = Command {
    name: "server",
    synopsis: "Start a server",
    about: "
Starts a server.

    $ vault server -config=/etc/strongroom/config.hcl
    $ vault server -dev
",
    takes: Takes::anything(),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(_session: &mut Session<'_>) -> Result<Exit, Failure> {
    Err(Failure::misuse("This program was built without the server."))
}
