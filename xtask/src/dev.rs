//! `cargo xtask dev`: a server in memory, unsealed, with its root token printed.

use anyhow::Result;

use crate::program;
use crate::workspace::PROGRAM;

/// Runs `server -dev` until it is stopped; further arguments are the server's.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let flags = ["run", "--quiet", "--bin", PROGRAM, "--", "server", "-dev"];
    program::run(program::cargo().args(flags).args(arguments))
}
