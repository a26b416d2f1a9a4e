//! A crate begins with what it is for, what it may never do, and where to start reading: twenty lines at most.

use std::fs;

use anyhow::{Context, Result};

use super::{Problem, Workspace};

const LONGEST: usize = 20;

pub(super) fn check(workspace: &Workspace) -> Result<Vec<Problem>> {
    let root = harness::workspace();
    let mut problems = Vec::new();
    let targets = workspace.packages.iter().flat_map(|package| &package.targets);
    for target in targets.filter(|target| target.kind.iter().any(|kind| kind == "lib" || kind == "bin")) {
        let path = &target.src_path;
        let text = fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
        let place = path.strip_prefix(&root).unwrap_or(path).display().to_string();
        problems.extend(problem(&text).map(|what| Problem::new(place, what)));
    }
    Ok(problems)
}

fn problem(text: &str) -> Option<String> {
    match text.lines().take_while(|line| line.starts_with("//!")).count() {
        0 => Some("does not begin with a comment on the crate".to_owned()),
        lines if lines > LONGEST => Some(format!(
            "the comment on the crate has {lines} lines, more than {LONGEST}"
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_begins_with_a_comment_that_is_not_a_book() {
        assert_eq!(problem("//! One.\n\nmod a;\n"), None);
        assert!(problem("mod a;\n").is_some());
        assert!(problem(&"//! Line.\n".repeat(21)).is_some());
    }
}
