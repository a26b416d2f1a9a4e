//! Writes items in the usual layout.

use super::tree::{Entry, Item, Value};

/// The text of all items.
pub(super) fn layout(items: &[Item]) -> String {
    body(items, 0)
}

fn body(items: &[Item], level: usize) -> String {
    let margin = "  ".repeat(level);
    let mut text = String::new();
    for (n, item) in items.iter().enumerate() {
        let before = n.checked_sub(1).and_then(|before| items.get(before));
        if before.is_some_and(|before| are_apart(before, item)) {
            text.push('\n');
        }
        match item {
            Item::Comment(comment) => text.push_str(&format!("{margin}{comment}\n")),
            Item::Blank => text.push('\n'),
            Item::Entry(entry) => {
                let width = if is_one_line(item) { column(items, n) } else { 0 };
                text.push_str(&format!("{margin}{}\n", self::entry(entry, width, level)));
            }
        }
    }
    text
}

/// Whether a blank line belongs between two items, and is not there yet: around whatever takes several lines.
fn are_apart(before: &Item, item: &Item) -> bool {
    match (before, item) {
        (Item::Blank, _) | (_, Item::Blank) | (Item::Comment(_), _) => false,
        (before, Item::Comment(_)) => !is_one_line(before),
        (before, item) => !is_one_line(before) || !is_one_line(item),
    }
}

/// The column of the equals signs of an item and its neighbours without gaps.
fn column(items: &[Item], at: usize) -> usize {
    let (before, after) = items.split_at(at.min(items.len()));
    let run = before
        .iter()
        .rev()
        .take_while(|item| is_one_line(item))
        .chain(after.iter().take_while(|item| is_one_line(item)));
    let width = |item: &Item| match item {
        Item::Entry(entry) if entry.assigned => entry.keys.join(" ").chars().count(),
        _ => 0,
    };
    run.map(width).max().unwrap_or_default()
}

fn is_one_line(item: &Item) -> bool {
    match item {
        Item::Entry(entry) => match &entry.value {
            Value::Text(text) => !text.contains('\n'),
            Value::List { in_lines, items } => !in_lines && items.iter().all(is_one_line),
            Value::Object(items) => entry.assigned && items.is_empty(),
        },
        _ => false,
    }
}

fn entry(entry: &Entry, width: usize, level: usize) -> String {
    let keys = entry.keys.join(" ");
    let value = value(&entry.value, level);
    let text = match (entry.assigned, keys.is_empty()) {
        (true, _) => format!("{keys:width$} = {value}"),
        (false, true) => value,
        (false, false) => format!("{keys} {value}"),
    };
    match &entry.comment {
        Some(comment) => format!("{text} {comment}"),
        None => text,
    }
}

fn value(value: &Value, level: usize) -> String {
    let margin = "  ".repeat(level);
    match value {
        Value::Text(text) => text.clone(),
        Value::Object(items) if items.is_empty() => "{}".to_owned(),
        Value::Object(items) => format!("{{\n{}{margin}}}", body(items, level + 1)),
        Value::List {
            items,
            in_lines: false,
        } => {
            let items: Vec<String> = items.iter().map(|item| in_list(item, level)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::List {
            items,
            in_lines: true,
        } => {
            let lines = items.iter().map(|item| line_of_list(item, level + 1));
            format!("[\n{}{margin}]", lines.collect::<String>())
        }
    }
}

fn in_list(item: &Item, level: usize) -> String {
    match item {
        Item::Entry(entry) => self::entry(entry, 0, level),
        Item::Comment(comment) => comment.clone(),
        Item::Blank => String::new(),
    }
}

fn line_of_list(item: &Item, level: usize) -> String {
    let margin = "  ".repeat(level);
    match item {
        Item::Entry(entry) => {
            let value = value(&entry.value, level);
            let comment = entry
                .comment
                .as_ref()
                .map(|comment| format!(" {comment}"))
                .unwrap_or_default();
            format!("{margin}{value},{comment}\n")
        }
        Item::Comment(comment) => format!("{margin}{comment}\n"),
        Item::Blank => "\n".to_owned(),
    }
}
