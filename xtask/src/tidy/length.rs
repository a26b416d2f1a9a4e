//! A file has at most 500 lines without its tests. Longer ones stand in a ratchet, which may only be tightened.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};

use super::{Problem, Source};

const LONGEST: usize = 500;
const RATCHET: &str = "tests/ratchets/long-files.txt";

pub(super) fn check(files: &[Source]) -> Result<Vec<Problem>> {
    let text =
        fs::read_to_string(harness::workspace().join(RATCHET)).context("read the ratchet of long files")?;
    let rust = files.iter().filter(|file| file.is_rust());
    let lengths = rust
        .map(|file| (file.path.as_str(), file.lines_without_tests()))
        .collect();
    Ok(compare(&parse(&text)?, &lengths))
}

/// Lines of a path and a number; `#` begins a comment.
fn parse(text: &str) -> Result<BTreeMap<&str, usize>> {
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (path, number) = line
                .rsplit_once(' ')
                .with_context(|| format!("{RATCHET}: no number in {line}"))?;
            Ok((
                path.trim(),
                number
                    .parse()
                    .with_context(|| format!("{RATCHET}: no number in {line}"))?,
            ))
        })
        .collect()
}

fn compare(ratchet: &BTreeMap<&str, usize>, lengths: &BTreeMap<&str, usize>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, lines) in lengths {
        let limit = ratchet.get(path).copied().unwrap_or(LONGEST);
        if *lines > limit {
            problems.push(Problem::new(
                *path,
                format!("has {lines} lines without tests, more than {limit}: split it by noun"),
            ));
        }
    }
    for (path, limit) in ratchet {
        let lines = lengths.get(path).copied().unwrap_or_default();
        if lines < *limit {
            problems.push(Problem::new(
                RATCHET,
                format!("{path} has {lines} lines now: lower or remove its line"),
            ));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ratchet: &str, lines: usize, problems: usize) {
        let found = compare(&parse(ratchet).unwrap(), &BTreeMap::from([("a.rs", lines)]));
        assert_eq!(found.len(), problems, "{found:?}");
    }

    #[test]
    fn a_long_file_may_neither_appear_nor_grow_and_the_ratchet_follows_it_down() {
        check("", 500, 0);
        check("", 501, 1);
        check("# comment\na.rs 600\n", 600, 0);
        check("a.rs 600\n", 601, 1);
        check("a.rs 600\n", 599, 1);
        check("a.rs 0\nb.rs 600\n", 1, 2);
        assert!(parse("a.rs\n").is_err());
    }
}
