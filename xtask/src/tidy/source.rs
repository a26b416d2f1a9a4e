//! The texts of the source tree, as far as rules look at them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// What is no source of ours: what is built, what git keeps (in a second work tree a file), and what was recorded.
const SKIPPED: [&str; 6] = ["target", ".git", "golden", "node_modules", "__pycache__", ".venv"];

/// A text file.
#[derive(Debug)]
pub(super) struct Source {
    /// The path from the root, with slashes.
    pub(super) path: String,
    pub(super) text: String,
}

impl Source {
    /// Tells whether this is Rust.
    pub(super) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Returns the lines before the tests at the bottom of the file; none if the file is a test as a whole.
    pub(super) fn lines_without_tests(&self) -> usize {
        if self.path.contains("/tests/") || self.path.starts_with("tests/it/") {
            return 0;
        }
        let lines: Vec<&str> = self.text.lines().collect();
        let begins_tests =
            |pair: &[&str]| matches!(pair, ["#[cfg(test)]", next] if next.starts_with("mod tests"));
        lines.windows(2).position(begins_tests).unwrap_or(lines.len())
    }
}

/// Reads every text file below the root. What is not UTF-8 is no text.
pub(super) fn read() -> Result<Vec<Source>> {
    let root = harness::workspace();
    let mut files = Vec::new();
    collect(&root, &root, &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<Source>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("list {}", folder.display()))? {
        let entry = entry?;
        if SKIPPED.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() {
            collect(root, &path, files)?;
        } else if kind.is_file()
            && let Ok(text) =
                String::from_utf8(fs::read(&path).with_context(|| format!("read {}", path.display()))?)
        {
            let path = path
                .strip_prefix(root)
                .unwrap_or(&path)
                .to_string_lossy()
                .into_owned();
            files.push(Source { path, text });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, text: &str, expected: usize) {
        let source = Source {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        assert_eq!(source.lines_without_tests(), expected);
    }

    #[test]
    fn only_a_test_module_ends_what_counts() {
        check("a/src/lib.rs", "a\nb\n#[cfg(test)]\nmod tests {\n}\n", 2);
        check("a/src/lib.rs", "a\n#[cfg(test)]\nuse b;\nc\n", 4);
        check("a/src/lib.rs", "", 0);
        check("a/tests/a/main.rs", "a\n", 0);
        check("tests/src/lib.rs", "a\n", 1);
    }
}
