//! Names with stars in them.

/// Whether a pattern takes a name. A `*` stands for anything, also for nothing; all else for itself.
pub(crate) fn takes(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut name) = name.strip_prefix(first) else {
        return false;
    };
    let mut parts = rest.split('*');
    let last = parts.next_back().unwrap_or_default();
    for part in parts {
        match name.find(part).and_then(|place| name.get(place + part.len()..)) {
            Some(behind) => name = behind,
            None => return false,
        }
    }
    name.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, names: &[&str], others: &[&str]) {
        for name in names {
            assert!(takes(pattern, name), "{pattern} takes {name}");
        }
        for name in others {
            assert!(!takes(pattern, name), "{pattern} does not take {name}");
        }
    }

    #[test]
    fn a_star_stands_for_anything_and_all_else_for_itself() {
        check("web", &["web"], &["web-2", "Web", "", "we"]);
        check("web*", &["web", "web-2"], &["we", "a-web"]);
        check("*-2", &["web-2", "-2"], &["web", "web-22"]);
        check("*e*", &["web", "e"], &["db", ""]);
        check("*", &["", "web"], &[]);
        check("we?", &["we?"], &["web"]);
        check("a*b*c", &["abc", "a-b-c", "abcbc"], &["ac", "ab", "acb", "abcd"]);
        check("ab*ba", &["abba", "ab-ba"], &["aba", "ab"]);
        check("", &[""], &["web"]);
        check("é*", &["é", "éa"], &["e"]);
    }
}
