//! A Rust file that no `mod` line reaches is dead: no compiler sees it.

use std::collections::BTreeMap;

use super::{Problem, Source};

pub(super) fn check(files: &[Source]) -> Vec<Problem> {
    let texts: BTreeMap<&str, &str> = files
        .iter()
        .map(|file| (file.path.as_str(), file.text.as_str()))
        .collect();
    let dead = |file: &&Source| file.is_rust() && !is_root(&file.path) && !is_reached(&file.path, &texts);
    files
        .iter()
        .filter(dead)
        .map(|file| Problem::new(&file.path, "no mod line reaches this file"))
        .collect()
}

/// Files where a crate begins: cargo names them.
fn is_root(path: &str) -> bool {
    let Some((folder, file)) = path.rsplit_once('/') else {
        return true;
    };
    matches!(file, "lib.rs" | "main.rs" | "build.rs")
        || ["tests", "benches", "examples", "bin"]
            .iter()
            .any(|end| folder.ends_with(end))
}

fn is_reached(path: &str, texts: &BTreeMap<&str, &str>) -> bool {
    let Some((folder, file)) = path.rsplit_once('/') else {
        return false;
    };
    let (name, folder) = match file.strip_suffix(".rs") {
        Some("mod") | None => match folder.rsplit_once('/') {
            Some((above, name)) => (name, above),
            None => return false,
        },
        Some(name) => (name, folder),
    };
    let parents = [
        format!("{folder}/lib.rs"),
        format!("{folder}/main.rs"),
        format!("{folder}/mod.rs"),
        format!("{folder}.rs"),
    ];
    let declares = |text: &&str| {
        text.lines()
            .any(|line| line.trim().ends_with(&format!("mod {name};")))
    };
    // Each file of a folder where crates begin can name what lies beside it.
    let beside =
        |path: &&&str| is_root(path) && path.rsplit_once('/').is_some_and(|(above, _)| above == folder);
    let roots = texts.keys().filter(beside).filter_map(|path| texts.get(*path));
    parents
        .iter()
        .filter_map(|parent| texts.get(parent.as_str()))
        .chain(roots)
        .any(declares)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn dead(files: &[(&str, &str)], expected: &[&str]) {
        let files: Vec<Source> = files
            .iter()
            .map(|(path, text)| Source {
                path: (*path).to_owned(),
                text: (*text).to_owned(),
            })
            .collect();
        let found: Vec<String> = check(&files).into_iter().map(|problem| problem.place).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_file_is_reached_from_the_file_above_it() {
        dead(
            &[
                ("a/src/lib.rs", "pub(crate) mod b;\n"),
                ("a/src/b.rs", "mod c;\n"),
                ("a/src/b/c.rs", ""),
            ],
            &[],
        );
        dead(&[("a/src/lib.rs", ""), ("a/src/b.rs", "")], &["a/src/b.rs"]);
        dead(
            &[
                ("a/tests/it/main.rs", "mod b;"),
                ("a/tests/it/b/mod.rs", "mod c;"),
                ("a/tests/it/b/c.rs", ""),
            ],
            &[],
        );
    }
}
