//! What the flags hold.

use std::collections::BTreeMap;

use super::{Flag, Kind};
use crate::golang::{Seconds, parse_duration, parse_integer};

/// The flags that were given. The others hold their defaults.
#[derive(Default)]
pub(crate) struct Parsed(BTreeMap<&'static str, Vec<String>>);

impl Parsed {
    /// Keeps what a flag was given: lists gather, of other flags the last one counts.
    pub(super) fn keep(&mut self, flag: &'static Flag, kept: Vec<String>) {
        let held = self.0.entry(flag.name).or_default();
        if !matches!(flag.kind, Kind::List | Kind::Pairs) {
            held.clear();
        }
        held.extend(kept);
    }

    /// Tells whether a flag was given.
    pub(crate) fn is_given(&self, flag: &Flag) -> bool {
        self.0.contains_key(flag.name)
    }

    /// Returns a text.
    pub(crate) fn text(&self, flag: &Flag) -> &str {
        self.0
            .get(flag.name)
            .and_then(|held| held.last())
            .map_or(flag.default, String::as_str)
    }

    /// Returns a text, if the flag was given.
    pub(crate) fn given(&self, flag: &Flag) -> Option<&str> {
        self.is_given(flag).then(|| self.text(flag))
    }

    /// Tells whether a switch is on.
    pub(crate) fn switch(&self, flag: &Flag) -> bool {
        self.text(flag) == "true"
    }

    /// Returns an integer.
    pub(crate) fn integer(&self, flag: &Flag) -> i64 {
        parse_integer(self.text(flag)).unwrap_or_default()
    }

    /// Returns a duration; nought if there is none.
    pub(crate) fn duration(&self, flag: &Flag) -> Seconds {
        parse_duration(self.text(flag)).unwrap_or_default()
    }

    /// Returns all texts that a list was given.
    pub(crate) fn list(&self, flag: &Flag) -> Vec<String> {
        self.0.get(flag.name).cloned().unwrap_or_default()
    }

    /// Returns all texts that a list was given, each split at its commas.
    pub(crate) fn words(&self, flag: &Flag) -> Vec<String> {
        let words = self.list(flag);
        let words = words.iter().flat_map(|text| text.split(',')).map(str::trim);
        words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
    }

    /// Returns all pairs; of two with the same key the later one counts.
    pub(crate) fn pairs(&self, flag: &Flag) -> BTreeMap<String, String> {
        let pairs = self.list(flag);
        let pairs = pairs.iter().filter_map(|pair| pair.split_once('='));
        pairs
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect()
    }
}
