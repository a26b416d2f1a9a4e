//! Calls of the twin, which plays the recorded scenarios of `tests/conformance` to a server and compares the answers.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use harness::kubelab::Kubelab;
use harness::postgres::Postgres;
use serde::Deserialize;

use crate::counts::Counts;
use crate::program;

/// Scenarios that are played at the same time. They mostly wait, so it may exceed the number of cores.
const AT_ONCE: &str = "4";

/// Asks the twin for its scenarios and the real parts that each needs. Only the twin knows: they are Python functions.
const LIST: &str = "import json, sys, twin
names = twin.load('scenarios', sys.argv[1])
print(json.dumps({name: twin.SCENARIOS[name][1].get('needs', ()) for name in names}))";

/// Scenarios by name, each with the real parts that it needs.
pub(crate) type Scenarios = BTreeMap<String, Vec<String>>;

/// What a run showed.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Scenarios that were answered as recorded.
    pub(crate) passed: BTreeSet<String>,
    /// Scenarios that were not, or were not played at all.
    pub(crate) failed: BTreeSet<String>,
}

impl Outcome {
    pub(crate) fn counts(&self) -> Counts {
        Counts {
            passed: self.passed.len() as u64,
            failed: self.failed.len() as u64,
        }
    }
}

/// The verdict on one scenario in the twin's report.
#[derive(Debug, Deserialize)]
struct Verdict {
    hard: u64,
}

/// Returns the scenarios whose names match a regular expression, in Python's dialect; an empty one matches all.
pub(crate) fn scenarios(pattern: &str) -> Result<Scenarios> {
    let text = program::read(
        Command::new("python3")
            .args(["-c", LIST, pattern])
            .current_dir(folder()),
    )?;
    serde_json::from_str(&text).context("read the list of scenarios")
}

/// Plays scenarios to a server, with the real parts that they need.
pub(crate) fn check(scenarios: &Scenarios, server: &str) -> Result<Outcome> {
    let needs = |part: &str| scenarios.values().flatten().any(|need| need == part);
    let postgres = needs("postgres").then(Postgres::start).transpose()?;
    let kubelab = needs("kubernetes").then(Kubelab::start).transpose()?;
    let report = tempfile::NamedTempFile::new().context("create the file of the twin's report")?;

    let mut command = Command::new("python3");
    command.arg("twin.py").args([
        "check",
        "-j",
        AT_ONCE,
        "--server",
        server,
        "--only",
        &only(scenarios),
    ]);
    command
        .arg("--report")
        .arg(report.path())
        .current_dir(folder())
        .stdin(Stdio::null());
    if let Some(postgres) = &postgres {
        command.env("TWIN_POSTGRES", postgres.url());
    }
    if let Some(kubelab) = &kubelab {
        command.env("TWIN_KUBERNETES", kubelab.dir());
    }
    // The report says what failed; the exit status only says that something did.
    command
        .status()
        .with_context(|| format!("run {}", program::show(&command)))?;
    let text = fs::read_to_string(report.path()).context("read the twin's report")?;
    judge(scenarios, &text)
}

fn judge(scenarios: &Scenarios, report: &str) -> Result<Outcome> {
    let verdicts: BTreeMap<String, Verdict> =
        serde_json::from_str(report).context("read the twin's report")?;
    let (passed, failed) = scenarios
        .keys()
        .cloned()
        .partition(|name| verdicts.get(name).is_some_and(|verdict| verdict.hard == 0));
    Ok(Outcome { passed, failed })
}

/// Names consist of letters, digits, underscores and the dot after the file's name.
fn only(scenarios: &Scenarios) -> String {
    let names: Vec<String> = scenarios.keys().map(|name| name.replace('.', "\\.")).collect();
    format!("^({})$", names.join("|"))
}

fn folder() -> PathBuf {
    harness::workspace().join("tests/conformance")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(names: &[&str]) -> Scenarios {
        names
            .iter()
            .map(|name| ((*name).to_owned(), Vec::new()))
            .collect()
    }

    #[test]
    fn a_scenario_that_the_report_does_not_mention_has_failed() {
        let report = r#"{"kv1.a": {"hard": 0, "soft": 2}, "kv1.b": {"hard": 1}}"#;
        let outcome = judge(&some(&["kv1.a", "kv1.b", "kv1.c"]), report).unwrap();
        assert_eq!(outcome.counts(), Counts { passed: 1, failed: 2 });
        assert!(outcome.passed.contains("kv1.a"));
    }

    #[test]
    fn a_dot_in_a_name_stands_for_itself() {
        assert_eq!(only(&some(&["kv1.a", "kv2.b"])), r"^(kv1\.a|kv2\.b)$");
    }
}
