//! Paragraphs that fit into a terminal.

/// How wide a line may be.
const WIDTH: usize = 78;

/// A text in lines of at most [`WIDTH`] characters, each behind a margin and with a line's end.
pub(crate) fn wrapped(text: &str, margin: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if margin + line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let margin = " ".repeat(margin);
    lines.iter().map(|line| format!("{margin}{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words() {
        let text = wrapped(&"word ".repeat(20), 2);
        assert!(
            text.lines()
                .all(|line| line.chars().count() <= WIDTH && line.starts_with("  word")),
            "{text}"
        );
        assert_eq!(text.split_whitespace().count(), 20);
    }
}
