//! What looks like a file in the options and is none: standard output, and nowhere.

use super::AuditDevice;
use crate::AuditError;
use async_trait::async_trait;
use std::io::{self, Write};

/// Goes where the server's own output goes.
pub(super) struct Stdout;

/// Writes nothing down. Its salt still hashes.
pub(super) struct Discard;

#[async_trait]
impl AuditDevice for Stdout {
    fn open_first(&self) -> Result<(), AuditError> {
        Ok(())
    }

    async fn write(&self, lines: &[u8]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(lines)?;
        out.flush()
    }

    fn reopen(&self) -> io::Result<()> {
        Ok(())
    }
}

#[async_trait]
impl AuditDevice for Discard {
    fn open_first(&self) -> Result<(), AuditError> {
        Ok(())
    }

    async fn write(&self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn reopen(&self) -> io::Result<()> {
        Ok(())
    }
}
