//! `plugin reload`.

use client::Request;
use serde_json::{Map, Value, json};

use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::Flag;
use crate::flags::shared::HTTP;
use crate::session::Session;

pub(super) static RELOAD: Command = Command {
    name: "reload",
    synopsis: "Start a plugin anew",
    about: "
Starts the plugin of some mounts anew.

    $ vault plugin reload -plugin=my-plugin
",
    sections: &[HTTP, Section::own(&[&MOUNTS, &PLUGIN])],
    takes: Takes::anything(),
    action: Action::Run(run),
    ..Command::LEAF
};

static MOUNTS: Flag = Flag::list(
    "mounts",
    "Path of a mount whose plugin to start anew. May be given several times.",
);
static PLUGIN: Flag = Flag::text("plugin", "Name of the plugin to start anew on all its mounts.");

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let (plugin, mounts) = (
        session.flags.text(&PLUGIN).to_owned(),
        session.flags.words(&MOUNTS),
    );
    if plugin.is_empty() && mounts.is_empty() {
        Takes::one().check(session.arguments.len())?;
    }
    let mut body = Map::new();
    if !plugin.is_empty() {
        body.insert("plugin".to_owned(), json!(plugin));
    }
    if !mounts.is_empty() {
        body.insert("mounts".to_owned(), json!(mounts));
    }
    let request = Request::put("sys/plugins/reload/backend").json(&Value::Object(body));
    session
        .send(request)
        .context(|| "Error reloading plugin/mounts".to_owned())?;
    let what = if plugin.is_empty() {
        format!("mounts: {mounts:?}")
    } else {
        format!("plugin: {plugin}")
    };
    session.terminal.say(&format!("Success! Reloaded {what}"));
    Ok(Exit::Success)
}
