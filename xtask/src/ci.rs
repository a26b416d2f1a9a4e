//! `cargo xtask ci`: everything that must hold before a change goes in, in the order of how soon it can say no.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::counts::Counts;
use crate::passing::Passing;
use crate::program::{cargo, run as call, show};
use crate::workspace::{self, Workspace};
use crate::{generate, setup, tidy, twin};

/// A part of CI: its name, and the function that adds the tests it ran.
type Part = (&'static str, fn(&mut Counts) -> Result<End>);

/// How a part ended that did not fail.
enum End {
    Done,
    /// Not run, and why.
    Skipped(&'static str),
}

const PARTS: [Part; 9] = [
    ("fmt", |_| done(cargo().args(["fmt", "--all", "--check"]))),
    ("tidy", |_| tidy::run().map(|()| End::Done)),
    ("clippy", |_| {
        done(cargo().args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--",
            "-D",
            "warnings",
        ]))
    }),
    ("doc", |_| {
        let flags = [
            "doc",
            "--workspace",
            "--no-deps",
            "--document-private-items",
            "--locked",
        ];
        done(cargo().args(flags).env("RUSTDOCFLAGS", "-D warnings"))
    }),
    ("deny", |_| deny()),
    ("test", test),
    ("build", |_| build()),
    ("generate", |_| {
        generate::run(&["--check".to_owned()]).map(|()| End::Done)
    }),
    ("twin", conformance),
];

/// Runs the parts until one fails. Returns whether all held; the last line printed is how many tests passed and failed.
pub(crate) fn run() -> Result<bool> {
    let mut counts = Counts::default();
    let mut durations = Vec::new();
    let mut failure = None;
    for (name, part) in PARTS {
        println!("\n== {name}");
        let start = Instant::now();
        let end = part(&mut counts);
        durations.push((name, start.elapsed()));
        match end {
            Ok(End::Done) => {}
            Ok(End::Skipped(why)) => println!("skipped: {why}"),
            Err(error) => {
                println!("{name} failed: {error:#}");
                failure = Some(name);
                break;
            }
        }
    }
    report(&durations);
    if failure.is_some() && counts.failed == 0 {
        // A part that is no test has failed; the closing line must not look like success.
        counts.failed = 1;
    }
    println!("{counts}");
    Ok(failure.is_none())
}

fn done(command: &mut Command) -> Result<End> {
    call(command).map(|()| End::Done)
}

fn report(durations: &[(&str, Duration)]) {
    println!("\n== durations");
    for (name, duration) in durations {
        println!("{name:8} {:7.1} s", duration.as_secs_f64());
    }
}

/// Licences, bans and sources. Advisories are left out: they need a database that CI cannot fetch.
fn deny() -> Result<End> {
    let Some(deny) = setup::cargo_deny()? else {
        return Ok(End::Skipped(
            "cargo-deny is not installed; `cargo xtask setup --full` installs it",
        ));
    };
    let mut command = Command::new(deny);
    command
        .current_dir(harness::workspace())
        .args(["--workspace", "--all-features", "--locked", "check"]);
    done(command.args(["--hide-inclusion-graph", "licenses", "bans", "sources"]))
}

/// Runs every test, to the end even if one fails, and counts them on the way.
fn test(counts: &mut Counts) -> Result<End> {
    let mut command = cargo();
    command
        .args(["test", "--workspace", "--locked", "--no-fail-fast"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    println!("$ {}", show(&command));
    let mut child = command.spawn().context("run cargo test")?;
    let output = child.stdout.take().context("read what cargo test prints")?;
    for line in BufReader::new(output).lines() {
        let line = line.context("read what cargo test prints")?;
        if let Some(more) = Counts::parse(&line) {
            *counts += more;
        }
        println!("{line}");
    }
    let status = child.wait().context("wait for cargo test")?;
    ensure!(status.success(), "cargo test: {status}");
    Ok(End::Done)
}

fn build() -> Result<End> {
    if !Workspace::load()?.has_program() && Passing::load()?.names.is_empty() {
        return Ok(End::Skipped("no crate builds the program yet"));
    }
    workspace::build_program()?;
    Ok(End::Done)
}

/// Plays the scenarios that are listed as passing. One that is listed must exist, be played and pass.
fn conformance(counts: &mut Counts) -> Result<End> {
    let passing = Passing::load()?.names;
    let mut scenarios = twin::scenarios("")?;
    println!(
        "{} of {} recorded scenarios are listed as passing",
        passing.len(),
        scenarios.len()
    );
    if passing.is_empty() {
        return Ok(End::Skipped("no scenario is listed"));
    }
    scenarios.retain(|name, _| passing.contains(name));
    let outcome = twin::check(&scenarios, &Workspace::load()?.program().display().to_string())?;
    *counts += outcome.counts();
    ensure!(
        outcome.failed.is_empty(),
        "listed scenarios failed: {}",
        outcome.failed.len()
    );
    Ok(End::Done)
}
