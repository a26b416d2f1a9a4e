//! `cargo xtask compat`: plays recorded scenarios to the server, and tells which could join the list of those that pass.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail, ensure};

use crate::passing::Passing;
use crate::{twin, workspace};

/// What the command line asks for.
#[derive(Debug, Default, PartialEq)]
struct Choice {
    pattern: Option<String>,
    server: Option<String>,
    accept: bool,
}

/// Plays the scenarios that are listed as passing, or those that a pattern chooses. Fails if a listed one fails.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let choice = Choice::parse(arguments)?;
    let mut passing = Passing::load()?;
    let mut scenarios = twin::scenarios(choice.pattern.as_deref().unwrap_or_default())?;
    if choice.pattern.is_none() {
        scenarios.retain(|name, _| passing.names.contains(name));
    }
    ensure!(
        !scenarios.is_empty(),
        "no scenario is chosen; --all chooses every one"
    );
    let server = match choice.server {
        Some(server) => server,
        None => workspace::build_program()?.display().to_string(),
    };
    let outcome = twin::check(&scenarios, &server)?;

    let new: BTreeSet<String> = outcome.passed.difference(&passing.names).cloned().collect();
    let lost: BTreeSet<String> = outcome.failed.intersection(&passing.names).cloned().collect();
    report("pass and are not in tests/conformance/passing.txt", &new);
    report("are in tests/conformance/passing.txt and no longer pass", &lost);
    if choice.accept {
        passing.names.extend(new);
        passing.save()?;
    }
    println!("{}", outcome.counts());
    ensure!(
        lost.is_empty(),
        "{} scenarios that passed no longer do",
        lost.len()
    );
    Ok(())
}

impl Choice {
    fn parse(arguments: &[String]) -> Result<Self> {
        let mut choice = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--all" => choice.pattern = Some(String::new()),
                "--accept" => choice.accept = true,
                "--server" => choice.server = Some(rest.next().context("--server lacks a command")?.clone()),
                flag if flag.starts_with('-') => bail!("compat has no flag {flag}"),
                pattern => choice.pattern = Some(pattern.to_owned()),
            }
        }
        Ok(choice)
    }
}

fn report(what: &str, names: &BTreeSet<String>) {
    if !names.is_empty() {
        println!("{} {what}:", names.len());
        names.iter().for_each(|name| println!("  {name}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(arguments: &[&str], expected: &Choice) {
        let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        assert_eq!(Choice::parse(&arguments).unwrap(), *expected);
    }

    #[test]
    fn nothing_chooses_the_list_and_a_pattern_chooses_by_name() {
        let pattern = |text: &str| Some(text.to_owned());
        check(&[], &Choice::default());
        check(
            &["--all", "--accept"],
            &Choice {
                pattern: pattern(""),
                accept: true,
                ..Choice::default()
            },
        );
        check(
            &["^kv1", "--server", "x y"],
            &Choice {
                pattern: pattern("^kv1"),
                server: pattern("x y"),
                accept: false,
            },
        );
        assert!(Choice::parse(&["--al".to_owned()]).is_err());
    }
}
