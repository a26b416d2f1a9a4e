//! Statements as operators write them: taken apart where PostgreSQL would, filled in as each place needs it.
//!
//! A semicolon within quotes, comments, parentheses or the body of a function ends nothing. A value that is filled in
//! is quoted as its surroundings ask, and refused where that cannot be done, so that no name and no password can turn
//! into SQL.

mod lexer;

use crate::error::DatabaseError;
use crate::sql::NAME_MAX;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lexer::{Piece, Place};
use logical::secret::SecretText;

/// Statements that end the transaction they run in: after one of them nothing could be taken back.
const TRANSACTION: [&str; 6] = ["BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT"];

/// Values that name a role.
const NAMES: [&str; 2] = ["name", "username"];

/// What is filled in: `{{name}}` becomes the value that has this name.
pub(crate) type Values<'a> = [(&'a str, &'a str)];

/// Statements, one after another, that run in one transaction.
pub(crate) struct Script(Vec<Vec<Piece>>);

impl Script {
    /// Takes statements apart. Each text is SQL, a JSON list of SQL, or either of these in base64, as in Vault.
    ///
    /// # Errors
    /// If a quote is left open, or a statement begins or ends a transaction.
    pub(crate) fn parse(texts: &[String]) -> Result<Self, DatabaseError> {
        let mut statements = Vec::new();
        for sql in texts.iter().flat_map(|text| written(text)) {
            statements.extend(lexer::split(&sql)?);
        }
        statements.retain(|pieces| !is_blank(pieces));
        match statements.iter().find_map(|pieces| transaction_word(pieces)) {
            Some(word) => Err(DatabaseError::Statements(format!(
                "{word} may not be used: the statements run in one transaction, so that nothing is left of them if one fails"
            ))),
            None => Ok(Self(statements)),
        }
    }

    /// Whether there is nothing to run.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The statements with values filled in.
    ///
    /// # Errors
    /// If a value cannot be put where its name stands.
    pub(crate) fn fill(&self, values: &Values<'_>) -> Result<Vec<SecretText>, DatabaseError> {
        let fill = |pieces: &Vec<Piece>| {
            let filled: Result<String, DatabaseError> =
                pieces.iter().map(|piece| fill_piece(piece, values)).collect();
            filled.map(SecretText::new)
        };
        self.0.iter().map(fill).collect()
    }
}

/// The SQL in a text, however it was written down.
fn written(text: &str) -> Vec<String> {
    let decoded = STANDARD.decode(text).ok().filter(|bytes| !bytes.is_empty());
    let sql = decoded
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_else(|| text.to_owned());
    serde_json::from_str::<Vec<String>>(&sql).unwrap_or_else(|_| vec![sql])
}

fn is_blank(pieces: &[Piece]) -> bool {
    pieces.iter().all(|piece| match piece.place {
        Place::Comment => true,
        Place::Bare => piece.text.trim().is_empty(),
        Place::Text | Place::Escaped | Place::Name | Place::Dollar(_) => false,
    })
}

/// The word with which a statement begins or ends a transaction.
fn transaction_word(pieces: &[Piece]) -> Option<String> {
    let parts = pieces.iter().filter(|piece| piece.place != Place::Comment);
    let words = parts.flat_map(|piece| piece.text.split_whitespace());
    let mut words = words.map(str::to_ascii_uppercase);
    let first = words.next()?;
    if first == "PREPARE" && words.next().as_deref() == Some("TRANSACTION") {
        return Some("PREPARE TRANSACTION".to_owned());
    }
    TRANSACTION.contains(&first.as_str()).then_some(first)
}

fn fill_piece(piece: &Piece, values: &Values<'_>) -> Result<String, DatabaseError> {
    let mut filled = String::new();
    let mut rest = piece.text.as_str();
    while let Some((before, name, value, behind)) = next_value(rest, values) {
        filled.push_str(before);
        filled.push_str(&quoted(&piece.place, name, value)?);
        rest = behind;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// The next place where a value belongs: what is before it, its name, the value, what is behind it.
fn next_value<'t, 'v>(text: &'t str, values: &'v Values<'v>) -> Option<(&'t str, &'v str, &'v str, &'t str)> {
    let found = values.iter().filter_map(|(name, value)| {
        let placeholder = format!("{{{{{name}}}}}");
        let at = text.find(&placeholder)?;
        Some((at, placeholder.len(), *name, *value))
    });
    let (at, length, name, value) = found.min_by_key(|(at, ..)| *at)?;
    Some((text.get(..at)?, name, value, text.get(at + length..)?))
}

fn quoted(place: &Place, name: &str, value: &str) -> Result<String, DatabaseError> {
    if value.contains('\0') {
        return Err(DatabaseError::Statements(format!("the {name} contains NUL")));
    }
    let is_identifier = !matches!(place, Place::Text | Place::Escaped | Place::Comment);
    if is_identifier && NAMES.contains(&name) && value.len() > NAME_MAX {
        // PostgreSQL would cut it off, and nobody would find the role again.
        return Err(DatabaseError::Statements(format!(
            "the {name} has {} bytes, of which PostgreSQL keeps {NAME_MAX}",
            value.len()
        )));
    }
    match place {
        Place::Text => Ok(value.replace('\'', "''")),
        Place::Escaped => Ok(value.replace('\\', r"\\").replace('\'', "''")),
        Place::Name => Ok(value.replace('"', "\"\"")),
        // A password has no business in a comment, which the database's log would show.
        Place::Comment => Ok(String::new()),
        Place::Dollar(delimiter) if is_plain(value) && !value.contains(delimiter) => Ok(value.to_owned()),
        Place::Bare if is_plain(value) && !value.contains("--") => Ok(value.to_owned()),
        Place::Dollar(_) | Place::Bare => Err(DatabaseError::Statements(format!(
            "{{{{{name}}}}} stands outside of quotes or within $$, and this {name} has characters that cannot stand there"
        ))),
    }
}

/// Whether a text means nothing but itself wherever it stands, quotes within quotes included.
fn is_plain(value: &str) -> bool {
    !value.contains(['\'', '"', '\\', ';']) && !value.contains("/*") && !value.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(texts: &[&str], expected: &[&str]) {
        let texts: Vec<String> = texts.iter().map(|t| (*t).to_owned()).collect();
        let filled = Script::parse(&texts)
            .and_then(|s| s.fill(&[("name", "n'\"\\x"), ("password", "pw")]))
            .unwrap();
        let filled: Vec<&str> = filled.iter().map(SecretText::expose).collect();
        assert_eq!(filled, expected, "{texts:?}");
    }

    fn refused(text: &str) -> String {
        let script = Script::parse(&[text.to_owned()]).and_then(|s| s.fill(&[("name", "n'\"\\x")]));
        script
            .err()
            .unwrap_or_else(|| panic!("{text} is taken"))
            .to_string()
    }

    #[test]
    fn statements_are_written_down_in_many_ways() {
        check(&["SELECT 1; SELECT 2;;  ;"], &["SELECT 1", " SELECT 2"]);
        check(&["SELECT 1;", "", " ", "SELECT 2"], &["SELECT 1", "SELECT 2"]);
        check(&[r#"["SELECT 1", "SELECT 2"]"#], &["SELECT 1", "SELECT 2"]);
        check(&["U0VMRUNUIDE7IFNFTEVDVCAy"], &["SELECT 1", " SELECT 2"]);
        check(&["WyJTRUxFQ1QgMSJd"], &["SELECT 1"]);
        check(&["/* nothing */ ; -- here"], &[]);
    }

    #[test]
    fn a_value_is_quoted_as_its_place_asks() {
        check(&["SELECT '{{name}}'"], &[r#"SELECT 'n''"\x'"#]);
        check(&["SELECT E'{{name}}'"], &[r#"SELECT E'n''"\\x'"#]);
        check(&["ROLE \"{{name}}\""], &[r#"ROLE "n'""\x""#]);
        check(&["SELECT 1 -- {{password}}"], &["SELECT 1 -- "]);
        check(&["A {{password}} $${{password}}$$"], &["A pw $$pw$$"]);
        check(
            &["'{{ name }} {{NAME}} {name} {{}}'"],
            &["'{{ name }} {{NAME}} {name} {{}}'"],
        );
    }

    #[test]
    fn a_value_that_could_become_sql_is_refused() {
        assert!(refused("CREATE ROLE {{name}}").contains("outside of quotes"));
        assert!(refused("DO $$ BEGIN x('{{name}}'); END $$").contains("within $$"));
        assert!(!refused("CREATE ROLE {{name}}").contains("n'"));
    }

    #[test]
    fn a_name_that_postgresql_would_cut_is_no_name_of_a_role() {
        let fill =
            |text: &str, name: &str| Script::parse(&[text.to_owned()]).unwrap().fill(&[("name", name)]);
        let (long, longest) = ("x".repeat(64), "x".repeat(63));
        assert!(fill("CREATE ROLE \"{{name}}\"", &longest).is_ok());
        for text in [
            "CREATE ROLE \"{{name}}\"",
            "CREATE ROLE {{name}}",
            "DO $$ {{name}} $$",
        ] {
            assert!(fill(text, &long).is_err(), "{text}");
        }
        assert!(fill("INSERT INTO noted VALUES ('{{name}}')", &long).is_ok());
    }

    #[test]
    fn statements_cannot_leave_the_transaction() {
        for text in [
            "COMMIT",
            "commit work",
            "SELECT 1; Rollback",
            "/* x */ begin",
            "PREPARE /* x */ TRANSACTION 'x'",
            "END",
            "ABORT",
            "start transaction",
            "PREPARE TRANSACTION 'x'",
        ] {
            assert!(refused(text).contains("may not be used"), "{text}");
        }
        check(&["DO $$ BEGIN COMMIT; END $$"], &["DO $$ BEGIN COMMIT; END $$"]);
        check(&["PREPARE x AS SELECT 1"], &["PREPARE x AS SELECT 1"]);
    }
}
