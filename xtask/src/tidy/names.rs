//! A file that is called after nothing in particular has no clear job.

use super::{Problem, Source};

const BANNED: [&str; 9] = [
    "util", "utils", "helper", "helpers", "common", "misc", "manager", "core", "hacks",
];

pub(super) fn check(files: &[Source]) -> Vec<Problem> {
    let nameless = |file: &&Source| words(&file.path).any(|word| BANNED.contains(&word));
    files
        .iter()
        .filter(nameless)
        .map(|file| Problem::new(&file.path, "find a name that says what is inside"))
        .collect()
}

/// The folders and the file's name without its ending.
fn words(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').map(|part| part.split('.').next().unwrap_or(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn banned(path: &str, expected: bool) {
        let file = Source {
            path: path.to_owned(),
            text: String::new(),
        };
        assert_eq!(!check(&[file]).is_empty(), expected, "{path}");
    }

    #[test]
    fn a_name_that_fits_everything_is_banned_for_files_and_folders() {
        banned("server/src/utils.rs", true);
        banned("server/src/common/lease.rs", true);
        banned("server/src/core_dump.rs", false);
        banned("server/src/lease.rs", false);
    }
}
