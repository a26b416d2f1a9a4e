//! Where entries go.
//!
//! `file.rs` writes them to a file, `special.rs` to standard output or nowhere; `appender.rs` keeps a torn line away
//! from the next one.
//! Sockets and syslog have a place here and are not built yet.

mod appender;
mod file;
mod special;

use crate::{AuditError, DeviceConfig};
use async_trait::async_trait;
use std::io;

/// A place that takes lines.
#[async_trait]
pub(crate) trait AuditDevice: Send + Sync {
    /// Refuses what a new device could not write to, and opens the rest.
    fn open_first(&self) -> Result<(), AuditError>;

    /// Takes one or more whole lines, each with its end, all of them or none. They are in the kernel's hands when this
    /// returns, which survives the end of the process and not that of the machine.
    async fn write(&self, lines: &[u8]) -> io::Result<()>;

    /// Lets go of what it holds and opens it anew: the file was rotated. What fails here is tried again by the next
    /// write.
    fn reopen(&self) -> io::Result<()>;
}

/// Reads the options of a type. Nothing is opened yet.
pub(crate) fn of_config(config: &DeviceConfig) -> Result<Box<dyn AuditDevice>, AuditError> {
    match config.kind.as_str() {
        "file" => file::of_options(&config.options),
        "socket" => Err(AuditError::UnofferedKind { kind: "socket" }),
        "syslog" => Err(AuditError::UnofferedKind { kind: "syslog" }),
        "http" => Err(AuditError::UnofferedKind { kind: "http" }),
        _ => Err(AuditError::UnknownKind {
            kind: config.kind.clone(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: &str, refusal: &str) {
        let config = DeviceConfig {
            kind: kind.to_owned(),
            ..DeviceConfig::default()
        };
        assert_eq!(of_config(&config).err().unwrap().to_string(), refusal);
    }

    #[test]
    fn a_type_that_is_none_is_refused_by_name() {
        check("File", "unknown backend type: \"File\"");
        check("", "unknown backend type: \"\"");
        check("file", "file_path is required");
        check(
            "socket",
            "audit devices of type \"socket\" are not offered by this server; use one of type \"file\"",
        );
    }
}
