//! The workshop: everything that is automated is a command of this program, and CI runs nothing else.
//!
//! Start reading at `COMMANDS`; each command is a file. It may depend on `tests`, and on no crate of the server.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool speaks through both"
)]

mod bench;
mod ci;
mod compat;
mod counts;
mod demo;
mod dev;
mod generate;
mod kubelab;
mod passing;
mod program;
mod setup;
mod tidy;
mod twin;
mod workspace;

use std::env;
use std::process::ExitCode;

use anyhow::{Result, bail};

/// A command: its name, its arguments, what it does, and the function that does it. `false` is a failure that has
/// already been told.
struct Command {
    name: &'static str,
    arguments: &'static str,
    summary: &'static str,
    run: fn(&[String]) -> Result<bool>,
}

const COMMANDS: [Command; 9] = [
    Command {
        name: "dev",
        arguments: "[FLAGS]",
        summary: "runs a server in memory, unsealed, and prints its root token",
        run: |arguments| dev::run(arguments).map(|()| true),
    },
    Command {
        name: "demo",
        arguments: "[--server PROGRAM]",
        summary: "plays the main job against a PostgreSQL and a Kubernetes API server of its own",
        run: |arguments| demo::run(arguments).map(|()| true),
    },
    Command {
        name: "setup",
        arguments: "[--full]",
        summary: "installs what the tests call; --full also cargo-deny and wrk",
        run: |arguments| setup::run(arguments).map(|()| true),
    },
    Command {
        name: "ci",
        arguments: "",
        summary: "checks everything that must hold before a change goes in",
        run: |_| ci::run(),
    },
    Command {
        name: "tidy",
        arguments: "",
        summary: "checks the rules of the house that no compiler knows",
        run: |_| tidy::run().map(|()| true),
    },
    Command {
        name: "compat",
        arguments: "[--all|REGEX] [--accept] [--server CMD]",
        summary: "plays recorded scenarios to the server",
        run: |arguments| compat::run(arguments).map(|()| true),
    },
    Command {
        name: "generate",
        arguments: "[--check] [--server PROGRAM]",
        summary: "writes docs/reference from the path tables; --check fails if it would change",
        run: |arguments| generate::run(arguments).map(|()| true),
    },
    Command {
        name: "kubelab",
        arguments: "",
        summary: "prints the path of the tests' Kubernetes API server, built if need be",
        run: |_| kubelab::run().map(|()| true),
    },
    Command {
        name: "bench",
        arguments: "[ARGUMENTS]",
        summary: "measures the server, beside another with --reference CMD",
        run: |arguments| bench::run(arguments).map(|()| true),
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<bool> {
    let Some((name, rest)) = arguments.split_first() else {
        bail!("a command is missing\n{}", usage());
    };
    match COMMANDS.iter().find(|command| command.name == name) {
        Some(command) => (command.run)(rest),
        None => bail!("there is no command {name}\n{}", usage()),
    }
}

fn usage() -> String {
    let line = |command: &Command| {
        let call = format!("{} {}", command.name, command.arguments);
        format!("  cargo xtask {call:47} {}\n", command.summary)
    };
    COMMANDS.iter().map(line).collect()
}
