//! `operator members`: the nodes of the cluster.

use client::Request;
use serde_json::{Value, json};

use crate::command::{Action, Command};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{FORMATTED, HTTP};
use crate::output::{Table, cell};
use crate::session::Session;

pub(super) static MEMBERS: Command = Command {
    name: "members",
    synopsis: "List the nodes of the cluster",
    about: "
Lists the nodes of the cluster.

    $ vault operator members
",
    sections: &[HTTP, FORMATTED],
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let answer = session.send(Request::get("sys/ha-status"));
    let answer = answer.context(|| "Error retrieving HA status".to_owned())?;
    let nodes = answer.member("nodes").cloned().unwrap_or_else(|| json!([]));
    let header = [
        "Host Name",
        "API Address",
        "Cluster Address",
        "Active Node",
        "Version",
        "Last Echo",
    ];
    let mut table = Table::new(header);
    for node in nodes.as_array().into_iter().flatten() {
        let names = [
            "hostname",
            "api_address",
            "cluster_address",
            "active_node",
            "version",
            "last_echo",
        ];
        table.row(names.map(|name| cell(node.get(name).filter(|value| !value.is_null()))));
    }
    session.show_table(&table, &json!({"Nodes": Value::clone(&nodes)}))
}
