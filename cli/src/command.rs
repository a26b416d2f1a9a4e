//! What a command is. Parsing, help and documentation all read the same definition.

use crate::failure::{Exit, Failure};
use crate::flags::Flag;
use crate::session::Session;

/// A command, or a group of commands.
pub(crate) struct Command {
    /// The word that calls it.
    pub(crate) name: &'static str,
    /// One line about it, for the list of the group it belongs to.
    pub(crate) synopsis: &'static str,
    /// What follows the command's name in its usage line.
    pub(crate) usage: &'static str,
    /// Paragraphs and examples. `$ vault` stands for the program by whatever name it was called.
    pub(crate) about: &'static str,
    /// Its flags, in the sections that the help shows.
    pub(crate) sections: &'static [Section],
    /// How many arguments it takes.
    pub(crate) takes: Takes,
    /// Whether it can print an answer as it came, with `-format=raw`.
    pub(crate) prints_raw: bool,
    /// What it does.
    pub(crate) action: Action,
}

impl Command {
    /// What most commands have in common; each names the rest.
    pub(crate) const LEAF: Self = Self {
        name: "",
        synopsis: "",
        usage: "[options]",
        about: "",
        sections: &[],
        takes: Takes::nothing(),
        prints_raw: false,
        action: Action::Group(&[]),
    };

    /// What groups have in common.
    pub(crate) const GROUP: Self = Self {
        usage: "<subcommand> [options] [args]",
        ..Self::LEAF
    };

    /// Returns the subcommands.
    pub(crate) fn members(&self) -> &'static [&'static Self] {
        match self.action {
            Action::Group(members) => members,
            Action::Run(_) => &[],
        }
    }

    /// Returns all flags.
    pub(crate) fn flags(&self) -> impl Iterator<Item = &'static Flag> {
        self.sections.iter().flat_map(|section| section.flags).copied()
    }
}

/// What a command does.
#[derive(Clone, Copy)]
pub(crate) enum Action {
    /// It has subcommands, and does nothing by itself.
    Group(&'static [&'static Command]),
    /// It runs.
    Run(fn(&mut Session<'_>) -> Result<Exit, Failure>),
}

/// Flags that belong together.
pub(crate) struct Section {
    /// The heading in the help.
    pub(crate) title: &'static str,
    /// The flags.
    pub(crate) flags: &'static [&'static Flag],
}

impl Section {
    /// The flags of one command alone.
    pub(crate) const fn own(flags: &'static [&'static Flag]) -> Self {
        Self {
            title: "Command Options",
            flags,
        }
    }
}

/// How many arguments a command takes, and in which words a wrong number is refused.
pub(crate) struct Takes {
    least: usize,
    most: usize,
    expected: &'static str,
}

impl Takes {
    /// No arguments.
    pub(crate) const fn nothing() -> Self {
        Self::between(0, 0, "0")
    }

    /// One.
    pub(crate) const fn one() -> Self {
        Self::between(1, 1, "1")
    }

    /// Two.
    pub(crate) const fn two() -> Self {
        Self::between(2, 2, "2")
    }

    /// Some number; `expected` is how errors put it.
    pub(crate) const fn between(least: usize, most: usize, expected: &'static str) -> Self {
        Self {
            least,
            most,
            expected,
        }
    }

    /// At least so many; `expected` is how errors put it.
    pub(crate) const fn at_least(least: usize, expected: &'static str) -> Self {
        Self {
            least,
            most: usize::MAX,
            expected,
        }
    }

    /// Any number: the command looks for itself.
    pub(crate) const fn anything() -> Self {
        Self::at_least(0, "")
    }

    /// Refuses a wrong number.
    pub(crate) fn check(&self, number: usize) -> Result<(), Failure> {
        let fault = match number {
            number if number < self.least => "Not enough",
            number if number > self.most => "Too many",
            _ => return Ok(()),
        };
        Err(Failure::misuse(format!(
            "{fault} arguments (expected {}, got {number})",
            self.expected
        )))
    }
}
