//! Cuts HCL into its words, comments and line breaks among them. What it is given has been parsed before.

/// A piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// `{`, `}`, `[`, `]`, `=` or `,`.
    Sign(char),
    /// A name, number, quoted text or here-document.
    Text(String),
    /// A comment, with what begins it.
    Comment(String),
    /// The end of a line.
    Break,
}

/// Cuts a text.
pub(super) fn scan(text: &str) -> Vec<Word> {
    let (mut words, mut rest) = (Vec::new(), text);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\n' => 1,
            c if c.is_whitespace() => c.len_utf8(),
            '{' | '}' | '[' | ']' | '=' | ',' => 1,
            '#' => line(rest),
            '/' if rest.starts_with("//") => line(rest),
            '/' => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '"' => quoted(rest),
            '<' => here_document(rest),
            _ => rest
                .find(|c: char| c.is_whitespace() || "{}[]=,#\"".contains(c))
                .unwrap_or(rest.len()),
        };
        let (word, after) = rest.split_at(length.max(first.len_utf8()));
        match first {
            '\n' => words.push(Word::Break),
            c if c.is_whitespace() => {}
            '{' | '}' | '[' | ']' | '=' | ',' => words.push(Word::Sign(first)),
            '#' | '/' => words.push(Word::Comment(word.trim_end().to_owned())),
            _ => words.push(Word::Text(word.to_owned())),
        }
        rest = after;
    }
    words
}

fn line(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

/// The length of a quoted text; `${…}` in it may hold quotes of its own.
fn quoted(text: &str) -> usize {
    let (mut depth, mut escaped, mut before) = (0_usize, false, ' ');
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' if before == '$' || depth > 0 => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '"' if depth == 0 => return at + 1,
            _ => {}
        }
        before = c;
    }
    text.len()
}

/// The length of a here-document, up to the end of its last word.
fn here_document(text: &str) -> usize {
    let first = line(text);
    let marker = text
        .get(2..first)
        .unwrap_or_default()
        .trim_start_matches('-')
        .trim();
    let mut at = first + 1;
    for body in text.get(at..).unwrap_or_default().split_inclusive('\n') {
        if body.trim() == marker {
            return at + body.trim_end().len();
        }
        at += body.len();
    }
    text.len()
}
