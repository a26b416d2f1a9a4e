//! Devices as operators handle them, and what happens when they cannot write.

use crate::room::*;
use audit::Broker;
use logical::secret::Plaintext;
use logical::{ErrorKind, Operation, Response};
use serde_json::json;
use std::fs;
use std::path::Path;

/// One read by root.
async fn read(broker: &Broker) -> logical::Result<()> {
    let (asked, kv, root, by) = (
        request(Operation::Read, "kv/a", json!({})),
        mount("kv", "kv/"),
        root(),
        names(&["root"]),
    );
    broker
        .both(
            &subject(&asked, &kv, &root, &by),
            &ended(&Response::empty("1234")),
        )
        .await
}

fn salt() -> Plaintext {
    Plaintext::from(&b"salt"[..])
}

/// As recorded in `audit.enabled_and_disabled`.
#[tokio::test]
async fn a_name_is_taken_with_all_that_is_above_and_below_it() {
    let room = Room::with(&[]).await;
    room.enable("second", &[]).await.unwrap();
    room.enable("deep/er/path", &[]).await.unwrap();
    for taken in ["main", "/main", "main/below", "deep", "deep/er"] {
        let refusal = room.enable(taken, &[]).await.unwrap_err();
        assert_eq!(
            (refusal.kind(), refusal.public()),
            (ErrorKind::Invalid, "path already in use"),
            "{taken}"
        );
    }
    room.enable("sec", &[]).await.unwrap();
    room.broker.disable("second");
    room.broker.disable("none/");
    room.broker.disable("deep/er/");
    let listed: Vec<_> = room.broker.list().into_iter().map(|config| config.path).collect();
    assert_eq!(listed, ["deep/er/path/", "main/", "sec/"]);
}

#[tokio::test]
async fn a_device_that_cannot_take_the_test_is_none() {
    let room = Room::empty();
    let mut full = file("full", "/dev/full");
    full.options.insert("mode".to_owned(), "0000".to_owned());
    let refusal = room.broker.enable(full, &salt()).await.unwrap_err();
    assert_eq!(refusal.kind(), ErrorKind::Invalid);
    assert!(
        refusal
            .public()
            .starts_with("audit backend failed test message: write /dev/full"),
        "{refusal}"
    );
    assert!(room.broker.list().is_empty());
}

#[tokio::test]
async fn each_device_has_hashes_of_its_own() {
    let room = Room::with(&[]).await;
    room.enable("other", &[]).await.unwrap();
    let hash = |name| room.broker.hash(name, "x").unwrap();
    assert_eq!(hash("main"), hash("main/"));
    assert_ne!(hash("main"), hash("other"));
    assert_eq!(
        room.broker.hash("none", "x").unwrap_err().public(),
        "unknown audit backend \"none/\""
    );
}

#[tokio::test]
async fn without_devices_nothing_is_recorded_and_nothing_refused() {
    read(&Room::empty().broker).await.unwrap();
}

#[tokio::test]
async fn discard_and_stdout_are_no_files() {
    let room = Room::empty();
    room.broker
        .enable(file("gone", "discard"), &salt())
        .await
        .unwrap();
    room.broker.enable(file("out", "STDOUT"), &salt()).await.unwrap();
    read(&room.broker).await.unwrap();
    assert!(room.broker.hash("gone", "x").is_ok());
    assert!(!Path::new("discard").exists() && !Path::new("STDOUT").exists());
}

/// As recorded in `audit.file_that_cannot_be_written`.
#[tokio::test]
async fn what_cannot_be_recorded_is_refused() {
    let room = Room::with(&[]).await;
    fs::remove_file(room.path("main")).unwrap();
    fs::create_dir(room.path("main")).unwrap();
    room.broker.reopen_all();
    let refusal = read(&room.broker).await.unwrap_err();
    assert_eq!(
        (refusal.kind(), refusal.public()),
        (ErrorKind::Internal, "internal error")
    );
    assert_eq!(room.broker.failing(), ["main/"]);
    fs::remove_dir(room.path("main")).unwrap();
    read(&room.broker).await.unwrap();
    assert_eq!(room.entries().len(), 2);
    assert!(room.broker.failing().is_empty());
}

/// As recorded in `audit.one_of_two_fails`.
#[tokio::test]
async fn one_device_that_writes_is_enough() {
    let room = Room::with(&[]).await;
    let mut full = file("full", "/dev/full");
    full.options.insert("skip_test".to_owned(), "true".to_owned());
    room.broker.enable(full, &salt()).await.unwrap();
    read(&room.broker).await.unwrap();
    assert_eq!(
        (room.entries().len(), room.broker.failing()),
        (2, names(&["full/"]))
    );
    room.broker.disable("main");
    assert!(read(&room.broker).await.is_err());
}

#[tokio::test]
async fn a_device_that_cannot_be_opened_at_unsealing_is_kept_and_refuses() {
    let room = Room::empty();
    fs::create_dir(room.path("main")).unwrap();
    room.broker
        .restore(file("main", room.path("main").to_str().unwrap()), &salt())
        .unwrap();
    assert_eq!(room.broker.failing(), ["main/"]);
    assert!(read(&room.broker).await.is_err());
    fs::remove_dir(room.path("main")).unwrap();
    read(&room.broker).await.unwrap();
    assert_eq!(room.entries().len(), 2);
}

#[tokio::test]
async fn sealing_forgets_devices_and_headers() {
    let room = Room::with(&[]).await;
    room.broker.clear();
    assert!(room.broker.list().is_empty());
    assert!(room.broker.hash("main", "x").is_err());
}

/// As recorded in `audit.requests_at_once`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_of_requests_at_once_do_not_mix() {
    let room = std::sync::Arc::new(Room::with(&[]).await);
    let tasks: Vec<_> = (0..80)
        .map(|_| {
            let room = std::sync::Arc::clone(&room);
            tokio::spawn(async move { read(&room.broker).await.unwrap() })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let entries = room.entries();
    let kinds: Vec<_> = entries
        .iter()
        .map(|entry| entry["type"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["request", "response"].repeat(80));
}
