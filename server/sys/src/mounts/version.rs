//! Versions of plugins. There is one of each, which is built in.

use logical::{Error, Result};

/// Refuses what is no version at all, in the reference's words; says whether any version was named.
pub(crate) fn is_named(version: &str) -> Result<bool> {
    if version.is_empty() {
        return Ok(false);
    }
    let bare = version.strip_prefix('v').unwrap_or(version);
    let core = bare.split(['-', '+']).next().unwrap_or_default();
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if core.split('.').all(is_number) {
        Ok(true)
    } else {
        let text =
            format!("version {version:?} is not a valid semantic version: malformed version: {version}");
        Err(Error::invalid(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_numbers_with_dots() {
        let check =
            |version: &str, named: Option<bool>| assert_eq!(is_named(version).ok(), named, "{version}");
        check("", Some(false));
        check("v9.9.9", Some(true));
        check("1.2", Some(true));
        check("v0.1.0-rc1+builtin.strongroom", Some(true));
        for none in ["x", "v", "v1.", "1..2", "vv1"] {
            check(none, None);
        }
    }
}
