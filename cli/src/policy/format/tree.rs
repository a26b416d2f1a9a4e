//! Puts the words together: items with their keys and values, and the comments where they stood.

use std::iter::Peekable;
use std::vec::IntoIter;

use super::scan::Word;

/// What stands in a body.
#[derive(Debug)]
pub(super) enum Item {
    /// A comment on a line of its own.
    Comment(String),
    /// A blank line.
    Blank,
    /// A key and its value.
    Entry(Entry),
}

/// A key and its value.
#[derive(Debug)]
pub(super) struct Entry {
    /// The key, with the labels behind it.
    pub(super) keys: Vec<String>,
    /// Whether there is an equals sign.
    pub(super) assigned: bool,
    /// The value.
    pub(super) value: Value,
    /// The comment behind it, on the same line.
    pub(super) comment: Option<String>,
}

/// A value.
#[derive(Debug)]
pub(super) enum Value {
    /// A number, text, word or here-document.
    Text(String),
    /// A list.
    List {
        /// The values, and comments between them.
        items: Vec<Item>,
        /// Whether it was written in several lines.
        in_lines: bool,
    },
    /// An object, or the body of a block.
    Object(Vec<Item>),
}

type Words = Peekable<IntoIter<Word>>;

/// The items of a whole text.
pub(super) fn items(words: Vec<Word>) -> Vec<Item> {
    body(&mut words.into_iter().peekable())
}

/// Items up to the end of the text, or past the brace or bracket that closes them.
fn body(words: &mut Words) -> Vec<Item> {
    let (mut items, mut breaks) = (Vec::new(), 0);
    while let Some(word) = words.next() {
        match word {
            Word::Sign('}' | ']') => break,
            Word::Sign(',') => continue,
            Word::Break => {
                breaks += 1;
                continue;
            }
            _ => {}
        }
        if breaks > 1 && !items.is_empty() {
            items.push(Item::Blank);
        }
        let same_line = breaks == 0;
        breaks = 0;
        match word {
            Word::Comment(text) => match items.last_mut() {
                Some(Item::Entry(entry)) if same_line && entry.comment.is_none() => {
                    entry.comment = Some(text)
                }
                _ => items.push(Item::Comment(text)),
            },
            Word::Text(key) => items.push(Item::Entry(entry(key, words))),
            Word::Sign(sign) => items.push(Item::Entry(bare(value_of(sign, words)))),
            Word::Break => {}
        }
    }
    items
}

fn entry(key: String, words: &mut Words) -> Entry {
    let mut keys = vec![key];
    loop {
        match words.peek() {
            Some(Word::Text(_)) => {
                if let Some(Word::Text(label)) = words.next() {
                    keys.push(label);
                }
            }
            Some(Word::Sign('=')) => {
                words.next();
                return Entry {
                    keys,
                    assigned: true,
                    value: value(words),
                    comment: None,
                };
            }
            Some(Word::Sign('{')) => {
                words.next();
                return Entry {
                    keys,
                    assigned: false,
                    value: Value::Object(body(words)),
                    comment: None,
                };
            }
            // In a list, a value stands alone.
            _ => return bare(Value::Text(keys.join(" "))),
        }
    }
}

fn value(words: &mut Words) -> Value {
    while matches!(words.peek(), Some(Word::Break)) {
        words.next();
    }
    match words.next() {
        Some(Word::Sign(sign)) => value_of(sign, words),
        Some(Word::Text(text) | Word::Comment(text)) => Value::Text(text),
        Some(Word::Break) | None => Value::Text(String::new()),
    }
}

fn value_of(sign: char, words: &mut Words) -> Value {
    match sign {
        '[' => {
            let in_lines = matches!(words.peek(), Some(Word::Break | Word::Comment(_)));
            Value::List {
                items: body(words),
                in_lines,
            }
        }
        '{' => Value::Object(body(words)),
        other => Value::Text(other.to_string()),
    }
}

fn bare(value: Value) -> Entry {
    Entry {
        keys: Vec::new(),
        assigned: false,
        value,
        comment: None,
    }
}
