//! Tables: columns under underlined headings.

use std::fmt::Display;

use serde_json::Value;

use crate::golang;

/// Rows of cells under a heading.
pub(crate) struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Starts a table.
    pub(crate) fn new<const N: usize>(header: [&str; N]) -> Self {
        Self {
            header: header.map(str::to_owned).into(),
            rows: Vec::new(),
        }
    }

    /// Starts a table whose columns are given in two parts.
    pub(crate) fn wide(first: &[&str], second: &[&str]) -> Self {
        let header = first
            .iter()
            .chain(second)
            .map(|&title| title.to_owned())
            .collect();
        Self {
            header,
            rows: Vec::new(),
        }
    }

    /// Adds a row whose cells are given in two parts.
    pub(crate) fn wide_row(&mut self, first: &[String], second: &[String]) {
        self.rows.push([first, second].concat());
    }

    /// Starts a table of names and values.
    pub(crate) fn of_pairs(rows: Vec<(String, String)>) -> Self {
        let mut table = Self::new(["Key", "Value"]);
        table.rows = rows.into_iter().map(|(name, value)| vec![name, value]).collect();
        table
    }

    /// Adds a row. An empty cell is shown as `n/a`.
    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.into());
    }

    /// Adds a row of names and values.
    pub(crate) fn pair(&mut self, name: &str, value: &dyn Display) {
        self.row([name.to_owned(), value.to_string()]);
    }

    /// Draws the table, without a line's end after the last row.
    pub(crate) fn draw(&self) -> String {
        let underline: Vec<String> = self
            .header
            .iter()
            .map(|title| "-".repeat(title.chars().count()))
            .collect();
        self.drawn(
            &[&self.header, &underline]
                .into_iter()
                .chain(&self.rows)
                .collect::<Vec<_>>(),
        )
    }

    /// Draws the rows alone, without headings.
    pub(crate) fn draw_rows(&self) -> String {
        self.drawn(&self.rows.iter().collect::<Vec<_>>())
    }

    fn drawn(&self, rows: &[&Vec<String>]) -> String {
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells
                .map(|text| shown(text).chars().count())
                .max()
                .unwrap_or_default()
        };
        let widths: Vec<usize> = (0..self.header.len()).map(width).collect();
        let lines: Vec<String> = rows.iter().map(|row| line(row, &widths)).collect();
        lines.join("\n")
    }
}

/// A value in a cell.
pub(crate) fn cell(value: Option<&Value>) -> String {
    value.map(golang::plain).unwrap_or_default()
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (n, (text, width)) in cells.iter().zip(widths).enumerate() {
        if n + 1 == cells.len() {
            line.push_str(shown(text));
        } else {
            line.push_str(&format!("{:width$}    ", shown(text)));
        }
    }
    line
}

fn shown(text: &str) -> &str {
    if text.is_empty() { "n/a" } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut table = Table::new(["Path", "Type"]);
        table.row(["secret/".to_owned(), "kv".to_owned()]);
        table.row(["a/".to_owned(), String::new()]);
        assert_eq!(
            table.draw(),
            "Path       Type\n----       ----\nsecret/    kv\na/         n/a"
        );
    }
}
