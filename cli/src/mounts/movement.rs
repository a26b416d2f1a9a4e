//! A mount that moves to another path.

use std::time::Duration;

use client::Request;
use serde_json::{Value, json};

use crate::failure::{Context, Exit, Failure};
use crate::output::cell;
use crate::paths;
use crate::session::Session;

/// Moves the mount of the first argument to the path of the second, and waits until it has arrived.
pub(crate) fn run(session: &mut Session<'_>, what: &str) -> Result<Exit, Failure> {
    let [from, to] = [0, 1].map(|number| paths::mount(&session.argument(number)));
    let request = Request::post("sys/remount").json(&json!({"from": from, "to": to}));
    let answer = session
        .send(request)
        .context(|| format!("Error moving {what} {from} to {to}"))?;
    let id = cell(answer.member("migration_id"));
    let about = format!("{what} {from} to {to}, with migration ID {id}");
    session.terminal.say(&format!("Started moving {about}"));
    loop {
        match status(session, &id)?.as_str() {
            "success" => {
                session.terminal.say(&format!("Success! Finished moving {about}"));
                return Ok(Exit::Success);
            }
            "failure" => {
                return Err(Failure::refused(format!(
                    "Failure! Error encountered moving {about}"
                )));
            }
            _ => {
                session
                    .terminal
                    .say(&format!("Waiting for terminal status in migration of {about}"));
                session.pause(Duration::from_secs(1));
            }
        }
    }
}

fn status(session: &Session<'_>, id: &str) -> Result<String, Failure> {
    let answer = session.ask(Request::get(&format!("sys/remount/status/{id}")));
    let answer = answer.context(|| format!("Error checking migration status of ID {id}"))?;
    let info = answer.member("migration_info");
    Ok(info
        .and_then(|info| info.get("status"))
        .and_then(Value::as_str)
        .unwrap_or("failure")
        .to_owned())
}
