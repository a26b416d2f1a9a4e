//! `tests/conformance/passing.txt`: the recorded scenarios that our server answers as recorded.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

/// The list, and the comment that heads it.
#[derive(Debug)]
pub(crate) struct Passing {
    head: String,
    /// Names of scenarios.
    pub(crate) names: BTreeSet<String>,
}

impl Passing {
    /// Reads the list.
    pub(crate) fn load() -> Result<Self> {
        fs::read_to_string(path())
            .map(|text| Self::parse(&text))
            .context("read the list of passing scenarios")
    }

    /// Writes the list, in order.
    pub(crate) fn save(&self) -> Result<()> {
        fs::write(path(), self.text()).context("write the list of passing scenarios")
    }

    pub(crate) fn parse(text: &str) -> Self {
        let (head, names): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with('#'));
        let names = names
            .into_iter()
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        Self {
            head: head.join("\n"),
            names,
        }
    }

    pub(crate) fn text(&self) -> String {
        let lines = std::iter::once(&self.head)
            .chain(&self.names)
            .filter(|line| !line.is_empty());
        lines.fold(String::new(), |text, line| text + line + "\n")
    }
}

fn path() -> PathBuf {
    harness::workspace().join("tests/conformance/passing.txt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_lands_in_order_below_the_comment() {
        let mut passing = Passing::parse("# one\n# two\n\nkv1.b\n");
        passing.names.insert("kv1.a".to_owned());
        assert_eq!(passing.text(), "# one\n# two\nkv1.a\nkv1.b\n");
    }
}
