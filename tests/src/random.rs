//! Randomness for names and passwords of one run.

use std::fs::File;
use std::io::Read as _;

use anyhow::{Context, Result};

/// Returns 32 random hexadecimal digits.
pub(crate) fn hex() -> Result<String> {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .context("read /dev/urandom")?;
    Ok(format!("{:032x}", u128::from_le_bytes(bytes)))
}
