//! `secrets list`.

use client::Request;

use crate::command::{Action, Command};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{DETAILED, DETAILS, HTTP};
use crate::mounts::details::{self, entry};
use crate::output::Table;
use crate::session::Session;

pub(super) static LIST: Command = Command {
    name: "list",
    synopsis: "List the secrets engines",
    about: "
Lists the secrets engines and their paths.

    $ vault secrets list -detailed
",
    sections: &[HTTP, DETAILS],
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let answer = session
        .send(Request::get("sys/mounts"))
        .context(|| "Error listing secrets engines".to_owned())?;
    let mounts = details::mounts(&answer);
    if session.switch(&DETAILED) {
        let own = [
            "Path",
            "Plugin",
            "Accessor",
            "Default TTL",
            "Max TTL",
            "Force No Cache",
        ];
        let mut table = Table::wide(&own, &details::COMMON);
        for (path, mount) in &mounts {
            let own = [
                path.clone(),
                entry(mount, "type"),
                entry(mount, "accessor"),
                details::ttl(mount, "default_lease_ttl"),
                details::ttl(mount, "max_lease_ttl"),
                details::setting(mount, "force_no_cache"),
            ];
            table.wide_row(&own, &details::common(mount));
        }
        return session.show_table(&table, &mounts);
    }
    let mut table = Table::new(["Path", "Type", "Accessor", "Description"]);
    for (path, mount) in &mounts {
        let [kind, accessor, description] =
            ["type", "accessor", "description"].map(|name| entry(mount, name));
        table.row([path.clone(), kind, accessor, description]);
    }
    session.show_table(&table, &mounts)
}
