//! The file that every request is recorded in, read from where it was read before.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::PathBuf;

use serde_json::Value;

/// What a kill may tear: one line that is being written.
const TORN: usize = 1;

pub(super) struct AuditFile {
    path: PathBuf,
    read: u64,
}

impl AuditFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, read: 0 }
    }

    /// Fails unless each request that was answered since the last look has its two lines.
    pub(super) fn check(&mut self, answered: impl Iterator<Item = String>) {
        let mut lines = self.lines();
        for id in answered {
            let found = lines.remove(&id).unwrap_or_default();
            assert_eq!(found, [1, 1], "requests and responses recorded of {id}");
        }
    }

    /// How many requests and how many responses are recorded of each id.
    fn lines(&mut self) -> HashMap<String, [usize; 2]> {
        let mut file = BufReader::new(File::open(&self.path).unwrap());
        file.seek(SeekFrom::Start(self.read)).unwrap();
        let (mut found, mut torn) = (HashMap::new(), 0);
        for line in file.by_ref().lines().map(Result::unwrap) {
            let Ok(entry) = serde_json::from_str::<Value>(&line) else {
                torn += usize::from(!line.is_empty());
                continue;
            };
            let id = entry["request"]["id"].as_str().unwrap().to_owned();
            let counts: &mut [usize; 2] = found.entry(id).or_default();
            match entry["type"].as_str() {
                Some("request") => counts[0] += 1,
                Some("response") => counts[1] += 1,
                other => panic!("an entry of type {other:?}"),
            }
        }
        assert!(torn <= TORN, "{torn} lines are torn");
        self.read = file.stream_position().unwrap();
        found
    }
}
