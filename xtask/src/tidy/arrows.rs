//! Crates depend on what lies below them, and rooms beside each other do not see each other.
//!
//! The table is that of `STYLE.md`. What only a crate's tests depend on does not count.

use super::{Problem, Workspace};

/// Doors know every member of their folder; nobody between them and the server may go through one.
const DOORS: [&str; 3] = ["storage", "plugins", "server"];

/// Crates that hold bytes for us.
const BACKENDS: [&str; 3] = ["storage-memory", "storage-embedded", "storage-postgres"];

/// The command line's offline commands read policies and the ledger without a server.
const CLI: [&str; 4] = ["client", "hcl", "server-policy", "audit"];

const AGENT: [&str; 2] = ["client", "hcl"];

pub(super) fn check(workspace: &Workspace) -> Vec<Problem> {
    let ours = |name: &str| workspace.packages.iter().any(|package| package.name == name);
    let mut problems = Vec::new();
    for package in &workspace.packages {
        for dependency in package
            .dependencies
            .iter()
            .filter(|one| !one.is_for_tests() && ours(&one.name))
        {
            if let Err(reason) = arrow(&package.name, &dependency.name) {
                problems.push(Problem::new(
                    &package.name,
                    format!("depends on {}: {reason}", dependency.name),
                ));
            }
        }
    }
    problems
}

/// Says why one crate may not depend on another.
fn arrow(from: &str, to: &str) -> Result<(), &'static str> {
    if is_proof(from) {
        return if to == "xtask" {
            Err("nothing depends on the workshop")
        } else {
            Ok(())
        };
    }
    if is_proof(to) {
        return Err("only tests depend on tests");
    }
    let (Some(above), Some(below)) = (floor(from), floor(to)) else {
        return Err("one of the two has no floor yet; give it one in xtask/src/tidy/arrows.rs");
    };
    let member = to.strip_prefix(from).is_some_and(|rest| rest.starts_with('-'));
    match from {
        "crypto" if to != "logical" => Err("crypto sees logical alone"),
        "cli" if !CLI.contains(&to) => Err("the command line talks to a server through the client"),
        "agent" if !AGENT.contains(&to) => Err("the agent talks to a server through the client"),
        "cli" | "agent" => Ok(()),
        "storage" | "plugins" if !member && below > 1 => Err("a door sees the ground and its own members"),
        _ if is_plugin(from) && !["logical", "crypto"].contains(&to) => {
            Err("a plugin sees logical and crypto alone")
        }
        _ if below >= above => Err("it is not on a lower floor"),
        _ if is_between(from, above) && DOORS.contains(&to) => Err("a room does not go through a door"),
        _ if is_between(from, above) && (is_plugin(to) || BACKENDS.contains(&to)) => {
            Err("only its door knows a plugin or a backend")
        }
        _ => Ok(()),
    }
}

fn floor(name: &str) -> Option<u8> {
    Some(match name {
        "logical" | "hcl" => 0,
        "crypto" | "client" | "server-policy" | "server-identity" | "server-passwords" | "server-quotas"
        | "server-outbound" | "storage-changes" => 1,
        "audit" | "cli" | "agent" => 2,
        "storage" | "plugins" | "server-tokens" | "server-leases" | "server-mounts" => 3,
        "server-pipeline" => 4,
        "server-sys" | "server-cluster" | "server-http" => 5,
        "server" => 6,
        _ if name.starts_with("storage-") || is_plugin(name) => 2,
        _ => return None,
    })
}

/// Rooms above the doors and below the server.
fn is_between(name: &str, floor: u8) -> bool {
    (3..=5).contains(&floor) && !DOORS.contains(&name)
}

fn is_plugin(name: &str) -> bool {
    name.starts_with("plugins-")
}

fn is_proof(name: &str) -> bool {
    name == "tests" || name == "xtask"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from: &str, to: &str, allowed: bool) {
        assert_eq!(
            arrow(from, to).is_ok(),
            allowed,
            "{from} -> {to}: {:?}",
            arrow(from, to)
        );
    }

    #[test]
    fn arrows_point_down_and_never_sideways() {
        check("server-policy", "logical", true);
        check("server-pipeline", "server-tokens", true);
        check("logical", "hcl", false);
        check("server-tokens", "server-leases", false);
        check("server-tokens", "server-pipeline", false);
    }

    #[test]
    fn a_plugin_sees_logical_and_crypto_alone() {
        check("plugins-kv", "crypto", true);
        check("plugins-kv", "server-outbound", false);
        check("plugins-kv", "plugins-database", false);
    }

    #[test]
    fn only_doors_know_plugins_and_backends() {
        check("plugins", "plugins-kv", true);
        check("storage", "storage-embedded", true);
        check("storage", "audit", false);
        check("server-mounts", "plugins-kv", false);
        check("server-pipeline", "storage-memory", false);
        check("server-tokens", "storage-barrier", true);
        check("server-http", "storage", false);
        check("server", "plugins", true);
    }

    #[test]
    fn the_command_line_reaches_a_server_only_through_the_client() {
        check("cli", "client", true);
        check("cli", "audit", true);
        check("cli", "server-outbound", false);
        check("crypto", "hcl", false);
    }

    #[test]
    fn nothing_but_tests_depends_on_tests_and_a_new_crate_needs_a_floor() {
        check("xtask", "tests", true);
        check("tests", "server", true);
        check("server", "tests", false);
        check("tests", "xtask", false);
        check("server", "novelty", false);
    }
}
