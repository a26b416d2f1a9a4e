//! `printf` and `print`, as Go has them, for texts, numbers and truth values.

use super::{Fault, Value};
use std::iter::Peekable;
use std::str::Chars;

/// The widest that a value is padded to; nothing wider can be part of a name.
const WIDTH_MAX: usize = 1024;

/// How a value is written: `%-6s`, `%05d`.
#[derive(Default)]
struct Verb {
    left: bool,
    zeros: bool,
    width: usize,
    letter: char,
}

/// Writes values as a format says.
pub(super) fn printf(format: &str, arguments: &[Value]) -> Result<String, Fault> {
    let mut written = String::new();
    let mut arguments = arguments.iter();
    let mut signs = format.chars().peekable();
    while let Some(sign) = signs.next() {
        if sign != '%' {
            written.push(sign);
        } else if signs.next_if_eq(&'%').is_some() {
            written.push('%');
        } else {
            let verb = verb(&mut signs)?;
            let value = arguments.next().ok_or("printf: a value is missing")?;
            written.push_str(&verb.write(value)?);
        }
    }
    match arguments.next() {
        None => Ok(written),
        Some(_) => Err("printf: there are more values than the format names".to_owned()),
    }
}

/// Writes values one after another, with a blank between two of which neither is a text.
pub(super) fn print(arguments: &[Value]) -> Result<String, Fault> {
    let mut written = String::new();
    let mut before: Option<&Value> = None;
    for value in arguments {
        let is_text = |value: &Value| matches!(value, Value::Text(_));
        if before.is_some_and(|before| !is_text(before) && !is_text(value)) {
            written.push(' ');
        }
        written.push_str(&value.shown()?);
        before = Some(value);
    }
    Ok(written)
}

fn verb(signs: &mut Peekable<Chars<'_>>) -> Result<Verb, Fault> {
    let mut verb = Verb::default();
    while let Some(flag) = signs.next_if(|c| matches!(c, '-' | '0')) {
        verb.left |= flag == '-';
        verb.zeros |= flag == '0';
    }
    while let Some(digit) = signs.next_if(char::is_ascii_digit).and_then(|c| c.to_digit(10)) {
        verb.width = (verb.width * 10 + usize::try_from(digit).unwrap_or(0)).min(WIDTH_MAX);
    }
    verb.letter = signs.next().ok_or("printf: a verb is missing")?;
    Ok(verb)
}

impl Verb {
    fn write(&self, value: &Value) -> Result<String, Fault> {
        let written = match (self.letter, value) {
            ('v', value) => value.shown()?,
            ('s', Value::Text(text)) => text.clone(),
            ('q', Value::Text(text)) => format!("{text:?}"),
            ('x', Value::Text(text)) => hex::encode(text),
            ('d', Value::Number(number)) => number.to_string(),
            ('x', Value::Number(number)) => format!("{number:x}"),
            ('t', Value::Flag(flag)) => flag.to_string(),
            (letter, _) => return Err(format!("printf: %{letter} does not fit its value")),
        };
        let missing = self.width.saturating_sub(written.chars().count());
        let fill = |sign: &str| sign.repeat(missing);
        Ok(match (self.left, self.zeros, written.strip_prefix('-')) {
            (true, ..) => written + &fill(" "),
            (false, true, Some(digits)) => format!("-{}{digits}", fill("0")),
            (false, true, None) => fill("0") + &written,
            (false, false, _) => fill(" ") + &written,
        })
    }
}
