//! Words that may not stand in the source tree. Each is written in two pieces here, or this file would break the rule.

use super::{Problem, Source};

/// What may not stand in Rust, and why.
const IN_RUST: [(&str, &str); 5] = [
    (
        concat!("env!(\"CARGO_MANI", "FEST_DIR"),
        "is the clone that was compiled first, if two share a target folder",
    ),
    (concat!("#[ign", "ore"), "a test that does not run says nothing"),
    (
        concat!("#[should_", "panic"),
        "assert on an error instead: a panic may come from anywhere",
    ),
    (
        concat!("#[all", "ow("),
        "use expect with a reason, which disappears when it is no longer needed",
    ),
    (
        concat!("#![all", "ow("),
        "use expect with a reason, which disappears when it is no longer needed",
    ),
];

/// What may not stand anywhere: paths of somebody's machine.
const ANYWHERE: [(&str, &str); 2] = [
    (concat!("/wo", "rk/"), "names a path of one machine"),
    (concat!("/tmp", "/w/"), "names a path of one machine"),
];

pub(super) fn check(files: &[Source]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in files {
        for (number, line) in file.text.lines().enumerate() {
            let words = ANYWHERE
                .iter()
                .chain(if file.is_rust() { IN_RUST.as_slice() } else { &[] });
            for (word, why) in words.filter(|(word, _)| line.contains(word)) {
                problems.push(Problem::new(
                    format!("{}:{}", file.path, number + 1),
                    format!("{word}: {why}"),
                ));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn places(path: &str, text: &str, expected: &[&str]) {
        let file = Source {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let found: Vec<String> = check(&[file]).into_iter().map(|problem| problem.place).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_word_is_found_in_its_line_and_only_where_it_means_something() {
        let ignored = concat!("fn a() {}\n#[ign", "ore = \"slow\"]\n");
        places("a.rs", ignored, &["a.rs:2"]);
        places("a.md", ignored, &[]);
        places("a.md", concat!("see /wo", "rk/here\n"), &["a.md:1"]);
    }
}
