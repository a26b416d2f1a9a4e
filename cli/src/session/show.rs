//! Showing answers in the format that was asked for.

use std::collections::BTreeSet;

use client::Secret;
use serde_json::Value;

use super::Session;
use crate::failure::{Exit, Failure};
use crate::flags::shared::{DETAILED, FIELD};
use crate::golang;
use crate::help::wrapped;
use crate::output::{Format, Table, cell, field, json, printed, secret_rows, yaml};

/// A list that may be empty.
pub(crate) struct Listing<'a> {
    /// The answer, if there was one.
    pub(crate) secret: Option<&'a Secret>,
    /// What is said of an empty list.
    pub(crate) nothing: String,
}

impl Session<'_> {
    /// Shows an answer, or the one field of it that was asked for.
    pub(crate) fn show(&mut self, secret: &Secret) -> Result<Exit, Failure> {
        match self.flags.text(&FIELD).to_owned() {
            name if name.is_empty() => self.show_whole(secret),
            name => self.show_field(secret, &name),
        }
    }

    /// Shows one field.
    pub(crate) fn show_field(&mut self, secret: &Secret, name: &str) -> Result<Exit, Failure> {
        let found = field(secret, name);
        let found =
            found.ok_or_else(|| Failure::misuse(format!("Field \"{name}\" not present in secret")))?;
        let text = printed(&found, self.format);
        match self.format {
            Format::Json => self.terminal.say(&text),
            _ => self.terminal.print_value(&text),
        }
        Ok(Exit::Success)
    }

    /// Shows an answer.
    pub(crate) fn show_whole(&mut self, secret: &Secret) -> Result<Exit, Failure> {
        if self.format != Format::Table {
            return self.show_value(secret);
        }
        self.show_warnings(secret);
        let rows = secret_rows(secret);
        if !rows.is_empty() {
            self.terminal.say(&Table::of_pairs(rows).draw());
        }
        Ok(Exit::Success)
    }

    /// Shows a value in one of the formats for programs.
    pub(crate) fn show_value<T: serde::Serialize + ?Sized>(&mut self, value: &T) -> Result<Exit, Failure> {
        match self.format {
            Format::Yaml => {
                let value = serde_json::to_value(value).unwrap_or_default();
                self.terminal.print(&yaml(&value));
            }
            Format::Pretty => {
                return Err(Failure::misuse(
                    "Could not parse output: cannot use the pretty formatter for this type",
                ));
            }
            _ => self.terminal.say(&json(value)),
        }
        Ok(Exit::Success)
    }

    /// Shows a table, or the value behind it in the formats for programs.
    pub(crate) fn show_table<T: serde::Serialize + ?Sized>(
        &mut self,
        table: &Table,
        value: &T,
    ) -> Result<Exit, Failure> {
        if self.format != Format::Table {
            return self.show_value(value);
        }
        self.terminal.say(&table.draw());
        Ok(Exit::Success)
    }

    /// Says a word of success, which programs do not want to read.
    pub(crate) fn succeed(&mut self, line: &str) -> Result<Exit, Failure> {
        if self.format == Format::Table {
            self.terminal.say(line);
        }
        Ok(Exit::Success)
    }

    /// Shows the keys of a list.
    pub(crate) fn show_list(&mut self, listing: &Listing<'_>) -> Result<Exit, Failure> {
        if let Some(secret) = listing.secret.filter(|secret| secret.wrap_info.is_some()) {
            return self.show_whole(secret);
        }
        let keys = listing.secret.and_then(keys).filter(|keys| !keys.is_empty());
        match (listing.secret, keys) {
            (Some(secret), Some(_)) if self.switch(&DETAILED) && self.format != Format::Table => {
                self.show_value(secret)
            }
            (Some(secret), Some(keys)) if self.format == Format::Table => {
                self.show_warnings(secret);
                let detailed = self.switch(&DETAILED).then(|| secret.datum("key_info")).flatten();
                let table = key_table(keys, detailed);
                self.terminal.say(&table);
                Ok(Exit::Success)
            }
            (_, Some(keys)) => self.show_value(keys),
            (_, None) => self.show_emptiness(&listing.nothing),
        }
    }

    fn show_emptiness(&mut self, nothing: &str) -> Result<Exit, Failure> {
        if self.format == Format::Table {
            return Err(Failure::refused(nothing));
        }
        self.terminal.say("{}");
        Ok(Exit::Refused)
    }

    fn show_warnings(&mut self, secret: &Secret) {
        let Some(warnings) = secret.warnings.as_ref().filter(|warnings| !warnings.is_empty()) else {
            return;
        };
        self.terminal
            .warn("WARNING! The following warnings were returned from Vault:\n");
        for warning in warnings {
            self.terminal.warn(&wrapped(&format!("* {warning}"), 2));
        }
    }
}

/// The keys of a list.
pub(crate) fn keys(secret: &Secret) -> Option<&Vec<Value>> {
    secret.datum("keys")?.as_array()
}

/// The keys under their heading, each with what is known about it.
fn key_table(keys: &[Value], key_info: Option<&Value>) -> String {
    let mut keys: Vec<String> = keys.iter().map(golang::plain).collect();
    // A scan, and some lists, come in no order that a reader would look for.
    keys.sort();
    let Some(key_info) = key_info else {
        let mut table = Table::new(["Keys"]);
        keys.into_iter().for_each(|key| table.row([key]));
        return table.draw();
    };
    let known = key_info
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(_, details)| details.as_object());
    let columns: BTreeSet<&str> = known
        .flat_map(|details| details.keys().map(String::as_str))
        .collect();
    let columns: Vec<&str> = columns.into_iter().collect();
    let mut table = Table::wide(&["Keys"], &columns);
    for key in keys {
        let details = key_info.get(&key);
        let cells: Vec<String> = columns
            .iter()
            .map(|column| cell(details.and_then(|details| details.get(*column))))
            .collect();
        table.wide_row(&[key], &cells);
    }
    table.draw()
}
