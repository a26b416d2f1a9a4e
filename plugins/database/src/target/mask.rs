//! A connection string as it may be shown: without a password that was written into it.

/// What stands in the place of a password, as in Vault.
const MASK: &str = "xxxxx";

/// The string with its password masked, if it holds one; `{{password}}` is none.
pub(crate) fn masked(text: &str) -> Option<String> {
    let in_address = password_of_address(text);
    let mut shown = match in_address {
        Some((before, behind)) => format!("{before}{MASK}{behind}"),
        None => text.to_owned(),
    };
    let mut found = in_address.is_some();
    for key in ["password=", "sslpassword="] {
        found |= mask_setting(&mut shown, key);
    }
    found.then_some(shown)
}

/// What stands before and behind the password of a URL. Where in doubt, more is taken for the password, not less.
fn password_of_address(text: &str) -> Option<(&str, &str)> {
    let body = super::url::body(text)?;
    let start = text.len() - body.len();
    let authority = body
        .find(['/', '?'])
        .and_then(|end| body.get(..end))
        .unwrap_or(body);
    let at = authority.rfind('@').or_else(|| body.rfind('@'))?;
    let colon = body.get(..at)?.find(':')?;
    let password = body.get(colon + 1..at)?;
    let is_password = !password.is_empty() && password != "{{password}}";
    is_password.then_some(())?;
    Some((text.get(..=start + colon)?, text.get(start + at..)?))
}

/// Masks what a setting of the query or a keyword holds, from behind its sign to its end.
fn mask_setting(shown: &mut String, key: &str) -> bool {
    let mut found = false;
    let mut from = 0;
    while let Some(at) = shown.get(from..).and_then(|rest| rest.find(key)) {
        from += at + key.len();
        let rest = shown.get(from..).unwrap_or("");
        let length = setting_length(rest);
        let value = rest.get(..length).unwrap_or(rest).trim_matches('\'');
        let is_password = !value.is_empty() && value != "{{password}}" && value != MASK;
        if is_password {
            shown.replace_range(from..from + length, MASK);
        }
        found |= is_password;
    }
    found
}

fn setting_length(rest: &str) -> usize {
    let quoted = rest.starts_with('\'');
    let mut escaped = false;
    for (at, sign) in rest.char_indices() {
        if escaped {
            escaped = false;
        } else if sign == '\\' {
            escaped = true;
        } else if quoted && at > 0 && sign == '\'' {
            return at + 1;
        } else if !quoted && (sign.is_whitespace() || sign == '&') {
            return at;
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(masked(text).as_deref(), expected, "{text}");
    }

    #[test]
    fn a_password_is_masked_wherever_it_stands() {
        check("postgresql://{{username}}:{{password}}@h/d", None);
        check("postgresql://u@h/d", None);
        check("nonsense", None);
        check(
            "postgres://u:secret@h:1,i:2/d?a=b",
            Some("postgres://u:xxxxx@h:1,i:2/d?a=b"),
        );
        check("postgres://u:se@cr:et@h/d", Some("postgres://u:xxxxx@h/d"));
        check("postgres://u:se/cret@h/d", Some("postgres://u:xxxxx@h/d"));
        check(
            "postgres://u@h/d?password=secret&a=b",
            Some("postgres://u@h/d?password=xxxxx&a=b"),
        );
        check(
            "host=h password=secret user=u",
            Some("host=h password=xxxxx user=u"),
        );
        check(
            r"host=h password='it\'s a secret' user=u",
            Some("host=h password=xxxxx user=u"),
        );
        check("host=h password={{password}} user=u", None);
        check("host=h password='{{password}}' user=u", None);
    }
}
