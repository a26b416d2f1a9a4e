//! The disk below the store is really full: writes are refused, everything else goes on, and so do writes after.

use std::fs;
use std::path::Path;
use std::process::Command;

use harness::http::Caller;
use harness::server::Server;
use serde_json::{Value, json};
use tempfile::TempDir;

const BALLAST: usize = 4 << 20;
const VALUE: usize = 40_000;

/// A file system of 12 MiB in memory, gone when it is dropped.
struct SmallDisk(TempDir);

impl SmallDisk {
    /// `None` where mounting is not allowed.
    fn mount() -> Option<Self> {
        let place = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=12m", "tmpfs"])
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
        let _ = Command::new("umount").arg(self.path()).status();
    }
}

#[test]
fn a_full_disk_refuses_writes_keeps_what_it_has_and_writing_goes_on_when_there_is_room() {
    let Some(disk) = SmallDisk::mount() else {
        println!("skipped: only who may mount a file system can fill one");
        return;
    };
    let ballast = disk.path().join("ballast");
    fs::write(&ballast, vec![0; BALLAST]).unwrap();
    let mut server = Server::start_with_data(&disk.path().join("data")).unwrap();
    let mut root = server.root();
    let mount = json!({ "type": "kv", "options": { "version": "2" } });
    assert!(root.post("sys/mounts/secret", &mount).unwrap().is_success());

    let first = fill(&mut root, "first");
    assert!(first > 3, "only {first} values fitted");
    verify(&mut root, "first", first);
    assert!(refuses_all(&mut root), "something was written to a full disk");
    verify(&mut root, "first", first);

    fs::remove_file(&ballast).unwrap();
    let second = fill(&mut root, "second");
    assert!(
        second > 10,
        "room was made, and only {second} values were written"
    );
    verify(&mut root, "second", second);

    // What could be acknowledged is on the disk, and a full disk does not keep a server from starting.
    server.kill();
    server.start_again().unwrap();
    server.unseal().unwrap();
    let mut root = server.root();
    verify(&mut root, "first", first);
    verify(&mut root, "second", second);
}

fn value(tag: &str, n: usize) -> Value {
    json!({ "data": { "value": format!("{tag}-{n} ").repeat(VALUE / 10) } })
}

/// Writes until it is refused; returns how many values were acknowledged.
fn fill(root: &mut Caller, tag: &str) -> usize {
    for n in 0.. {
        let answer = root
            .post(&format!("secret/data/{tag}-{n}"), &value(tag, n))
            .unwrap();
        if !answer.is_success() {
            assert_eq!(answer.status, 503, "{answer:?}");
            let text = answer.text("/errors/0");
            assert!(text.contains("the storage cannot be written"), "{text}");
            return n;
        }
    }
    unreachable!("a disk of 12 MiB takes no end of values")
}

/// Whether large writes of every kind are refused, over an old value too.
fn refuses_all(root: &mut Caller) -> bool {
    let large = json!({ "data": { "value": "x".repeat(4 << 20) } });
    ["secret/data/first-0", "secret/data/other", "cubbyhole/mine"]
        .into_iter()
        .all(|path| root.post(path, &large).unwrap().status == 503)
}

/// Everything acknowledged is there and what was refused is not.
fn verify(root: &mut Caller, tag: &str, count: usize) {
    for n in 0..count {
        let answer = root.get(&format!("secret/data/{tag}-{n}")).unwrap();
        assert_eq!(answer.status, 200, "{tag}-{n}: {answer:?}");
        let found = answer.body.pointer("/data/data");
        assert_eq!(found, value(tag, n).pointer("/data"), "{tag}-{n}");
    }
    let refused = root.get(&format!("secret/data/{tag}-{count}")).unwrap();
    assert_eq!(refused.status, 404, "{refused:?}");
}
