//! `kv get`: a secret, the newest version of it or another.

use client::{Request, Secret};
use serde_json::{Map, Value};

use super::mount::{Location, MOUNT};
use super::written::{map_table, path_heading};
use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::Flag;
use crate::flags::shared::{FIELD, FIELDS, HTTP};
use crate::output::Format;
use crate::session::Session;

pub(super) static GET: Command = Command {
    name: "get",
    synopsis: "Show a secret",
    usage: "[options] KEY",
    about: "
Shows a secret: the newest version, or the one that is asked for.

    $ vault kv get -mount=secret app
    $ vault kv get -mount=secret -version=1 app
    $ vault kv get -mount=secret -field=password app
",
    sections: &[HTTP, FIELDS, Section::own(&[&MOUNT, &VERSION])],
    takes: Takes::one(),
    action: Action::Run(run),
    ..Command::LEAF
};

static VERSION: Flag = Flag::integer("version", "Version to show; 0 is the newest.").default("0");

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let location = Location::of_argument(session)?;
    let path = location.path("data");
    let mut request = Request::get(&path);
    let version = session.flags.integer(&VERSION);
    if location.versioned && version > 0 {
        request = request.parameter("version", &version.to_string());
    }
    let secret = session
        .find(request)
        .context(|| format!("Error reading {path}"))?;
    let secret = secret.ok_or_else(|| Failure::refused(format!("No value found at {path}")))?;
    if secret.wrap_info.is_some() {
        return session.show(&secret);
    }
    let field = session.flags.text(&FIELD).to_owned();
    if !field.is_empty() {
        return show_field(session, &location, secret, &field);
    }
    if session.format != Format::Table {
        return session.show(&secret);
    }
    if location.versioned {
        show_version(session, &path, &secret)
    } else {
        show_plain(session, &secret)
    }
}

fn show_field(
    session: &mut Session<'_>,
    at: &Location,
    secret: Secret,
    field: &str,
) -> Result<Exit, Failure> {
    if !at.versioned {
        return session.show_field(&secret, field);
    }
    let nothing = || Failure::refused(format!("No data found at {}", at.path("data")));
    let data = object(&secret, "data").cloned().ok_or_else(nothing)?;
    session.show_field(
        &Secret {
            data: Some(data),
            ..secret
        },
        field,
    )
}

fn show_version(session: &mut Session<'_>, path: &str, secret: &Secret) -> Result<Exit, Failure> {
    session.terminal.say(&path_heading("Secret Path", path));
    if let Some(metadata) = object(secret, "metadata") {
        session.terminal.say(&map_table("Metadata", metadata));
        session.terminal.say("");
    }
    if let Some(data) = object(secret, "data") {
        session.terminal.say(&map_table("Data", data));
    }
    Ok(Exit::Success)
}

fn show_plain(session: &mut Session<'_>, secret: &Secret) -> Result<Exit, Failure> {
    if let Some(data) = &secret.data {
        session.terminal.say(&map_table("Data", data));
    }
    Ok(Exit::Success)
}

fn object<'a>(secret: &'a Secret, name: &str) -> Option<&'a Map<String, Value>> {
    secret.datum(name)?.as_object()
}
