//! `auth list`.

use client::Request;

use crate::command::{Action, Command};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{DETAILED, DETAILS, HTTP};
use crate::mounts::details::{self, entry};
use crate::output::Table;
use crate::session::Session;

pub(super) static LIST: Command = Command {
    name: "list",
    synopsis: "List the auth methods",
    about: "
Lists the auth methods and their paths.

    $ vault auth list -detailed
",
    sections: &[HTTP, DETAILS],
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let answer = session.send(Request::get("sys/auth"));
    let answer = answer.context(|| "Error listing enabled authentications".to_owned())?;
    let methods = details::mounts(&answer);
    if session.switch(&DETAILED) {
        let own = [
            "Path",
            "Plugin",
            "Accessor",
            "Default TTL",
            "Max TTL",
            "Token Type",
        ];
        let mut table = Table::wide(&own, &details::COMMON);
        for (path, method) in &methods {
            let own = [
                path.clone(),
                entry(method, "type"),
                entry(method, "accessor"),
                details::ttl(method, "default_lease_ttl"),
                details::ttl(method, "max_lease_ttl"),
                details::setting(method, "token_type"),
            ];
            table.wide_row(&own, &details::common(method));
        }
        return session.show_table(&table, &methods);
    }
    let mut table = Table::new(["Path", "Type", "Accessor", "Description", "Version"]);
    for (path, method) in &methods {
        let [kind, accessor, description, version] =
            ["type", "accessor", "description", "plugin_version"].map(|name| entry(method, name));
        table.row([path.clone(), kind, accessor, description, version]);
    }
    session.show_table(&table, &methods)
}
