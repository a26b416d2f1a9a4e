//! The command line: Vault's commands, flags, output and exit statuses, so that people and scripts find what they know.
//!
//! Each command is defined once, as a `command::Command`: parsing, help and documentation read the same definition.
//! Nothing here may print a token that was not asked for, or read the environment anywhere but in `env.rs`.
//! Commands take their streams and variables from an [`Invocation`], so tests need neither a process nor a terminal.
//!
//! Start reading at [`run`], then `dispatch.rs`, then a command: `read.rs`, `kv/get.rs`.

mod dispatch;
mod invocation;
mod process;

mod command;
mod commands;
mod failure;
mod flags;
mod help;
mod session;

mod dry_run;
mod env;
mod files;
mod golang;
mod output;
mod paths;
mod token_helper;
mod values;

mod audit;
mod auth;
mod delete;
mod kv;
mod lease;
mod list;
mod login;
mod mounts;
mod namespace;
mod operator;
mod patch;
mod path_help;
mod plugin;
mod policy;
mod print;
mod read;
mod scan;
mod secrets;
mod server;
mod status;
mod token;
mod unwrap;
mod version;
mod write;

pub use env::Environment;
pub use invocation::{Input, Invocation};
pub use process::run;
pub use token_helper::store_token;
