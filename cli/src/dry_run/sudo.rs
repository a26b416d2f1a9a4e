//! The paths that need `sudo` besides the capability of the request.

/// The paths; `+` is any one segment, and `*` at the end is anything.
const PATHS: [&str; 22] = [
    "auth/token/create-orphan",
    "sys/audit",
    "sys/audit/+",
    "sys/auth/+",
    "sys/auth/+/tune",
    "sys/config/auditing/request-headers",
    "sys/config/auditing/request-headers/+",
    "sys/config/cors",
    "sys/config/ui/headers",
    "sys/config/ui/headers/+",
    "sys/internal/inspect/*",
    "sys/leases/revoke-force/*",
    "sys/leases/revoke-prefix/*",
    "sys/plugins/catalog/*",
    "sys/raw",
    "sys/raw/*",
    "sys/remount",
    "sys/revoke-force/*",
    "sys/revoke-prefix/*",
    "sys/rotate",
    "sys/seal",
    "sys/step-down",
];

/// The paths that need it when they are listed.
const LISTED: [&str; 3] = ["auth/token/accessors", "sys/leases/lookup", "sys/leases/lookup/*"];

/// Tells whether a request for this path needs `sudo`.
pub(super) fn is_needed(path: &str, lists: bool) -> bool {
    PATHS.iter().any(|pattern| matches(pattern, path))
        || (lists && LISTED.iter().any(|pattern| matches(pattern, path)))
}

fn matches(pattern: &str, path: &str) -> bool {
    if let Some(prefix) = pattern.strip_suffix('*') {
        return path.starts_with(prefix);
    }
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len()
        && pattern
            .iter()
            .zip(&path)
            .all(|(pattern, segment)| *pattern == "+" || pattern == segment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_paths() {
        let needed = [
            "sys/audit",
            "sys/auth/x",
            "sys/leases/revoke-prefix/a/b",
            "sys/auth",
            "sys/mounts/x",
            "secret/x",
        ];
        assert_eq!(
            needed.map(|path| is_needed(path, false)),
            [true, true, true, false, false, false]
        );
        assert!(is_needed("auth/token/accessors", true) && !is_needed("auth/token/accessors", false));
    }
}
