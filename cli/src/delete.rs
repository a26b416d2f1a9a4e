//! `delete`: what is at a path.

use client::{Request, Secret};

use crate::command::{Action, Command, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{FIELDS, HTTP};
use crate::golang;
use crate::paths;
use crate::session::Session;

pub(crate) static DELETE: Command = Command {
    name: "delete",
    synopsis: "Delete what is at a path",
    usage: "[options] PATH [key=value ...]",
    about: "
Deletes what is at a path. What follows the path goes into the query.

    $ vault delete secret/data/customers
    $ vault delete auth/kubernetes/role/api
",
    sections: &[HTTP, FIELDS],
    takes: Takes::at_least(1, "at least 1"),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let path = paths::bare(&session.argument(0));
    let mut request = Request::delete(&path);
    for (name, value) in &session.data_from(1)? {
        request = request.parameter(name, &golang::plain(value));
    }
    let answer = session
        .send(request)
        .context(|| format!("Error deleting {path}"))?;
    match Secret::parse(&answer) {
        Some(secret) => session.show(&secret),
        None => session.succeed(&format!("Success! Data deleted (if it existed) at: {path}")),
    }
}
