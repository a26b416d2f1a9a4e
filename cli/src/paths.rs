//! Paths as users type them.

/// The path without white space and slashes around it.
pub(crate) fn bare(path: &str) -> String {
    path.trim().trim_matches('/').to_owned()
}

/// The path of a mount, with one slash at its end.
pub(crate) fn mount(path: &str) -> String {
    format!("{}/", bare(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_around_a_path_do_not_matter() {
        assert_eq!(
            (bare(" /kv/app/ "), mount("kv"), mount("/kv/")),
            ("kv/app".into(), "kv/".into(), "kv/".into())
        );
    }
}
