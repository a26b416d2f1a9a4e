//! `status`: is the server there, initialised, unsealed?

use client::{Answer, Request, Wrapping};
use serde_json::{Map, Value};

use crate::command::{Action, Command};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{FORMATTED, HTTP};
use crate::golang;
use crate::output::Table;
use crate::session::Session;

pub(crate) static STATUS: Command = Command {
    name: "status",
    synopsis: "Show whether the server is initialised and unsealed",
    about: "
Shows whether the server is initialised and unsealed. The exit status is 0 if it is unsealed, 2 if it is sealed, and 1
if it cannot be asked.

    $ vault status
",
    sections: &[HTTP, FORMATTED],
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let asked = session.send(Request::get("sys/seal-status").wrapping(Wrapping::Never));
    let answer = asked
        .context(|| "Error checking seal status".to_owned())
        .map_err(unreachable)?;
    let leader = session.ask(Request::get("sys/leader").wrapping(Wrapping::Never));
    let leader = match leader {
        Ok(answer) => answer.body,
        // A sealed server has no leader, which is nothing to complain about here.
        Err(failure) if failure.text().contains("Vault is sealed") => None,
        Err(failure) => return Err(unreachable(failure.context("Error checking leader status"))),
    };
    let status = status(&answer, leader.as_ref());
    session.show_table(&seal_table(&status), &status)?;
    let sealed = status.get("sealed").and_then(Value::as_bool).unwrap_or(true);
    Ok(if sealed { Exit::Refused } else { Exit::Success })
}

/// Here, 2 means sealed; a server that is not there must not look like one.
fn unreachable(failure: Failure) -> Failure {
    match failure {
        described @ Failure::Described(_) => described,
        failure => Failure::misuse(failure.text()),
    }
}

/// What the server says of its seal, and of its leader.
fn status(answer: &Answer, leader: Option<&Value>) -> Map<String, Value> {
    let mut status = sealing(answer);
    let about_leader = [
        "ha_enabled",
        "is_self",
        "active_time",
        "leader_address",
        "leader_cluster_address",
    ];
    let enabled = leader
        .and_then(|leader| leader.get("ha_enabled"))
        .and_then(Value::as_bool)
        .unwrap_or_default();
    status.insert("ha_enabled".to_owned(), Value::from(enabled));
    for name in about_leader {
        if let Some(value) = leader.filter(|_| enabled).and_then(|leader| leader.get(name)) {
            status.insert(name.to_owned(), value.clone());
        }
    }
    status
}

/// What the server says of its seal, every member of it.
pub(crate) fn sealing(answer: &Answer) -> Map<String, Value> {
    let mut status = answer
        .body
        .as_ref()
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    for name in [
        "build_date",
        "commit_date",
        "nonce",
        "type",
        "storage_type",
        "version",
    ] {
        status.entry(name).or_insert_with(|| Value::from(""));
    }
    for name in ["migration", "recovery_seal"] {
        status.entry(name).or_insert(Value::Bool(false));
    }
    status.entry("ha_enabled").or_insert(Value::Bool(false));
    status
}

/// The status for people.
pub(crate) fn seal_table(status: &Map<String, Value>) -> Table {
    let text = |name: &str| status.get(name).map(golang::plain).unwrap_or_default();
    let is = |name: &str| status.get(name).and_then(Value::as_bool).unwrap_or_default();
    let mut table = Table::new(["Key", "Value"]);
    table.pair("Seal Type", &text("type"));
    if is("recovery_seal") {
        table.pair("Recovery Seal Type", &text("recovery_seal_type"));
    }
    table.pair("Initialized", &text("initialized"));
    table.pair("Sealed", &text("sealed"));
    let shares = if is("recovery_seal") {
        "Total Recovery Shares"
    } else {
        "Total Shares"
    };
    table.pair(shares, &text("n"));
    table.pair("Threshold", &text("t"));
    if is("sealed") {
        table.pair("Unseal Progress", &format!("{}/{}", text("progress"), text("t")));
        table.pair("Unseal Nonce", &text("nonce"));
    }
    if is("migration") {
        table.pair("Seal Migration in Progress", &"true");
    }
    table.pair("Version", &text("version"));
    if !text("build_date").is_empty() {
        table.pair("Build Date", &text("build_date"));
    }
    table.pair("Storage Type", &text("storage_type"));
    for (title, name) in [("Cluster Name", "cluster_name"), ("Cluster ID", "cluster_id")] {
        if !text(name).is_empty() {
            table.pair(title, &text(name));
        }
    }
    table.pair("HA Enabled", &text("ha_enabled"));
    if is("ha_enabled") && !is("sealed") {
        table.pair("HA Mode", &if is("is_self") { "active" } else { "standby" });
        table.pair("Active Node Address", &text("leader_address"));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(body: &str) -> String {
        let status: Map<String, Value> = serde_json::from_str(body).expect("JSON");
        seal_table(&status).draw()
    }

    #[test]
    fn a_sealed_server_shows_its_progress() {
        let text = table(r#"{"type": "shamir", "sealed": true, "n": 3, "t": 2, "progress": 1, "nonce": ""}"#);
        assert!(
            text.contains("Unseal Progress    1/2\nUnseal Nonce       n/a\n"),
            "{text}"
        );
    }

    #[test]
    fn an_unsealed_server_shows_its_cluster_instead() {
        let text = table(
            r#"{"sealed": false, "n": 3, "t": 2, "progress": 0, "cluster_name": "c", "cluster_id": "i"}"#,
        );
        assert!(
            !text.contains("Progress") && text.contains("Cluster Name    c\nCluster ID      i\n"),
            "{text}"
        );
    }
}
