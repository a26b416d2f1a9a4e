//! How many tests passed and failed.

use std::fmt;
use std::ops::AddAssign;

/// Tests that passed and failed, of whatever kind.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Counts {
    /// Reads the closing line of a test program: `test result: ok. 3 passed; 1 failed; …`.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let (_, result) = line.strip_prefix("test result: ")?.split_once(". ")?;
        let mut parts = result.split("; ");
        let passed = parts.next()?.strip_suffix(" passed")?.parse().ok()?;
        let failed = parts.next()?.strip_suffix(" failed")?.parse().ok()?;
        Some(Self { passed, failed })
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: Option<(u64, u64)>) {
        assert_eq!(
            Counts::parse(line),
            expected.map(|(passed, failed)| Counts { passed, failed })
        );
    }

    #[test]
    fn only_the_closing_line_of_a_test_program_counts() {
        check(
            "test result: ok. 11 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out",
            Some((11, 0)),
        );
        check(
            "test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out",
            Some((2, 3)),
        );
        check("test result: a line that a test printed", None);
        check("11 passed; 0 failed;", None);
    }
}
