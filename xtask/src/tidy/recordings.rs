//! The list of passing scenarios is in order, names nothing twice, and names only what was recorded.

use std::fs;

use anyhow::{Context, Result};

use super::Problem;
use crate::passing::Passing;

const LIST: &str = "tests/conformance/passing.txt";

pub(super) fn check() -> Result<Vec<Problem>> {
    let root = harness::workspace();
    let text = fs::read_to_string(root.join(LIST)).with_context(|| format!("read {LIST}"))?;
    let recorded = |name: &str| {
        root.join("tests/conformance/golden")
            .join(format!("{name}.json"))
            .is_file()
    };
    Ok(problems(&text, recorded))
}

fn problems(text: &str, recorded: impl Fn(&str) -> bool) -> Vec<Problem> {
    let passing = Passing::parse(text);
    let mut problems = Vec::new();
    if passing.text() != text {
        problems.push(Problem::new(
            LIST,
            "is a comment and names in order, one a line, none twice",
        ));
    }
    let unknown = passing.names.iter().filter(|name| !recorded(name));
    problems.extend(unknown.map(|name| Problem::new(LIST, format!("{name} was never recorded"))));
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: usize) {
        assert_eq!(
            problems(text, |name| name.starts_with("kv")).len(),
            expected,
            "{text}"
        );
    }

    #[test]
    fn the_list_is_in_order_and_names_recordings_once() {
        check("# comment\nkv1.a\nkv1.b\n", 0);
        check("# comment\nkv1.b\nkv1.a\n", 1);
        check("# comment\nkv1.a\nkv1.a\n", 1);
        check("# comment\nkv1.a\nother.a\n", 1);
    }
}
