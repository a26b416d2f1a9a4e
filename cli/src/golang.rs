//! How Go reads and writes values. Vault's command line is written in Go, and scripts parse what it prints.

mod duration;
mod number;
mod value;

pub(crate) use duration::{Seconds, compact, parse_duration};
pub(crate) use number::{parse_bool, parse_integer};
pub(crate) use value::{plain, quoted_list};
