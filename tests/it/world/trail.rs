//! The audit log of a test's server, which can be broken and mended.

#![expect(
    clippy::indexing_slicing,
    reason = "a missing member of an entry is null, and a failed test"
)]

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// The file of the only audit device.
#[derive(Clone)]
pub(crate) struct Trail {
    folder: PathBuf,
}

/// How a device fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// The disk is full.
    DiskFull,
    /// A folder is where the file was.
    NoFile,
    /// A file is where the folder was.
    FolderGone,
}

impl Broken {
    /// Every way to fail.
    pub(crate) const ALL: [Self; 3] = [Self::DiskFull, Self::NoFile, Self::FolderGone];
}

impl Trail {
    /// A log in a folder of its own below this one.
    pub(crate) fn below(place: &Path) -> Self {
        Self {
            folder: place.join("audit"),
        }
    }

    /// The file that the server is told.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// Makes it fail. The server notices when it opens its devices anew.
    pub(crate) fn break_it(&self, how: Broken) {
        fs::rename(&self.folder, self.away()).unwrap();
        match how {
            Broken::DiskFull => {
                fs::create_dir(&self.folder).unwrap();
                symlink("/dev/full", self.file()).unwrap();
            }
            Broken::NoFile => fs::create_dir_all(self.file()).unwrap(),
            Broken::FolderGone => fs::write(&self.folder, "").unwrap(),
        }
    }

    /// Puts everything back.
    pub(crate) fn mend(&self) {
        match self.folder.is_dir() {
            true => fs::remove_dir_all(&self.folder).unwrap(),
            false => fs::remove_file(&self.folder).unwrap(),
        }
        fs::rename(self.away(), &self.folder).unwrap();
    }

    /// Everything that was written down.
    pub(crate) fn text(&self) -> String {
        let away = self.away().join("log");
        let file = if away.is_file() { away } else { self.file() };
        fs::read_to_string(file).unwrap_or_default()
    }

    /// The entries, in order.
    pub(crate) fn entries(&self) -> Vec<Value> {
        let text = self.text();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// The entries about a path, as `type`, `path` and error.
    pub(crate) fn of(&self, path: &str) -> Vec<Value> {
        let mut entries = self.entries();
        entries.retain(|entry| entry["request"]["path"] == path);
        entries
    }

    /// How many opening and closing entries each request has.
    pub(crate) fn pairs(&self) -> BTreeMap<String, (usize, usize)> {
        let mut pairs = BTreeMap::<String, (usize, usize)>::new();
        for entry in self.entries() {
            let id = entry["request"]["id"].as_str().unwrap().to_owned();
            let pair = pairs.entry(id).or_default();
            match entry["type"].as_str() {
                Some("request") => pair.0 += 1,
                _ => pair.1 += 1,
            }
        }
        pairs
    }

    fn away(&self) -> PathBuf {
        self.folder.with_extension("away")
    }
}
