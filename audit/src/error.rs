//! What can go wrong with devices.

use logical::Error;
use std::io;

/// A device that cannot be, or an entry that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// There is no such type of device.
    #[error("unknown backend type: {kind:?}")]
    UnknownKind {
        /// The type that was asked for.
        kind: String,
    },
    /// Vault has such devices, this server does not.
    #[error("audit devices of type {kind:?} are not offered by this server; use one of type \"file\"")]
    UnofferedKind {
        /// The type that was asked for.
        kind: &'static str,
    },
    /// An option that the type needs is missing.
    #[error("{option} is required")]
    OptionMissing {
        /// The option.
        option: &'static str,
    },
    /// An option that has to be true or false is neither.
    #[error("{option} has to be true or false")]
    NoBoolean {
        /// The option.
        option: &'static str,
    },
    /// XML left Vault long ago.
    #[error(
        "jsonx formatting has been removed, consider switching to json by omitting \"format\" or setting it to \"json\""
    )]
    JsonxRemoved,
    /// Entries are JSON and nothing else.
    #[error("unknown format type {format:?}")]
    UnknownFormat {
        /// The format that was asked for.
        format: String,
    },
    /// The configuration does not allow prefixes.
    #[error("audit log prefixing is not allowed")]
    PrefixNotAllowed,
    /// The mode is no octal number.
    #[error("mode has to be an octal number such as 0600")]
    NoMode,
    /// The mode is one of a folder, a device or the like.
    #[error("file mode does not represent a regular file")]
    IrregularMode,
    /// The file's mode is to be left alone, and there is no file.
    #[error("stat {path}: {source}")]
    NothingToKeep {
        /// Which file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// The file cannot be opened.
    #[error("sanity check failed; unable to open {path:?} for writing: {source}")]
    CannotOpen {
        /// Which file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// The device did not take the first entry.
    #[error("audit backend failed test message: {source}")]
    TestFailed {
        /// What the device said.
        source: io::Error,
    },
    /// Another device has the name, or one above or below it.
    #[error("path already in use")]
    NameInUse,
    /// There is no such device.
    #[error("unknown audit backend {name:?}")]
    UnknownDevice {
        /// The name, with a slash at the end.
        name: String,
    },
    /// No device took the entry, and so the request must not go on.
    #[error("record the request: none of {devices} audit devices could write; the last one: {source}")]
    NothingRecorded {
        /// How many there are.
        devices: usize,
        /// What the last of them said.
        source: io::Error,
    },
}

impl From<AuditError> for Error {
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::NothingRecorded { .. } => Self::internal(error),
            refusal => Self::invalid(refusal.to_string()),
        }
    }
}
