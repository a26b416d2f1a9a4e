//! The command line against a server that plays a script: what is asked, what is printed, and how it ends.

mod calling;
mod dry_run;
mod kv;
mod login;
mod operators;
mod ran;
mod reading;
mod stub;
