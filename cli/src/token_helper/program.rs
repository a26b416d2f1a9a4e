//! The token in the care of a program.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// What the program prints when it is asked for the token.
pub(super) fn get(program: &Path) -> Result<String, String> {
    let output = called(program, "get", "")?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Gives the program a token to keep.
pub(super) fn store(program: &Path, token: &str) -> Result<(), String> {
    called(program, "store", token).map(drop)
}

/// Calls the program and waits for it; one that fails says why on its standard error.
fn called(program: &Path, operation: &str, input: &str) -> Result<Output, String> {
    let fault = |error: std::io::Error| format!("{}: {error}", program.display());
    let mut command = Command::new(program);
    command
        .arg(operation)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().map_err(fault)?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that does not read its input closes it; whether it has failed its exit status says.
        let _ = stdin.write_all(input.as_bytes());
    }
    let output = child.wait_with_output().map_err(fault)?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let ended = output
        .status
        .code()
        .map_or("signal".to_owned(), |code| format!("exit status {code}"));
    Err(format!("{said:?}: {ended}"))
}
