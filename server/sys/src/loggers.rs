//! `sys/loggers`: how much each part of the server logs, until it is started again.

use logical::field::Text;
use logical::{Access, Done, Error, Operation, Result, Table};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

use crate::Sys;
use crate::mounts::Nothing;

/// How much is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLevel {
    /// Everything.
    Trace,
    /// What helps to find a mistake.
    Debug,
    /// What an operator wants to know.
    Info,
    /// What may go wrong.
    Warn,
    /// What went wrong.
    Error,
}

/// Loggers whose levels can be changed.
pub trait Loggers: Send + Sync {
    /// Every logger with its level.
    fn levels(&self) -> BTreeMap<&'static str, LogLevel>;

    /// Changes a logger's level; `None` is the level that the server was started with.
    fn set(&self, logger: &str, level: Option<LogLevel>);
}

#[derive(Deserialize, JsonSchema)]
struct Name {
    /// The logger's name.
    name: String,
}

#[derive(Deserialize, JsonSchema)]
struct Level {
    /// The logger's name; all of them without one.
    #[serde(default)]
    name: String,
    /// How much is logged: `trace`, `debug`, `info`, `warn` or `error`.
    level: Option<Text>,
}

pub(crate) fn routes(table: Table<Sys>) -> Table<Sys> {
    table
        .route("loggers", Access::Token, |r| {
            r.on(
                Operation::Read,
                "Read how much each logger logs.",
                |sys, _, _: Nothing| async move { Ok(read(&sys)) },
            )
            .on(
                Operation::Update,
                "Change how much all loggers log.",
                |sys, _, input| async move { write(&sys, &input) },
            )
            .on(
                Operation::Delete,
                "Let all loggers log as the server was started.",
                |sys, _, _: Nothing| async move {
                    Ok(take_back(&sys, sys.operator.loggers().levels().into_keys()))
                },
            );
        })
        .route("loggers/{name}", Access::Token, |r| {
            r.on(
                Operation::Read,
                "Read how much a logger logs.",
                |sys, _, input: Name| async move {
                    let level = known(&sys, &input.name)?;
                    let members = Map::from_iter([(input.name, json!(level.as_str()))]);
                    Ok(Done::data(Value::Object(members)))
                },
            )
            .on(
                Operation::Update,
                "Change how much a logger logs.",
                |sys, _, input| async move { write(&sys, &input) },
            )
            .on(
                Operation::Delete,
                "Let a logger log as the server was started.",
                |sys, _, input: Name| async move {
                    known(&sys, &input.name)?;
                    Ok(take_back(&sys, [input.name.as_str()]))
                },
            );
        })
}

impl LogLevel {
    /// The level that a word names, in Vault's spellings; `None` if there is none.
    pub fn named(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "trace" => Self::Trace,
            "debug" => Self::Debug,
            "info" | "notice" => Self::Info,
            "warn" | "warning" => Self::Warn,
            "error" | "err" => Self::Error,
            _ => return None,
        })
    }

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

fn read(sys: &Sys) -> Done {
    let levels = sys.operator.loggers().levels().into_iter();
    let shown = levels.map(|(logger, level)| (logger.to_owned(), json!(level.as_str())));
    Done::data(Value::Object(shown.collect()))
}

fn known(sys: &Sys, name: &str) -> Result<LogLevel> {
    let levels = sys.operator.loggers().levels();
    let level = levels.get(name).copied();
    level.ok_or_else(|| Error::invalid(format!("logger {name:?} not found")))
}

fn write(sys: &Sys, input: &Level) -> Result<Done> {
    let word = match input.level.as_ref().map(Text::as_str) {
        None => return Err(Error::invalid("level is required")),
        Some("") => return Err(Error::invalid("level is empty")),
        Some(word) => word,
    };
    let level = LogLevel::named(word)
        .ok_or_else(|| Error::invalid(format!("invalid level provided: unknown log level: {word}")))?;
    let loggers = sys.operator.loggers();
    if input.name.is_empty() {
        for logger in loggers.levels().into_keys() {
            loggers.set(logger, Some(level));
        }
    } else {
        known(sys, &input.name)?;
        loggers.set(&input.name, Some(level));
    }
    Ok(Done::empty())
}

fn take_back<'a>(sys: &Sys, names: impl IntoIterator<Item = &'a str>) -> Done {
    for name in names {
        sys.operator.loggers().set(name, None);
    }
    Done::empty()
}
