//! YAML, written so that readers of YAML 1.1 understand it as well: `"yes"` and `"n"` are texts there too.

use serde_json::{Map, Value};

/// A value as YAML, with a line's end after each line.
pub(crate) fn yaml(value: &Value) -> String {
    let mut text = String::new();
    match value {
        Value::Object(members) if !members.is_empty() => object(&mut text, members, 0),
        Value::Array(items) if !items.is_empty() => array(&mut text, items, 0),
        scalar => {
            text.push_str(&inline(scalar, 0));
            text.push('\n');
        }
    }
    text
}

fn object(text: &mut String, members: &Map<String, Value>, indent: usize) {
    let mut members: Vec<(&String, &Value)> = members.iter().collect();
    members.sort_by_key(|(name, _)| *name);
    for (n, (name, value)) in members.into_iter().enumerate() {
        // The first line of an item of a list already stands behind its dash.
        if n > 0 || !text.ends_with("- ") {
            text.push_str(&" ".repeat(indent));
        }
        text.push_str(&string(name, indent));
        text.push(':');
        match value {
            Value::Object(inner) if !inner.is_empty() => {
                text.push('\n');
                object(text, inner, indent + 2);
            }
            Value::Array(items) if !items.is_empty() => {
                text.push('\n');
                array(text, items, indent);
            }
            scalar => text.push_str(&format!(" {}\n", inline(scalar, indent))),
        }
    }
}

fn array(text: &mut String, items: &[Value], indent: usize) {
    for (n, item) in items.iter().enumerate() {
        if n > 0 || !text.ends_with("- ") {
            text.push_str(&" ".repeat(indent));
        }
        text.push_str("- ");
        match item {
            Value::Object(inner) if !inner.is_empty() => object(text, inner, indent + 2),
            Value::Array(inner) if !inner.is_empty() => array(text, inner, indent + 2),
            scalar => text.push_str(&format!("{}\n", inline(scalar, indent))),
        }
    }
}

fn inline(value: &Value, indent: usize) -> String {
    match value {
        Value::String(text) => string(text, indent),
        other => other.to_string(),
    }
}

/// A text: plain if nobody can mistake it, in lines if it has some, quoted otherwise.
fn string(text: &str, indent: usize) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let printable = text.chars().all(|c| c == '\n' || !c.is_control());
    if text.trim_end_matches('\n').contains('\n') && printable && !text.starts_with([' ', '\n']) {
        let (body, mark) = match text.strip_suffix('\n') {
            None => (text, "|-"),
            Some(body) if body.ends_with('\n') => (body, "|+"),
            Some(body) => (body, "|"),
        };
        let margin = " ".repeat(indent + 2);
        let lines: Vec<String> = body.split('\n').map(|line| format!("{margin}{line}")).collect();
        let lines: Vec<&str> = lines.iter().map(|line| line.trim_end_matches(' ')).collect();
        // Blanks at a line's end count in a block, so such a text is quoted instead.
        if body.split('\n').all(|line| !line.ends_with(' ')) {
            return format!("{mark}\n{}", lines.join("\n"));
        }
    }
    serde_json::to_string(text).unwrap_or_default()
}

fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 12] = [
        "y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", ".nan", ".inf",
    ];
    let starts_plainly = text.starts_with(|c: char| c.is_alphanumeric() || "_./<(+$\\^=;".contains(c));
    let plain = |c: char| !c.is_control() && c != '\u{feff}';
    starts_plainly
        && text.chars().all(plain)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && text != "="
        && !text.starts_with("<<")
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
        && !looks_like_a_number_or_time(text)
}

fn looks_like_a_number_or_time(text: &str) -> bool {
    let numeric = |c: char| c.is_ascii_hexdigit() || "+-._:oxOXTtZz ".contains(c);
    text.starts_with(|c: char| c.is_ascii_digit() || c == '+' || c == '.')
        && text.chars().all(numeric)
        && (text.parse::<f64>().is_ok() || text.contains(['_', ':']) || is_radix(text) || is_date(text))
}

fn is_radix(text: &str) -> bool {
    text.len() > 2 && text.starts_with('0') && text.chars().nth(1).is_some_and(|c| "xobXOB".contains(c))
}

fn is_date(text: &str) -> bool {
    let date: String = text
        .chars()
        .take(10)
        .map(|c| if c.is_ascii_digit() { 'd' } else { c })
        .collect();
    date == "dddd-dd-dd"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: &str) {
        assert_eq!(yaml(&serde_json::from_str(json).expect("JSON")), expected);
    }

    #[test]
    fn values_are_nested_and_sorted() {
        check(r#"{"b": {"c": 1}, "a": ["x", 1]}"#, "a:\n- x\n- 1\nb:\n  c: 1\n");
        check(
            r#"{"list": [{"a": 1, "b": [2]}, [3, 4]]}"#,
            "list:\n- a: 1\n  b:\n  - 2\n- - 3\n  - 4\n",
        );
        check(r#"{"a": {}, "b": [], "c": null}"#, "a: {}\nb: []\nc: null\n");
        check(r#"["a"]"#, "- a\n");
        check("{}", "{}\n");
    }

    #[test]
    fn what_could_be_mistaken_is_quoted() {
        check(
            r#"{"n": "yes", "a": "", "b": "1.5"}"#,
            "a: \"\"\nb: \"1.5\"\n\"n\": \"yes\"\n",
        );
        check(
            r#"["a: b", "*", "- x", "0x1F", "2024-01-01", " x", "12:30"]"#,
            "- \"a: b\"\n- \"*\"\n- \"- x\"\n- \"0x1F\"\n- \"2024-01-01\"\n- \" x\"\n- \"12:30\"\n",
        );
    }

    #[test]
    fn texts_without_danger_are_plain() {
        check(
            r#"["a b", "hvs.abc", "two words", "1h", "a/b:c", "d74f7f5e-1"]"#,
            "- a b\n- hvs.abc\n- two words\n- 1h\n- a/b:c\n- d74f7f5e-1\n",
        );
    }

    #[test]
    fn lines_stay_lines() {
        check(
            r#"{"a": "x\ny\n", "b": "x\ny", "c": "x\ny\n\n", "d": "x \ny"}"#,
            "a: |\n  x\n  y\nb: |-\n  x\n  y\nc: |+\n  x\n  y\n\nd: \"x \\ny\"\n",
        );
    }
}
