//! A disk that is really full: a small file system of its own, where the test may mount one.

#![cfg(test)]

use futures_util::future::join_all;
use logical::{Backend, ErrorKind, StoredKey};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use storage_conformance::Draft;
use storage_embedded::Embedded;
use tempfile::TempDir;

const WRITERS: usize = 8;
const VALUE_BYTES: usize = 5000;

/// A file system of 4 MiB in memory, gone when it is dropped.
struct SmallDisk(TempDir);

impl SmallDisk {
    /// `None` where mounting is not allowed.
    fn mount() -> Option<Self> {
        let place = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"])
            .arg(place.path())
            .output();
        mounted
            .is_ok_and(|output| output.status.success())
            .then_some(Self(place))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_full_disk_keeps_what_it_has_and_goes_on_by_itself() {
    let Some(disk) = SmallDisk::mount() else {
        println!("skipped: only who may mount a file system can fill one");
        return;
    };
    let ballast = disk.path().join("ballast");
    fs::write(&ballast, vec![0; 2 << 20]).unwrap();
    let store = Arc::new(Embedded::open(&disk.path().join("store")).unwrap());

    let first = fill(&store, "first").await;
    verify(&*store, &first).await;
    // Full stays full, and reading stays possible.
    let second = fill(&store, "second").await;
    verify(&*store, &[first.clone(), second.clone()].concat()).await;

    fs::remove_file(&ballast).unwrap();
    let third = fill(&store, "third").await;
    assert!(
        third.len() > 20,
        "room for more than {} batches was made",
        third.len()
    );
    let all = [first, second, third].concat();
    verify(&*store, &all).await;

    drop(store);
    fs::write(&ballast, b"").unwrap();
    let store = Embedded::open(&disk.path().join("store")).unwrap();
    verify(&store, &all).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_disk_that_is_full_of_the_log_makes_room_by_itself() {
    let Some(disk) = SmallDisk::mount() else {
        println!("skipped: only who may mount a file system can fill one");
        return;
    };
    let overwrite = |n: usize| Draft::new().put("a", &format!("{n:05}").repeat(20 * VALUE_BYTES));
    let store = Embedded::open(disk.path()).unwrap();
    for n in 0..3 {
        overwrite(n).commit(&store).await.unwrap();
    }
    drop(store);

    let store = Embedded::open(disk.path()).unwrap();
    let mut refused = 0;
    for n in 0..100 {
        if let Err(error) = overwrite(n).commit(&store).await {
            assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
            refused += 1;
        }
    }
    assert!((1..50).contains(&refused), "{refused} of 100 were refused");
}

/// Writes until the disk is full; answers the batches that were acknowledged.
async fn fill(store: &Arc<Embedded>, tag: &str) -> Vec<String> {
    let writers = (0..WRITERS).map(|writer| {
        let (store, tag) = (store.clone(), format!("{tag}-{writer}"));
        tokio::spawn(async move { fill_alone(&store, &tag).await })
    });
    let written = join_all(writers).await;
    written.into_iter().flat_map(Result::unwrap).collect()
}

async fn fill_alone(store: &Embedded, tag: &str) -> Vec<String> {
    let value = "v".repeat(VALUE_BYTES);
    let mut written = Vec::new();
    loop {
        let name = format!("{tag}-{}", written.len());
        let draft = Draft::new()
            .put(&format!("a/{name}"), &value)
            .put(&format!("b/{name}"), &value);
        match draft.commit(store).await {
            Ok(_) => written.push(name),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
                return written;
            }
        }
    }
}

/// Exactly the acknowledged batches are there, and each is whole.
async fn verify(store: &dyn Backend, acknowledged: &[String]) {
    let mut expected: Vec<&[u8]> = acknowledged.iter().map(|name| name.as_bytes()).collect();
    expected.sort_by_key(|name| (name.len(), *name));
    for folder in ["a", "b"] {
        let folder = StoredKey::root().with(folder.as_bytes());
        let children = store.children(&folder, None, usize::MAX).await.unwrap();
        let names: Vec<&[u8]> = children.iter().map(|child| child.segment.as_slice()).collect();
        assert_eq!(names, expected);
        let rows = store.range(folder.all_below(), usize::MAX).await.unwrap();
        assert!(rows.iter().all(|(_, record)| record.value.len() == VALUE_BYTES));
    }
}
