//! Names and texts as PostgreSQL quotes them. Every identifier in a statement of ours goes through here.

use crate::error::DatabaseError;

/// The longest name that PostgreSQL keeps, in bytes. It cuts longer ones off and so makes another name of them.
pub(crate) const NAME_MAX: usize = 63;

/// A name, in quotes.
pub(crate) fn name(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// A text, in quotes.
pub(crate) fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains('\\') {
        format!("E'{}'", quoted.replace('\\', r"\\"))
    } else {
        format!("'{quoted}'")
    }
}

/// Refuses what cannot be the name of a role.
pub(crate) fn check_name(text: &str) -> Result<(), DatabaseError> {
    let wrong = if text.is_empty() {
        "is empty"
    } else if text.contains(char::is_control) {
        "has control characters"
    } else {
        return Ok(());
    };
    Err(DatabaseError::Invalid(format!("the username {wrong}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_within_quotes_are_doubled() {
        assert_eq!(name(r#"x"; DROP TABLE t; --"#), r#""x""; DROP TABLE t; --""#);
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal(r"a\'b"), r"E'a\\''b'");
    }

    #[test]
    fn what_cannot_be_a_name_is_refused() {
        assert!(check_name("Svc app@host").is_ok());
        assert!(check_name("").is_err());
        assert!(check_name("a\nb").is_err());
    }
}
