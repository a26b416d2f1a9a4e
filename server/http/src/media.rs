//! The media type of a body.

use logical::Operation;

use crate::refusal::Refusal;

/// What a form is sent as.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// What a patch is sent as.
const MERGE_PATCH: &str = "application/merge-patch+json";

/// The media type alone, in lower case; empty if there is none.
pub(crate) fn media(header: &str) -> String {
    let (media, _) = header.split_once(';').unwrap_or((header, ""));
    media.trim().to_ascii_lowercase()
}

/// Refuses a patch that does not say which kind of patch it is. All other bodies are read whatever they are called.
///
/// # Errors
/// 415 for another type, 400 for what is no media type.
pub(crate) fn check(operation: Operation, header: &str) -> Result<(), Refusal> {
    if operation != Operation::Patch {
        return Ok(());
    }
    let found = media(header);
    well_formed(&found, header).map_err(|why| Refusal::invalid(format!("mime: {why}")))?;
    if found == MERGE_PATCH {
        return Ok(());
    }
    let text = format!("PATCH requires Content-Type of {MERGE_PATCH}, provided {found}");
    Err(Refusal::new(415, text))
}

/// Go's complaints, in its order.
fn well_formed(media: &str, header: &str) -> Result<(), &'static str> {
    let (kind, subtype) = media
        .split_once('/')
        .map_or((media, None), |(kind, sub)| (kind, Some(sub)));
    if kind.is_empty() {
        return Err("no media type");
    }
    if !kind.bytes().all(is_token) {
        return Err("expected slash after first token");
    }
    match subtype {
        Some("") => return Err("expected token after slash"),
        Some(subtype) if !subtype.bytes().all(is_token) => {
            return Err("unexpected content after media subtype");
        }
        _ => {}
    }
    let mut names = Vec::new();
    let mut parameters = header.split(';').skip(1).peekable();
    while let Some(parameter) = parameters.next() {
        // One semicolon at the end is forgiven.
        if parameter.trim().is_empty() && parameters.peek().is_none() {
            break;
        }
        let (name, value) = parameter.split_once('=').ok_or("invalid media parameter")?;
        let name = name.trim().to_ascii_lowercase();
        if name.is_empty() || !name.bytes().all(is_token) || value.trim().is_empty() {
            return Err("invalid media parameter");
        }
        if names.contains(&name) {
            return Err("duplicate parameter name");
        }
        names.push(name);
    }
    Ok(())
}

/// RFC 9110's `tchar`.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_patch(header: &str, expected: Result<(), (u16, &str)>) {
        let found =
            check(Operation::Patch, header).map_err(|refusal| (refusal.status, refusal.errors.concat()));
        let expected = expected.map_err(|(status, text)| (status, text.to_owned()));
        assert_eq!(found, expected, "{header}");
    }

    #[test]
    fn a_patch_says_so() {
        check_patch("application/merge-patch+json", Ok(()));
        check_patch("application/merge-patch+json; charset=utf-8", Ok(()));
        check_patch("APPLICATION/MERGE-PATCH+JSON", Ok(()));
        let wrong = "PATCH requires Content-Type of application/merge-patch+json, provided application/json";
        check_patch("application/json; a=b", Err((415, wrong)));
    }

    #[test]
    fn what_is_no_media_type_is_told_in_vaults_words() {
        for (header, why) in [
            ("", "mime: no media type"),
            ("/x", "mime: no media type"),
            ("a b", "mime: expected slash after first token"),
            ("text/", "mime: expected token after slash"),
            ("nonsense;;", "mime: invalid media parameter"),
            ("text/plain; charset", "mime: invalid media parameter"),
            ("text/plain; a=b; A=c", "mime: duplicate parameter name"),
        ] {
            check_patch(header, Err((400, why)));
        }
    }

    #[test]
    fn other_bodies_are_called_what_they_like() {
        assert_eq!(check(Operation::Update, "not a type;;"), Ok(()));
        assert_eq!(media("Text/Plain ; a=b"), "text/plain");
    }
}
