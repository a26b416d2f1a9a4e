//! The workshop: everything that is automated is a command of this program, and CI runs nothing else.
//!
//! Start reading at [`COMMANDS`]; each command is a file.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool speaks through both"
)]

mod kubelab;

use std::env;
use std::process::ExitCode;

use anyhow::{Result, bail};

/// A command: its name, its arguments, what it does, and the function that does it.
struct Command {
    name: &'static str,
    arguments: &'static str,
    summary: &'static str,
    run: fn(&[String]) -> Result<()>,
}

const COMMANDS: [Command; 1] = [Command {
    name: "kubelab",
    arguments: "",
    summary: "builds the Kubernetes API server of the tests and prints its path",
    run: |_| kubelab::run(),
}];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
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
        format!("  cargo xtask {call:28} {}\n", command.summary)
    };
    COMMANDS.iter().map(line).collect()
}
