//! The file device.

use super::AuditDevice;
use super::appender::Appender;
use super::special::{Discard, Stdout};
use crate::AuditError;
use async_trait::async_trait;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// What a file gets that is told nothing else.
const MODE_DEFAULT: u32 = 0o600;
/// Who may read and write. Nothing else of a mode is taken over: no log is a program.
const MODE_BITS: u32 = 0o666;
/// The bits by which Go, and so a configuration written for Vault, marks what is no regular file.
const MODE_IRREGULAR: u32 = 1 << 31 | 1 << 27 | 1 << 26 | 1 << 25 | 1 << 24 | 1 << 21 | 1 << 19;

/// Appends lines to a file.
///
/// A file that was moved away is written on until `reopen`, as a rotation expects. A file that lost its last name,
/// because it was removed or replaced, would take lines that nobody can read; it is opened anew.
pub(super) struct FileDevice {
    path: PathBuf,
    mode: Mode,
    /// `None` when it could not be opened or written to; the next write tries again.
    open: Mutex<Option<Appender<File>>>,
}

/// What becomes of a file's mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// The file exists already, and keeps its mode.
    Kept,
    /// The file gets this one.
    Set(u32),
}

/// Reads the options `file_path` (or `path`) and `mode`. `stdout` and `discard`, in any case, are no names of files.
pub(super) fn of_options(options: &BTreeMap<String, String>) -> Result<Box<dyn AuditDevice>, AuditError> {
    let path = options.get("file_path").or_else(|| options.get("path"));
    let path = path.ok_or(AuditError::OptionMissing { option: "file_path" })?;
    let mode = options
        .get("mode")
        .map_or(Ok(Mode::Set(MODE_DEFAULT)), |text| Mode::parse(text))?;
    Ok(match path.to_lowercase().as_str() {
        "stdout" => Box::new(Stdout),
        "discard" => Box::new(Discard),
        _ => Box::new(FileDevice::new(PathBuf::from(path), mode)),
    })
}

impl Mode {
    fn parse(text: &str) -> Result<Self, AuditError> {
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(AuditError::NoMode);
        }
        match u32::from_str_radix(text, 8).map_err(|_| AuditError::NoMode)? {
            0 => Ok(Self::Kept),
            mode if mode & MODE_IRREGULAR != 0 => Err(AuditError::IrregularMode),
            mode => Ok(Self::Set(mode & MODE_BITS)),
        }
    }
}

impl FileDevice {
    fn new(path: PathBuf, mode: Mode) -> Self {
        Self {
            path,
            mode,
            open: Mutex::new(None),
        }
    }

    fn open(&self) -> io::Result<Appender<File>> {
        make_folder_of(&self.path)?;
        let created_with = match self.mode {
            Mode::Kept => MODE_DEFAULT,
            Mode::Set(mode) => mode,
        };
        let file = OpenOptions::new()
            .append(true)
            .create(true)
            .mode(created_with)
            .open(&self.path)?;
        let facts = file.metadata()?;
        if !facts.is_file() {
            // A terminal or a pipe has a mode of its own, and no last line.
            return Ok(Appender::behind(file, false));
        }
        if let Mode::Set(mode) = self.mode
            && facts.mode() & 0o7777 != mode
        {
            file.set_permissions(Permissions::from_mode(mode))?;
        }
        let is_torn = facts.len() > 0 && !ends_a_line(&self.path, facts.len());
        Ok(Appender::behind(file, is_torn))
    }

    fn append(&self, lines: &[u8]) -> io::Result<()> {
        let mut open = self.open.lock();
        let mut appender = match open.take() {
            Some(appender) if !is_nameless(appender.out())? => appender,
            _ => self.open()?,
        };
        appender.append(lines)?;
        *open = Some(appender);
        Ok(())
    }

    fn explain(&self, error: &io::Error) -> io::Error {
        io::Error::new(error.kind(), format!("write {}: {error}", self.path.display()))
    }
}

#[async_trait]
impl AuditDevice for FileDevice {
    fn open_first(&self) -> Result<(), AuditError> {
        let path = || self.path.display().to_string();
        if self.mode == Mode::Kept {
            fs::metadata(&self.path).map_err(|source| AuditError::NothingToKeep { path: path(), source })?;
        }
        self.reopen()
            .map_err(|source| AuditError::CannotOpen { path: path(), source })
    }

    /// Writes on the caller's thread: handing a line over the kernel's page cache takes microseconds, less than
    /// handing it to another thread and waiting for that one's answer.
    async fn write(&self, lines: &[u8]) -> io::Result<()> {
        self.append(lines).map_err(|error| self.explain(&error))
    }

    fn reopen(&self) -> io::Result<()> {
        let mut open = self.open.lock();
        *open = None;
        *open = Some(self.open()?);
        Ok(())
    }
}

/// Makes the folders on the way, readable to nobody else.
fn make_folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => {
            DirBuilder::new().recursive(true).mode(0o700).create(folder)
        }
        _ => Ok(()),
    }
}

/// Whether the last line has an end. A file that cannot be read counts as torn: an empty line is the lesser evil.
fn ends_a_line(path: &Path, length: u64) -> bool {
    let mut last = [0];
    File::open(path)
        .and_then(|file| file.read_exact_at(&mut last, length.saturating_sub(1)))
        .is_ok()
        && last == *b"\n"
}

/// Whether no path leads to the file any more.
fn is_nameless(file: &File) -> io::Result<bool> {
    Ok(file.metadata()?.nlink() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;
    use tempfile::TempDir;

    fn device(path: &Path, mode: &str) -> Box<dyn AuditDevice> {
        let path = path.to_str().unwrap().to_owned();
        of_options(
            &[
                ("file_path".to_owned(), path),
                ("mode".to_owned(), mode.to_owned()),
            ]
            .into(),
        )
        .unwrap()
    }

    fn mode_of(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o7777
    }

    fn check_mode(mode: &str, expected: Result<Mode, &str>) {
        assert_eq!(
            Mode::parse(mode).map_err(|error| error.to_string()),
            expected.map_err(str::to_owned),
            "{mode:?}"
        );
    }

    /// As recorded in `audit.wrong_options` and `audit.modes_of_files`.
    #[test]
    fn a_mode_is_octal_regular_and_never_executable() {
        check_mode("0640", Ok(Mode::Set(0o640)));
        check_mode("600", Ok(Mode::Set(0o600)));
        check_mode("0777", Ok(Mode::Set(0o666)));
        check_mode("4600", Ok(Mode::Set(0o600)));
        check_mode("7", Ok(Mode::Set(0o006)));
        check_mode("0000", Ok(Mode::Kept));
        for none in ["abc", "0999", "-1", "+600", "", "0o600"] {
            check_mode(none, Err("mode has to be an octal number such as 0600"));
        }
        check_mode("20000000600", Err("file mode does not represent a regular file"));
    }

    #[tokio::test]
    async fn a_file_gets_its_mode_and_keeps_what_is_in_it() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("new/folder/audit.log");
        let audit = device(&path, "0640");
        audit.open_first().unwrap();
        audit.write(b"one\n").await.unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        audit.reopen().unwrap();
        audit.write(b"two\n").await.unwrap();
        assert_eq!(
            (mode_of(&path), fs::read(&path).unwrap()),
            (0o640, b"one\ntwo\n".to_vec())
        );
    }

    #[test]
    fn a_mode_of_zeros_needs_a_file_and_leaves_it_alone() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("audit.log");
        assert!(
            device(&path, "0000")
                .open_first()
                .unwrap_err()
                .to_string()
                .starts_with("stat ")
        );
        fs::write(&path, "").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        device(&path, "0000").open_first().unwrap();
        assert_eq!(mode_of(&path), 0o644);
    }

    #[test]
    fn what_cannot_be_opened_is_no_device() {
        let folder = TempDir::new().unwrap();
        let plain = folder.path().join("plain");
        fs::write(&plain, "").unwrap();
        for path in [folder.path(), &plain.join("x.log"), Path::new(""), Path::new("/")] {
            let refusal = device(path, "0600").open_first().unwrap_err().to_string();
            assert!(
                refusal.starts_with("sanity check failed; unable to open"),
                "{refusal}"
            );
        }
    }

    #[tokio::test]
    async fn a_full_disk_is_an_error() {
        let full = device(Path::new("/dev/full"), "0000");
        full.open_first().unwrap();
        for _ in 0..2 {
            assert_eq!(
                full.write(b"line\n").await.unwrap_err().kind(),
                ErrorKind::StorageFull
            );
        }
    }

    #[tokio::test]
    async fn a_file_that_is_moved_away_is_written_on_until_it_is_reopened() {
        let folder = TempDir::new().unwrap();
        let (path, old) = (folder.path().join("audit.log"), folder.path().join("audit.log.1"));
        let audit = device(&path, "0600");
        audit.open_first().unwrap();
        fs::rename(&path, &old).unwrap();
        audit.write(b"one\n").await.unwrap();
        assert!(!path.exists());
        audit.reopen().unwrap();
        audit.write(b"two\n").await.unwrap();
        assert_eq!(
            (fs::read(&old).unwrap(), fs::read(&path).unwrap()),
            (b"one\n".to_vec(), b"two\n".to_vec())
        );
    }

    #[tokio::test]
    async fn no_line_goes_into_a_file_without_a_name() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("logs/audit.log");
        let audit = device(&path, "0600");
        audit.open_first().unwrap();

        fs::remove_dir_all(folder.path().join("logs")).unwrap();
        audit.write(b"removed\n").await.unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"removed\n");

        let other = folder.path().join("other");
        fs::write(&other, "other\n").unwrap();
        fs::rename(&other, &path).unwrap();
        audit.write(b"replaced\n").await.unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"other\nreplaced\n");

        fs::write(&path, "").unwrap();
        audit.write(b"truncated\n").await.unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"truncated\n");
    }

    /// As recorded in `audit.file_that_cannot_be_written`.
    #[tokio::test]
    async fn a_file_that_cannot_be_opened_again_refuses_until_it_can() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("audit.log");
        let audit = device(&path, "0600");
        audit.open_first().unwrap();
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(audit.reopen().is_err());
        let refusal = audit.write(b"one\n").await.unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::IsADirectory);
        assert!(refusal.to_string().contains("audit.log"), "{refusal}");
        fs::remove_dir(&path).unwrap();
        audit.write(b"two\n").await.unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two\n");
    }

    #[tokio::test]
    async fn a_line_that_a_crash_tore_spoils_none_but_itself() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("audit.log");
        fs::write(&path, "whole\n{\"torn").unwrap();
        let audit = device(&path, "0600");
        audit.open_first().unwrap();
        audit.write(b"next\n").await.unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"whole\n{\"torn\nnext\n");
    }
}
