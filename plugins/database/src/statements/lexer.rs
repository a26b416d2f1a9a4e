//! Where a statement ends, and what each part of it is.

use crate::error::DatabaseError;

/// A part of a statement, with its quotes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) place: Place,
    pub(super) text: String,
}

/// What a part of a statement is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Words and signs.
    Bare,
    /// `'…'`.
    Text,
    /// `E'…'`, where a backslash escapes. The `E` itself is bare.
    Escaped,
    /// `"…"`.
    Name,
    /// `$$…$$` or `$tag$…$tag$`, with its delimiter.
    Dollar(String),
    /// `-- …` and `/* … */`.
    Comment,
}

/// Splits SQL into statements. Blank ones are kept.
pub(super) fn split(sql: &str) -> Result<Vec<Vec<Piece>>, DatabaseError> {
    let mut lexer = Lexer::new(sql);
    while !lexer.rest.is_empty() {
        lexer.step()?;
    }
    lexer.end_statement();
    Ok(lexer.statements)
}

struct Lexer<'a> {
    rest: &'a str,
    bare: String,
    pieces: Vec<Piece>,
    statements: Vec<Vec<Piece>>,
    depth: Depth,
}

/// How deep within parentheses and the bodies of functions a statement is: there a semicolon ends nothing.
#[derive(Default)]
struct Depth {
    parentheses: usize,
    words: Vec<String>,
    body: usize,
}

impl<'a> Lexer<'a> {
    fn new(sql: &'a str) -> Self {
        Self {
            rest: sql,
            bare: String::new(),
            pieces: Vec::new(),
            statements: Vec::new(),
            depth: Depth::default(),
        }
    }

    fn step(&mut self) -> Result<(), DatabaseError> {
        let rest = self.rest;
        if let Some((place, length)) = self.quoted()? {
            let (text, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
            self.end_bare();
            self.pieces.push(Piece {
                place,
                text: text.to_owned(),
            });
            self.rest = behind;
            return Ok(());
        }
        let word = rest
            .find(|c: char| !is_word(c))
            .map_or(rest, |end| rest.get(..end).unwrap_or(rest));
        if !word.is_empty() {
            self.depth.word(word);
            self.take_bare(word.len());
        } else if rest.starts_with(';') && self.depth.is_top() {
            self.rest = rest.get(1..).unwrap_or("");
            self.end_statement();
        } else {
            self.depth.sign(rest);
            self.take_bare(rest.chars().next().map_or(0, char::len_utf8));
        }
        Ok(())
    }

    /// What is quoted here, and how long it is with its quotes.
    fn quoted(&self) -> Result<Option<(Place, usize)>, DatabaseError> {
        let rest = self.rest;
        if rest.starts_with("--") {
            return Ok(Some((Place::Comment, rest.find('\n').unwrap_or(rest.len()))));
        }
        if rest.starts_with("/*") {
            return comment(rest).map(|length| Some((Place::Comment, length)));
        }
        if rest.starts_with('"') {
            return until_quote(rest, '"', false).map(|length| Some((Place::Name, length)));
        }
        if rest.starts_with('\'') {
            let escapes = self.after_escape_mark();
            let place = if escapes { Place::Escaped } else { Place::Text };
            return until_quote(rest, '\'', escapes).map(|length| Some((place, length)));
        }
        let Some(delimiter) = dollar(rest).filter(|_| !self.bare.ends_with(is_word)) else {
            return Ok(None);
        };
        let body = rest.get(delimiter.len()..).unwrap_or("");
        let end = body.find(delimiter).ok_or_else(|| open(delimiter))?;
        Ok(Some((
            Place::Dollar(delimiter.to_owned()),
            end + 2 * delimiter.len(),
        )))
    }

    /// Whether the word just before is `E` alone.
    fn after_escape_mark(&self) -> bool {
        let mut back = self.bare.chars().rev();
        matches!(back.next(), Some('e' | 'E')) && !back.next().is_some_and(is_word)
    }

    fn take_bare(&mut self, length: usize) {
        let (text, behind) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.bare.push_str(text);
        self.rest = behind;
    }

    fn end_bare(&mut self) {
        if !self.bare.is_empty() {
            let text = std::mem::take(&mut self.bare);
            self.pieces.push(Piece {
                place: Place::Bare,
                text,
            });
        }
    }

    fn end_statement(&mut self) {
        self.end_bare();
        self.statements.push(std::mem::take(&mut self.pieces));
        self.depth = Depth::default();
    }
}

impl Depth {
    fn is_top(&self) -> bool {
        self.parentheses == 0 && self.body == 0
    }

    fn sign(&mut self, rest: &str) {
        if rest.starts_with('(') {
            self.parentheses += 1;
        } else if rest.starts_with(')') {
            self.parentheses = self.parentheses.saturating_sub(1);
        }
    }

    /// `BEGIN ATOMIC … END` is the body of a function; only there can these words be within a statement.
    fn word(&mut self, word: &str) {
        let word = word.to_ascii_lowercase();
        if self.makes_routine() {
            match word.as_str() {
                "begin" => self.body += 1,
                "case" if self.body > 0 => self.body += 1,
                "end" => self.body = self.body.saturating_sub(1),
                _ => {}
            }
        }
        if self.words.len() < 4 {
            self.words.push(word);
        }
    }

    fn makes_routine(&self) -> bool {
        let mut words = self.words.iter().map(String::as_str);
        let routine = |word: Option<&str>| matches!(word, Some("function" | "procedure"));
        words.next() == Some("create")
            && match words.next() {
                Some("or") => words.next() == Some("replace") && routine(words.next()),
                word => routine(word),
            }
    }
}

/// What may stand in a word, the first place excepted.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii()
}

fn until_quote(text: &str, quote: char, escapes: bool) -> Result<usize, DatabaseError> {
    let mut signs = text.char_indices().skip(1).peekable();
    while let Some((at, sign)) = signs.next() {
        if escapes && sign == '\\' {
            signs.next();
        } else if sign == quote {
            if signs.peek().is_some_and(|(_, next)| *next == quote) {
                signs.next();
            } else {
                return Ok(at + 1);
            }
        }
    }
    Err(open(&quote.to_string()))
}

/// The length of a comment; comments can stand within comments.
fn comment(text: &str) -> Result<usize, DatabaseError> {
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return Ok(at);
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    Err(open("/*"))
}

/// The delimiter with which a dollar-quoted text begins here.
fn dollar(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('$')?;
    let end = inner.find('$')?;
    let tag = inner.get(..end)?;
    let is_tag = tag.chars().all(is_word) && !tag.starts_with(|c: char| c.is_ascii_digit());
    is_tag.then(|| text.get(..end + 2)).flatten()
}

fn open(what: &str) -> DatabaseError {
    DatabaseError::Statements(format!("a {what} is opened and never closed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sql: &str, expected: &[&str]) {
        let found: Vec<String> = split(sql)
            .unwrap()
            .iter()
            .map(|pieces| pieces.iter().map(|piece| piece.text.as_str()).collect())
            .collect();
        assert_eq!(found, expected, "{sql}");
    }

    #[test]
    fn a_semicolon_ends_a_statement_only_between_its_parts() {
        check("a;b", &["a", "b"]);
        check("a ';' b; c", &["a ';' b", " c"]);
        check("'it''s; one'; b", &["'it''s; one'", " b"]);
        check(r"E'\'; one'; b", &[r"E'\'; one'", " b"]);
        check(r"'\'; b", &[r"'\'", " b"]);
        check(r#""a;""b"; c"#, &[r#""a;""b""#, " c"]);
        check("a -- x; y\n; b", &["a -- x; y\n", " b"]);
        check("a /* x; /* y; */ z; */; b", &["a /* x; /* y; */ z; */", " b"]);
        check("DO $$ a; b $$; c", &["DO $$ a; b $$", " c"]);
        check("DO $x$ a; $$ b; $x$; c", &["DO $x$ a; $$ b; $x$", " c"]);
        check("SELECT $1; b$$c; $d", &["SELECT $1", " b$$c", " $d"]);
        check("RULE r DO (a; b); c", &["RULE r DO (a; b)", " c"]);
        check("é'ü;'; ö", &["é'ü;'", " ö"]);
    }

    #[test]
    fn the_body_of_a_function_is_one_statement() {
        check(
            "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END; x",
            &[
                "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END",
                " x",
            ],
        );
        check(
            "create table begin (a int); x",
            &["create table begin (a int)", " x"],
        );
    }

    #[test]
    fn a_quote_that_is_never_closed_is_refused() {
        for sql in ["a 'b", "a \"b", "$$ a", "$x$ a $$", "/* a", "/* /* a */", r"E'\'"] {
            assert!(split(sql).is_err(), "{sql}");
        }
    }
}
