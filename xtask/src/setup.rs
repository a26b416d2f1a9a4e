//! `cargo xtask setup`: installs what the tests call, on Debian and its kin. Says what it does, and does nothing twice.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use harness::{cache, postgres};

use crate::program;

/// Programs that tests and scenarios call, and the packages that bring them.
const PROGRAMS: [(&str, &str); 6] = [
    ("python3", "python3"),
    ("psql", "postgresql-client"),
    ("gpg", "gnupg"),
    ("openssl", "openssl"),
    ("ssh-keygen", "openssh-client"),
    ("go", "golang-go"),
];

/// What `--full` adds: a load generator for `cargo xtask bench`.
const FULL: [(&str, &str); 1] = [("wrk", "wrk")];

/// The release of cargo-deny that `--full` installs; a newer one is a change of its own.
const CARGO_DENY: &str = "0.20.2";

/// The oldest Go that builds kubelab, as its go.mod says.
const GO: (u32, u32) = (1, 24);

/// Installs what is missing; `--full` also what is slow to get or rarely used.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let full = match arguments {
        [] => false,
        [flag] if flag == "--full" => true,
        _ => bail!("setup takes --full and nothing else"),
    };
    install(&missing(full))?;
    check_go()?;
    if full && cargo_deny()?.is_none() {
        let tools = cache::root()?.join("tools");
        let version = format!("cargo-deny@{CARGO_DENY}");
        program::run(
            program::cargo()
                .args(["install", "--locked", &version, "--root"])
                .arg(tools),
        )?;
    }
    println!("setup: everything is there");
    Ok(())
}

/// Returns where cargo-deny is, if it is anywhere.
pub(crate) fn cargo_deny() -> Result<Option<PathBuf>> {
    let ours = cache::root()?.join("tools/bin/cargo-deny");
    if ours.exists() {
        return Ok(Some(ours));
    }
    Ok(program::exists("cargo-deny").then(|| PathBuf::from("cargo-deny")))
}

fn missing(full: bool) -> Vec<&'static str> {
    let more = if full { FULL.as_slice() } else { &[] };
    let programs = PROGRAMS.iter().chain(more);
    let mut packages: Vec<&str> = programs
        .filter(|(name, _)| !program::exists(name))
        .map(|(_, package)| *package)
        .collect();
    if !postgres::is_installed() {
        packages.push("postgresql");
    }
    packages
}

fn install(packages: &[&str]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    ensure!(
        program::exists("apt-get"),
        "install these, or what they are called here: {}",
        packages.join(" ")
    );
    println!("setup: installing {}", packages.join(" "));
    program::run(&mut apt(&["update", "-q"]))?;
    program::run(apt(&["install", "-q", "-y", "--no-install-recommends"]).args(packages))
}

/// Only root may install; somebody else needs sudo that asks no question.
fn apt(arguments: &[&str]) -> Command {
    let mut command = if rustix::process::geteuid().is_root() {
        Command::new("env")
    } else {
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "env"]);
        sudo
    };
    command
        .args(["DEBIAN_FRONTEND=noninteractive", "apt-get"])
        .args(arguments);
    command
}

/// A distribution's Go may be older than kubelab's dependencies allow.
fn check_go() -> Result<()> {
    let text = program::read(Command::new("go").args(["env", "GOVERSION"]))?;
    let found = go_version(&text).with_context(|| format!("read the version of Go in {text:?}"))?;
    ensure!(
        found >= GO,
        "Go {}.{} is too old: kubelab needs {}.{} or newer",
        found.0,
        found.1,
        GO.0,
        GO.1
    );
    Ok(())
}

fn go_version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text
        .trim()
        .strip_prefix("go")?
        .split(|c: char| !c.is_ascii_digit());
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(u32, u32)>) {
        assert_eq!(go_version(text), expected);
    }

    #[test]
    fn the_version_of_go_is_compared_by_number() {
        check("go1.26.8\n", Some((1, 26)));
        check("go1.9", Some((1, 9)));
        check("go1.25rc1", Some((1, 25)));
        check("devel", None);
        assert!((1, 9) < GO);
    }
}
