//! `host=… port=… user=… password='…'`: libpq's keywords and values.

use super::{Credentials, Settings, invalid};
use crate::error::DatabaseError;
use logical::secret::SecretText;
use std::iter::Peekable;
use std::str::Chars;

/// Puts the credentials in.
pub(super) fn fill(text: &str, credentials: &Credentials<'_>) -> SecretText {
    let escape = |value: &str| {
        if credentials.disable_escaping {
            return value.to_owned();
        }
        let special = |c: char| c == '\\' || c == '\'' || c.is_whitespace();
        let escaped = value
            .chars()
            .flat_map(|c| special(c).then_some('\\').into_iter().chain([c]));
        escaped.collect()
    };
    let filled = text
        .replace("{{username}}", &escape(credentials.username))
        .replace("{{password}}", &escape(credentials.password));
    SecretText::new(filled)
}

/// Reads keywords and values.
pub(super) fn parse(text: &SecretText) -> Result<Settings, DatabaseError> {
    let mut settings = Settings::new();
    let mut signs = text.expose().chars().peekable();
    loop {
        skip_blanks(&mut signs);
        let mut key = String::new();
        while let Some(sign) = signs.next_if(|c| *c != '=' && !c.is_whitespace()) {
            key.push(sign);
        }
        if key.is_empty() && signs.peek().is_none() {
            return Ok(settings);
        }
        skip_blanks(&mut signs);
        if key.is_empty() || signs.next() != Some('=') {
            return Err(invalid("invalid keyword/value"));
        }
        skip_blanks(&mut signs);
        settings.push((key, value(&mut signs)?));
    }
}

fn value(signs: &mut Peekable<Chars<'_>>) -> Result<SecretText, DatabaseError> {
    let quoted = signs.next_if_eq(&'\'').is_some();
    let mut value = String::new();
    loop {
        match signs.next() {
            Some('\\') => value.extend(signs.next()),
            Some('\'') if quoted => break,
            Some(sign) if quoted || !sign.is_whitespace() => value.push(sign),
            None if quoted => return Err(invalid("invalid keyword/value")),
            Some(_) | None => break,
        }
    }
    Ok(SecretText::new(value))
}

fn skip_blanks(signs: &mut Peekable<Chars<'_>>) {
    while signs.next_if(|c| c.is_whitespace()).is_some() {}
}
