//! A program beside the tests that cannot outlive them, and the folder that is its own.
//!
//! A folder may be shared with whoever starts the program again on what it left there.
//!
//! A value that is dropped stops its program, also when a test panics. Statics are never dropped and a killed process
//! drops nothing, so every part has a guard as well: a shell that waits on a pipe which closes with our process.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::wait::pause;

/// How long a part may take to stop before it is killed.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the guard runs: `$1` the signal's number, `$2` the process, `$3` its folder.
/// A process that has ended but was not waited for still takes signals; what it lacks is a command line.
const GUARD: &str = r#"
read -r _
kill -"$1" "$2"
tries=100
while grep -qs . "/proc/$2/cmdline" && [ $tries -gt 0 ]; do sleep 0.1; tries=$((tries - 1)); done
kill -9 "$2"
rm -rf "$3"
"#;

/// A running program with a folder of its own. Dropping it stops the program; the folder goes with its last user.
#[derive(Debug)]
pub struct Part {
    name: &'static str,
    program: Child,
    guard: Child,
    ends_by: Signal,
    dir: Arc<TempDir>,
}

impl Part {
    /// Starts a program that keeps its files in `dir`; `ends_by` is the signal that ends it.
    ///
    /// # Errors
    /// If the program or its guard cannot be started.
    pub fn start(
        name: &'static str,
        dir: impl Into<Arc<TempDir>>,
        command: &mut Command,
        ends_by: Signal,
    ) -> Result<Self> {
        let dir = dir.into();
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(dir.path().join("log"))
            .with_context(|| format!("open the log of {name}"))?;
        let mut program = command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0)
            .spawn()
            .with_context(|| format!("start {name} ({})", command.get_program().display()))?;
        let guard = match guard(&program, ends_by, dir.path()) {
            Ok(guard) => guard,
            Err(error) => {
                stop(&mut program, Signal::KILL);
                return Err(error).with_context(|| format!("start the guard of {name}"));
            }
        };
        Ok(Self {
            name,
            program,
            guard,
            ends_by,
            dir,
        })
    }

    /// Returns the folder that is removed when the part goes.
    #[must_use]
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Returns the program's process.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.program.id()
    }

    /// Kills the program, as `kill -9` does: it finishes nothing.
    pub fn kill(mut self) {
        let _already_gone = self.program.kill();
        let _status = self.program.wait();
    }

    /// Waits until the part is ready.
    ///
    /// # Errors
    /// If the program ends first or is not ready in time; the error ends with the tail of its log.
    pub fn wait_until(&mut self, within: Duration, mut ready: impl FnMut() -> bool) -> Result<()> {
        let deadline = Instant::now() + within;
        while !ready() {
            if let Some(status) = self.program.try_wait()? {
                bail!(
                    "{} ended before it was ready: {status}\n{}",
                    self.name,
                    tail(&self.log())
                );
            }
            if Instant::now() > deadline {
                bail!(
                    "{} was not ready within {within:?}\n{}",
                    self.name,
                    tail(&self.log())
                );
            }
            pause();
        }
        Ok(())
    }

    fn log(&self) -> PathBuf {
        self.dir.path().join("log")
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // The guard goes first: later it might signal a stranger who was given the same number.
        let _already_gone = self.guard.kill();
        let _status = self.guard.wait();
        stop(&mut self.program, self.ends_by);
    }
}

fn guard(program: &Child, signal: Signal, dir: &Path) -> io::Result<Child> {
    Command::new("sh")
        .args([
            "-c",
            GUARD,
            "guard",
            &signal.as_raw().to_string(),
            &program.id().to_string(),
        ])
        .arg(dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
}

fn stop(program: &mut Child, signal: Signal) {
    if let Ok(None) = program.try_wait()
        && let Some(pid) = i32::try_from(program.id()).ok().and_then(Pid::from_raw)
    {
        let _already_gone = kill_process(pid, signal);
    }
    let deadline = Instant::now() + PATIENCE;
    while let Ok(None) = program.try_wait() {
        if Instant::now() > deadline {
            let _already_gone = program.kill();
            let _status = program.wait();
            return;
        }
        pause();
    }
}

fn tail(log: &Path) -> String {
    let text = fs::read(log)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines
        .iter()
        .skip(lines.len().saturating_sub(20))
        .copied()
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_secs(10);

    fn part(script: &str) -> Part {
        let dir = tempfile::tempdir().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", script]).current_dir(dir.path());
        Part::start("script", dir, &mut command, Signal::TERM).unwrap()
    }

    fn runs(id: u32) -> bool {
        fs::read(format!("/proc/{id}/cmdline")).is_ok_and(|line| !line.is_empty())
    }

    fn eventually(what: impl Fn() -> bool) -> bool {
        let deadline = Instant::now() + SOON;
        while !what() && Instant::now() < deadline {
            pause();
        }
        what()
    }

    #[test]
    fn a_dropped_part_has_ended_and_its_folder_is_gone() {
        let mut part = part("touch ready; exec sleep 600");
        let (id, dir) = (part.program.id(), part.dir().to_path_buf());
        part.wait_until(SOON, || dir.join("ready").exists()).unwrap();
        drop(part);
        assert!(!runs(id));
        assert!(!dir.exists());
    }

    #[test]
    fn a_part_whose_owner_is_killed_ends_all_the_same() {
        let mut part = part("exec sleep 600");
        let dir = part.dir().to_path_buf();
        drop(part.guard.stdin.take()); // What the kernel does with the pipe of a process that was killed.
        part.program.wait().unwrap();
        assert!(eventually(|| !dir.exists()));
    }

    #[test]
    fn a_part_that_ends_too_early_says_what_it_logged() {
        let error = part("echo no such database; exit 3")
            .wait_until(SOON, || false)
            .unwrap_err()
            .to_string();
        assert!(error.contains("script ended before it was ready"), "{error}");
        assert!(error.ends_with("no such database"), "{error}");
    }

    #[test]
    fn a_part_that_is_never_ready_is_given_up() {
        let error = part("exec sleep 600")
            .wait_until(Duration::ZERO, || false)
            .unwrap_err()
            .to_string();
        assert!(error.contains("was not ready within"), "{error}");
    }
}
