//! Takes a template apart: text, and actions in braces; and an action into words.

use super::Fault;

/// A part of a template.
#[derive(Debug, PartialEq)]
pub(super) enum Part<'a> {
    Text(&'a str),
    /// What stands within the braces.
    Action(&'a str),
}

/// A word of an action.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Word {
    Name(String),
    /// `.A.B`; no names for the dot alone.
    Field(Vec<String>),
    /// `$a.B`.
    Variable(String, Vec<String>),
    Text(String),
    Number(i64),
    Pipe,
    Open,
    Close,
    /// `:=` or `=`.
    Set,
}

/// Splits a template. Blanks next to `{{-` and `-}}` are cut off, comments are left out.
pub(super) fn parts(template: &str) -> Result<Vec<Part<'_>>, Fault> {
    let mut parts = Vec::new();
    let mut rest = template;
    let mut trims = false;
    while let Some((text, behind)) = rest.split_once("{{") {
        let (action, behind) = action(behind)?;
        let inner = action
            .strip_prefix('-')
            .filter(|inner| inner.starts_with(char::is_whitespace));
        let text = if trims { text.trim_start() } else { text };
        parts.push(Part::Text(if inner.is_some() { text.trim_end() } else { text }));
        let inner = inner.unwrap_or(action);
        let trimmed = inner
            .strip_suffix('-')
            .filter(|inner| inner.ends_with(char::is_whitespace));
        trims = trimmed.is_some();
        let inner = trimmed.unwrap_or(inner).trim();
        if !(inner.starts_with("/*") && inner.ends_with("*/")) {
            parts.push(Part::Action(inner));
        }
        rest = behind;
    }
    parts.push(Part::Text(if trims { rest.trim_start() } else { rest }));
    Ok(parts)
}

/// An action up to its closing braces, which may also stand within quotes, and what is behind it.
fn action(text: &str) -> Result<(&str, &str), Fault> {
    let mut quote: Option<char> = None;
    let mut escaped = false;
    for (at, sign) in text.char_indices() {
        match quote {
            Some('"') if escaped => escaped = false,
            Some('"') if sign == '\\' => escaped = true,
            Some(open) if sign == open => quote = None,
            Some(_) => {}
            None if sign == '"' || sign == '`' => quote = Some(sign),
            None => {
                let split = text.split_at_checked(at);
                if let Some((before, behind)) = split
                    && let Some(behind) = behind.strip_prefix("}}")
                {
                    return Ok((before, behind));
                }
            }
        }
    }
    Err("unclosed action".to_owned())
}

/// Splits an action into words.
pub(super) fn words(action: &str) -> Result<Vec<Word>, Fault> {
    let mut words = Vec::new();
    let mut rest = action.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, length) = word(first, rest)?;
        words.push(word);
        rest = rest.get(length..).unwrap_or("").trim_start();
    }
    Ok(words)
}

fn word(first: char, rest: &str) -> Result<(Word, usize), Fault> {
    match first {
        '|' => Ok((Word::Pipe, 1)),
        '(' => Ok((Word::Open, 1)),
        ')' => Ok((Word::Close, 1)),
        '=' => Ok((Word::Set, 1)),
        ':' if rest.starts_with(":=") => Ok((Word::Set, 2)),
        '"' => text(rest),
        '`' => {
            let end = rest.char_indices().skip(1).find(|(_, c)| *c == '`');
            let (end, _) = end.ok_or("unterminated raw quoted string")?;
            Ok((Word::Text(rest.get(1..end).unwrap_or("").to_owned()), end + 1))
        }
        '.' | '$' => {
            let length = 1 + rest
                .chars()
                .skip(1)
                .take_while(|c| is_name(*c) || *c == '.')
                .count();
            let mut names = rest.get(1..length).unwrap_or("").split('.').map(str::to_owned);
            let first_name = names.next().unwrap_or_default();
            let path: Vec<String> = names.collect();
            if first == '$' {
                return Ok((Word::Variable(first_name, path), length));
            }
            let all = std::iter::once(first_name)
                .chain(path)
                .filter(|name| !name.is_empty());
            Ok((Word::Field(all.collect()), length))
        }
        '-' | '0'..='9' => {
            let length = 1 + rest.chars().skip(1).take_while(char::is_ascii_digit).count();
            let number = rest.get(..length).and_then(|digits| digits.parse().ok());
            Ok((Word::Number(number.ok_or("bad number syntax")?), length))
        }
        c if is_name(c) => {
            let length = rest.chars().take_while(|c| is_name(*c)).count();
            Ok((Word::Name(rest.get(..length).unwrap_or("").to_owned()), length))
        }
        c => Err(format!("unexpected {c:?} in command")),
    }
}

/// A text in double quotes, and its length with them.
fn text(rest: &str) -> Result<(Word, usize), Fault> {
    let mut text = String::new();
    let mut signs = rest.char_indices().skip(1);
    while let Some((at, sign)) = signs.next() {
        match sign {
            '"' => return Ok((Word::Text(text), at + 1)),
            '\\' => match signs.next() {
                Some((_, 'n')) => text.push('\n'),
                Some((_, 't')) => text.push('\t'),
                Some((_, c @ ('"' | '\\'))) => text.push(c),
                _ => return Err("unknown escape in string".to_owned()),
            },
            c => text.push(c),
        }
    }
    Err("unterminated quoted string".to_owned())
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}
