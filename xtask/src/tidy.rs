//! `cargo xtask tidy`: the rules of the house that no compiler and no linter knows.
//!
//! Each rule is a file with one function from the source tree to the places that break it.

mod arrows;
mod comments;
mod length;
mod links;
mod manifests;
mod names;
mod owners;
mod recordings;
mod source;
mod words;

use std::fmt;

use anyhow::{Result, ensure};

use self::source::Source;
use crate::workspace::Workspace;

/// A place that breaks a rule.
#[derive(Debug, PartialEq)]
struct Problem {
    place: String,
    what: String,
}

impl Problem {
    fn new(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            what: what.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// Prints every place that breaks a rule, and fails if there is one.
pub(crate) fn run() -> Result<()> {
    let problems = problems()?;
    for problem in &problems {
        println!("{problem}");
    }
    ensure!(problems.is_empty(), "{} places break a rule", problems.len());
    Ok(())
}

fn problems() -> Result<Vec<Problem>> {
    let workspace = Workspace::load()?;
    let files = source::read()?;
    Ok([
        arrows::check(&workspace),
        owners::check(&workspace),
        manifests::check(&workspace)?,
        comments::check(&workspace)?,
        names::check(&files),
        length::check(&files)?,
        links::check(&files),
        words::check(&files),
        recordings::check()?,
    ]
    .into_iter()
    .flatten()
    .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_tree_is_tidy() {
        let problems: Vec<String> = problems().unwrap().iter().map(ToString::to_string).collect();
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }
}
