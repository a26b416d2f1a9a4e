//! Data on the command line: `key=value`, `key=@file`, `key=-`, `@file` and `-`.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use serde_json::{Map, Value};

use crate::files;

/// Reads data from arguments. A key that comes again makes a list.
///
/// The error names the argument and says what is wrong with it.
pub(crate) fn parse(arguments: &[String], stdin: &mut dyn Read) -> Result<Map<String, Value>, String> {
    let mut reading = Reading {
        stdin: Some(stdin),
        data: Map::new(),
    };
    for argument in arguments {
        reading
            .argument(argument)
            .map_err(|reason| format!("invalid key/value pair {argument:?}: {reason}"))?;
    }
    Ok(reading.data)
}

/// Reads data whose values are all texts, such as the options of an audit device.
pub(crate) fn parse_texts(
    arguments: &[String],
    stdin: &mut dyn Read,
) -> Result<BTreeMap<String, String>, String> {
    let data = parse(arguments, stdin)?;
    let text = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    Ok(data.into_iter().map(|(key, value)| (key, text(value))).collect())
}

struct Reading<'a> {
    /// Standard input, until it has been read.
    stdin: Option<&'a mut dyn Read>,
    data: Map<String, Value>,
}

impl Reading<'_> {
    fn argument(&mut self, argument: &str) -> Result<(), String> {
        if argument == "-" {
            let text = self.standard_input()?;
            return self.object(&text);
        }
        if let Some(file) = argument.strip_prefix('@') {
            let text = files::read_text(Path::new(file))?;
            return self.object(&text);
        }
        let (key, value) = argument.split_once('=').ok_or("format must be key=value")?;
        let value = self.value(value)?;
        self.add(key, Value::String(value));
        Ok(())
    }

    fn value(&mut self, text: &str) -> Result<String, String> {
        if text == "-" {
            return self.standard_input();
        }
        if let Some(file) = text.strip_prefix('@') {
            return files::read_text(Path::new(file))
                .map_err(|reason| format!("error reading file: {reason}"));
        }
        Ok(text
            .strip_prefix('\\')
            .filter(|rest| rest.starts_with('@'))
            .unwrap_or(text)
            .to_owned())
    }

    fn standard_input(&mut self) -> Result<String, String> {
        let stdin = self.stdin.take().ok_or("stdin already consumed")?;
        let mut text = String::new();
        stdin
            .read_to_string(&mut text)
            .map_err(|error| files::reason(&error))?;
        Ok(text)
    }

    fn object(&mut self, text: &str) -> Result<(), String> {
        for (key, value) in object(text)? {
            self.add(&key, value);
        }
        Ok(())
    }

    fn add(&mut self, key: &str, value: Value) {
        match self.data.get_mut(key) {
            None => drop(self.data.insert(key.to_owned(), value)),
            Some(Value::Array(items)) => items.push(value),
            Some(held) => *held = Value::Array(vec![held.take(), value]),
        }
    }
}

fn object(text: &str) -> Result<Map<String, Value>, String> {
    match serde_json::from_str(text) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err("expected a JSON object".to_owned()),
        Err(_) if text.trim().is_empty() => Err("EOF".to_owned()),
        Err(error) if error.is_eof() => Err("unexpected EOF".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str], stdin: &str) -> Result<Value, String> {
        let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        parse(&arguments, &mut stdin.as_bytes()).map(Value::Object)
    }

    fn check(arguments: &[&str], stdin: &str, expected: &str) {
        assert_eq!(
            read(arguments, stdin),
            Ok(serde_json::from_str(expected).expect("JSON"))
        );
    }

    fn check_refused(arguments: &[&str], stdin: &str, expected: &str) {
        assert_eq!(read(arguments, stdin), Err(expected.to_owned()));
    }

    #[test]
    fn values_are_texts_and_may_be_empty_or_hold_an_equals_sign() {
        check(
            &["a=b", "c=d=e", "empty=", "n=42"],
            "",
            r#"{"a": "b", "c": "d=e", "empty": "", "n": "42"}"#,
        );
    }

    #[test]
    fn standard_input_is_a_value_or_all_of_it() {
        check(&["a=-"], "typed in", r#"{"a": "typed in"}"#);
        check(&["-"], r#"{"in": {"put": [1]}}"#, r#"{"in": {"put": [1]}}"#);
    }

    #[test]
    fn a_key_that_comes_again_makes_a_list() {
        check(&["a=1", "a=2", "a=3"], "", r#"{"a": ["1", "2", "3"]}"#);
        check(&["-", "text=y"], r#"{"text": "x"}"#, r#"{"text": ["x", "y"]}"#);
    }

    #[test]
    fn an_at_sign_can_be_escaped() {
        check(&["a=\\@x", "b=\\-"], "", r#"{"a": "@x", "b": "\\-"}"#);
    }

    #[test]
    fn what_is_wrong_is_said_of_the_argument() {
        check_refused(
            &["x"],
            "",
            "invalid key/value pair \"x\": format must be key=value",
        );
        check_refused(&["-"], "", "invalid key/value pair \"-\": EOF");
        check_refused(&["-"], "{\"a\":", "invalid key/value pair \"-\": unexpected EOF");
        check_refused(
            &["a=-", "b=-"],
            "once",
            "invalid key/value pair \"b=-\": stdin already consumed",
        );
        check_refused(
            &["a=@/no/such/file"],
            "",
            "invalid key/value pair \"a=@/no/such/file\": error reading file: open /no/such/file: no such file or directory",
        );
    }
}
