//! Names with stars in them: `app-*`, `*-ro`, `a*o`.

/// Whether a pattern fits a text. A star stands for any characters, also none; nothing else means more than itself.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut text) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or("");
    for part in parts {
        match text.split_once(part) {
            Some((_, behind)) => text = behind,
            None => return false,
        }
    }
    text.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, fitting: &[&str], other: &[&str]) {
        for text in fitting {
            assert!(matches(pattern, text), "{pattern} on {text}");
        }
        for text in other {
            assert!(!matches(pattern, text), "{pattern} on {text}");
        }
    }

    #[test]
    fn a_star_stands_for_anything() {
        check("app", &["app"], &["App", "apps", ""]);
        check("*", &["", "a", "a*b"], &[]);
        check("app*", &["app", "app-ro"], &["ap", "xapp"]);
        check("*-ro", &["-ro", "app-ro"], &["-ro-"]);
        check("a*o", &["ao", "app-ro"], &["a", "o", "app"]);
        check("*p-r*", &["app-ro", "p-r"], &["app"]);
        check("a*a", &["aa", "aba"], &["a"]);
        check("app?", &["app?"], &["apps"]);
        check("", &[""], &["a"]);
    }
}
