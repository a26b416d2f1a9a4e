//! The token in a file.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use crate::files;

/// The file's text; nothing if there is no file.
pub(super) fn read(path: &Path) -> Result<String, String> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(format!("open {}: {}", path.display(), files::reason(&error))),
    }
}

/// Replaces the file by one that only the user can read. Nobody ever sees half a token, or the token in an open file.
pub(super) fn write(path: &Path, token: &str) -> io::Result<()> {
    let beside = path.with_extension(format!("{}.tmp", std::process::id()));
    let written = create(&beside).and_then(|mut file| file.write_all(token.as_bytes()));
    let replaced = written.and_then(|()| fs::rename(&beside, path));
    if replaced.is_err() {
        // What was written in part is of no use to anybody.
        let _ = fs::remove_file(&beside);
    }
    replaced
}

fn create(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    // A file that was there already has kept its mode.
    file.set_permissions(Permissions::from_mode(0o600))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_for_the_user_alone_whatever_it_was_before() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(".vault-token");
        fs::write(&path, "old").expect("an old file");
        write(&path, "new").expect("a new one");
        let mode = fs::metadata(&path).expect("the file").permissions().mode();
        assert_eq!((read(&path).as_deref(), mode & 0o777), (Ok("new"), 0o600));
        assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 1);
    }

    #[test]
    fn no_file_is_no_token() {
        assert_eq!(read(Path::new("/no/such/file")).as_deref(), Ok(""));
    }
}
