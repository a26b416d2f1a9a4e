//! Calls of other programs: shown before they run, and an error when they fail.

use std::env;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// Prepares a call of cargo in the root of the source tree.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(harness::workspace());
    // `cargo run` tells xtask about xtask's own package. Build scripts that watch these names would run again and
    // again, whenever cargo is called from here and by hand in turns.
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"]
            .iter()
            .any(|prefix| text.starts_with(prefix))
        {
            command.env_remove(&name);
        }
    }
    command
}

/// Runs a program that has nothing to read.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = show(command);
    println!("$ {shown}");
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("run {shown}"))?;
    ensure!(status.success(), "{shown}: {status}");
    Ok(())
}

/// Runs a program and returns what it printed.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let shown = show(command);
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("run {shown}"))?;
    ensure!(output.status.success(), "{shown}: {}", output.status);
    String::from_utf8(output.stdout).with_context(|| format!("read what {shown} printed"))
}

/// Tells whether a program can be started at all.
pub(crate) fn exists(name: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(name).is_file())
}

/// Writes a call as one line, with long arguments cut.
pub(crate) fn show(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| shorten(&word.to_string_lossy()))
        .collect::<Vec<_>>()
        .join(" ")
}

fn shorten(word: &str) -> String {
    const LONGEST: usize = 100;
    match word.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", word.get(..end).unwrap_or(word)),
        None => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_argument_is_cut_between_characters() {
        assert_eq!(shorten("short"), "short");
        assert_eq!(shorten(&"ä".repeat(200)), format!("{}…", "ä".repeat(100)));
    }

    #[test]
    fn a_failing_program_is_an_error_that_names_the_call() {
        let error = run(Command::new("sh").args(["-c", "exit 3"]))
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("sh -c exit 3: exit status: 3"), "{error}");
    }
}
