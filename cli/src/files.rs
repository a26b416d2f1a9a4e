//! Files that the user names, and what is said when they cannot be read.

use std::io::ErrorKind;
use std::path::Path;

/// Reads a file; the error is in the words of Vault's command line.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("open {}: {}", path.display(), reason(&error)))
}

/// Reads a text file.
pub(crate) fn read_text(path: &Path) -> Result<String, String> {
    let bytes = read(path)?;
    String::from_utf8(bytes).map_err(|_| format!("open {}: the file is not UTF-8 text", path.display()))
}

/// The reason of an error, as Unix puts it.
pub(crate) fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "no such file or directory".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::IsADirectory => "is a directory".to_owned(),
        _ => error.to_string(),
    }
}
