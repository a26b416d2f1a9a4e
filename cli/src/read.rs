//! `read`: whatever is at a path.

use client::{Request, Secret};

use crate::command::{Action, Command, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{FIELDS, HTTP};
use crate::output::Format;
use crate::paths;
use crate::session::Session;

pub(crate) static READ: Command = Command {
    name: "read",
    synopsis: "Show what is at a path",
    usage: "[options] PATH [key=value ...]",
    about: "
Reads what is at a path: a secret, a configuration, or dynamic credentials, which come to be by being read. What
follows the path goes into the query.

    $ vault read secret/data/customers
    $ vault read database/creds/readonly
    $ vault read secret/data/customers version=3
",
    sections: &[HTTP, FIELDS],
    takes: Takes::at_least(1, "1"),
    prints_raw: true,
    action: Action::Run(run),
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let path = paths::bare(&session.argument(0));
    let data = session.data_from(1)?;
    let mut request = Request::get(&path);
    for (name, value) in &data {
        let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        for value in values {
            request = request.parameter(name, &crate::golang::plain(&value));
        }
    }
    let doing = || format!("Error reading {path}");
    if session.format == Format::Raw {
        let answer = session.send(request).context(doing)?;
        session.terminal.say(answer.text.trim_end());
        return Ok(Exit::Success);
    }
    let secret: Option<Secret> = session.find(request).context(doing)?;
    match secret {
        Some(secret) => session.show(&secret),
        None => Err(Failure::refused(format!("No value found at {path}"))),
    }
}
