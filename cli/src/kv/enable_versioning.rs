//! `kv enable-versioning`: from now on a mount keeps versions.

use client::Request;
use serde_json::json;

use crate::command::{Action, Command, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::HTTP;
use crate::paths;
use crate::session::Session;

pub(super) static ENABLE_VERSIONING: Command = Command {
    name: "enable-versioning",
    synopsis: "Let a mount keep versions",
    usage: "[options] PATH",
    about: "
Turns a mount that keeps no versions into one that does. What is on it becomes the first version. There is no way back.

    $ vault kv enable-versioning secret
",
    sections: &[HTTP],
    takes: Takes::one(),
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let mount = paths::mount(&session.argument(0));
    let request =
        Request::post(&format!("sys/mounts/{mount}tune")).json(&json!({"options": {"version": "2"}}));
    session
        .send(request)
        .context(|| format!("Error tuning secrets engine {mount}"))?;
    session
        .terminal
        .say(&format!("Success! Tuned the secrets engine at: {mount}"));
    Ok(Exit::Success)
}
