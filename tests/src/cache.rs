//! The folder outside the source tree where what is slow to build is kept from one run to the next.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};

/// Returns the cache: `$STRONGROOM_CACHE`, else `$XDG_CACHE_HOME/strongroom`, else `~/.cache/strongroom`.
///
/// # Errors
/// If none of the three variables is set.
pub fn root() -> Result<PathBuf> {
    choose(|name| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    })
    .context("find a cache folder: set STRONGROOM_CACHE, XDG_CACHE_HOME or HOME")
}

fn choose(variable: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    variable("STRONGROOM_CACHE")
        .or_else(|| Some(variable("XDG_CACHE_HOME")?.join("strongroom")))
        .or_else(|| Some(variable("HOME")?.join(".cache/strongroom")))
}

/// Returns a name for these contents, the same on every machine and in every release of the toolchain (FNV-1a).
pub(crate) fn fingerprint<'a>(contents: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut add = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for content in contents {
        add(&content.len().to_le_bytes());
        add(content);
    }
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(set: &[(&str, &str)], expected: Option<&str>) {
        let variable = |name: &str| {
            set.iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| PathBuf::from(value))
        };
        assert_eq!(choose(variable), expected.map(PathBuf::from));
    }

    #[test]
    fn the_variable_of_the_project_wins_over_the_users_cache_and_home() {
        check(
            &[
                ("STRONGROOM_CACHE", "/a"),
                ("XDG_CACHE_HOME", "/b"),
                ("HOME", "/c"),
            ],
            Some("/a"),
        );
        check(&[("XDG_CACHE_HOME", "/b"), ("HOME", "/c")], Some("/b/strongroom"));
        check(&[("HOME", "/c")], Some("/c/.cache/strongroom"));
        check(&[], None);
    }

    #[test]
    fn a_byte_that_moves_to_the_next_content_changes_the_fingerprint() {
        assert_eq!(
            fingerprint([b"ab".as_slice(), b"c"]),
            fingerprint([b"ab".as_slice(), b"c"])
        );
        assert_ne!(
            fingerprint([b"ab".as_slice(), b"c"]),
            fingerprint([b"a".as_slice(), b"bc"])
        );
    }
}
