//! `cargo xtask bench`: the load of `tests/bench/versus.py` on the release build, beside a reference if one is named.

use std::process::Command;

use anyhow::Result;
use harness::postgres::Postgres;

use crate::{program, workspace};

/// Builds the server, starts PostgreSQL and hands every argument on, such as `--reference CMD --only kv2`.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let server = workspace::build_program()?;
    let postgres = Postgres::start()?;
    let mut command = Command::new("python3");
    command
        .arg(harness::workspace().join("tests/bench/versus.py"))
        .args(arguments);
    command
        .arg("--server")
        .arg(server)
        .env("TWIN_POSTGRES", postgres.url());
    program::run(&mut command)
}
