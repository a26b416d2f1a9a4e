//! What a template can call: Go's own functions and Vault's.

use super::layout::timestamp;
use super::printf::{print, printf};
use super::{Fault, Scope, Value};
use crate::glob::matches;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use logical::{random_text, random_uuid};

/// The longest text that `random` makes; nothing longer can be part of a name.
const RANDOM_MAX: i64 = 1024;

const KNOWN: [&str; 24] = [
    "printf",
    "print",
    "len",
    "eq",
    "ne",
    "and",
    "or",
    "not",
    "glob",
    "truncate",
    "truncate_sha256",
    "uppercase",
    "lowercase",
    "replace",
    "sha256",
    "base64",
    "decode_base64",
    "hex",
    "decode_hex",
    "random",
    "unix_time",
    "unix_time_millis",
    "uuid",
    "timestamp",
];

/// Whether there is a function of this name.
pub(super) fn is_known(name: &str) -> bool {
    KNOWN.contains(&name)
}

/// Calls a function.
pub(super) fn call(name: &str, arguments: &[Value], scope: &Scope<'_>) -> Result<Value, Fault> {
    match (name, arguments) {
        ("printf", [Value::Text(format), rest @ ..]) => printf(format, rest).map(Value::Text),
        ("print", all) => print(all).map(Value::Text),
        ("len", [Value::Text(text)]) => Ok(number(text.len())),
        ("eq", [first, rest @ ..]) if !rest.is_empty() => Ok(Value::Flag(rest.contains(first))),
        ("ne", [a, b]) => Ok(Value::Flag(a != b)),
        ("not", [value]) => Ok(Value::Flag(!value.is_true())),
        ("and", [_, ..]) => Ok(first_or_last(arguments, |value| !value.is_true())),
        ("or", [_, ..]) => Ok(first_or_last(arguments, Value::is_true)),
        ("random", [Value::Number(length @ 1..=RANDOM_MAX)]) => {
            let length = usize::try_from(*length).unwrap_or(0);
            Ok(Value::Text(random_text(scope.random, length)))
        }
        // Vault's times are texts: their `len` is how many digits they have.
        ("unix_time", []) => Ok(Value::Text(scope.now.as_second().to_string())),
        ("unix_time_millis", []) => Ok(Value::Text(scope.now.as_millisecond().to_string())),
        ("uuid", []) => Ok(Value::Text(random_uuid(scope.random))),
        ("timestamp", [Value::Text(layout)]) => Ok(Value::Text(timestamp(scope.now, layout))),
        (_, [rest @ .., Value::Text(text)]) => of_text(name, rest, text),
        _ => Err(wrong(name)),
    }
}

/// Functions whose last argument is the text that they change.
fn of_text(name: &str, arguments: &[Value], text: &str) -> Result<Value, Fault> {
    let changed = match (name, arguments) {
        ("uppercase", []) => text.to_uppercase(),
        ("lowercase", []) => text.to_lowercase(),
        ("sha256", []) => hex::encode(crypto::sha256(text.as_bytes())),
        ("base64", []) => STANDARD.encode(text),
        ("hex", []) => hex::encode(text),
        ("decode_base64", []) => utf8(STANDARD.decode(text).ok(), name)?,
        ("decode_hex", []) => utf8(hex::decode(text).ok(), name)?,
        ("replace", [Value::Text(from), Value::Text(to)]) => text.replace(from.as_str(), to),
        ("glob", [Value::Text(pattern)]) => return Ok(Value::Flag(matches(pattern, text))),
        ("truncate", [Value::Number(length)]) => cut(text, *length, 0)?.0.to_owned(),
        ("truncate_sha256", [Value::Number(length)]) => truncate_sha256(text, *length)?,
        _ => return Err(wrong(name)),
    };
    Ok(Value::Text(changed))
}

/// Keeps the beginning, and puts eight digits in the place of the rest.
fn truncate_sha256(text: &str, length: i64) -> Result<String, Fault> {
    let (kept, _) = cut(text, length, 8)?;
    if kept == text {
        return Ok(kept.to_owned());
    }
    let (kept, rest) = cut(text, length - 8, 0)?;
    let digits = hex::encode(crypto::sha256(rest.as_bytes()));
    Ok(format!("{kept}{}", digits.get(..8).unwrap_or("")))
}

/// The first `length` bytes, or fewer where that would cut a character in two, and the rest.
fn cut(text: &str, length: i64, more_than: i64) -> Result<(&str, &str), Fault> {
    if length <= more_than {
        return Err(format!("max length must be > {more_than} but was {length}"));
    }
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let at = text.floor_char_boundary(length);
    Ok(text.split_at_checked(at).unwrap_or((text, "")))
}

fn first_or_last(arguments: &[Value], wanted: impl Fn(&Value) -> bool) -> Value {
    let found = arguments.iter().find(|value| wanted(value)).or(arguments.last());
    found.cloned().unwrap_or(Value::Flag(false))
}

fn number(length: usize) -> Value {
    Value::Number(i64::try_from(length).unwrap_or(i64::MAX))
}

fn utf8(bytes: Option<Vec<u8>>, name: &str) -> Result<String, Fault> {
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| format!("error calling {name}: illegal data"))
}

fn wrong(name: &str) -> Fault {
    format!("wrong number or type of args for {name}")
}
