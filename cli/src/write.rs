//! `write`: data to a path.

use client::{Request, Secret};
use serde_json::Value;

use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::Flag;
use crate::flags::shared::{FIELDS, HTTP};
use crate::output::Format;
use crate::paths;
use crate::session::Session;

pub(crate) static WRITE: Command = Command {
    name: "write",
    synopsis: "Write data to a path",
    usage: "[options] PATH [DATA key=value ...]",
    about: "
Writes data to a path: a secret, a configuration, a login. A value that begins with \"@\" is the name of a file, and
\"-\" is standard input. A single \"-\" or \"@file\" is all of the data, as JSON.

    $ vault write pki/roles/web allowed_domains=example.com allow_subdomains=true
    $ vault write aws/config/root access_key=... secret_key=@key.txt
    $ echo '{\"ttl\": \"1h\"}' | vault write auth/kubernetes/role/api -
",
    sections: &[HTTP, FIELDS, Section::own(&[&FORCE])],
    takes: Takes::at_least(1, "1"),
    prints_raw: true,
    action: Action::Run(run),
};

pub(crate) static FORCE: Flag = Flag::switch("force", "Write even without data.").alias(&["f"]);

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    write(session, Request::put)
}

/// Writes the data of the command line by a request of this kind.
pub(crate) fn write(session: &mut Session<'_>, method: fn(&str) -> Request) -> Result<Exit, Failure> {
    let path = paths::bare(&session.argument(0));
    let data = session.data_from(1)?;
    if data.is_empty() && session.arguments.len() == 1 && !session.flags.switch(&FORCE) {
        return Err(Failure::misuse("Must supply data or use -force"));
    }
    let mut request = method(&path);
    if !data.is_empty() || !session.flags.switch(&FORCE) {
        request = request.json(&Value::Object(data));
    }
    let answer = session
        .send(request)
        .context(|| format!("Error writing data to {path}"))?;
    if session.format == Format::Raw {
        session.terminal.say(answer.text.trim_end());
        return Ok(Exit::Success);
    }
    match Secret::parse(&answer) {
        Some(secret) => session.show(&secret),
        None => session.succeed(&format!("Success! Data written to: {path}")),
    }
}
