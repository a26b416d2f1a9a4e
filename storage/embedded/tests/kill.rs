//! A server that is killed at any moment has lost nothing that it acknowledged, and left nothing half done.
//!
//! The test starts itself as another process, which writes and prints what was acknowledged until it is killed.

#![cfg(test)]

use logical::{Backend, StoredKey};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use storage_conformance::{Dice, Draft};
use storage_embedded::Embedded;

const DIRECTORY: &str = "STRONGROOM_TEST_KILL_DIRECTORY";
const ROUNDS: u64 = 12;
const WRITERS: usize = 16;
const ROWS: usize = 4;

#[tokio::test]
async fn a_killed_server_loses_nothing_acknowledged_and_tears_no_batch() {
    let directory = tempfile::tempdir().unwrap();
    let mut dice = Dice::new(7);
    let mut acknowledged = BTreeSet::new();
    for round in 0..ROUNDS {
        let kill_after = 1 + dice.below(400);
        acknowledged.extend(write_until_killed(directory.path(), round, kill_after));
        let store = Embedded::open(directory.path()).unwrap();
        verify(&store, &acknowledged, round).await;
    }
    assert!(acknowledged.len() > usize::try_from(ROUNDS).unwrap());
}

/// Not a test of its own: this is the process that is killed. Without a directory there is nothing to do.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_process_that_is_killed() {
    let Some(directory) = std::env::var_os(DIRECTORY) else {
        return;
    };
    let store = Arc::new(Embedded::open(Path::new(&directory)).unwrap());
    let start = store.latest().await.unwrap().0;
    let writers = (0..WRITERS).map(|writer| tokio::spawn(write(store.clone(), format!("{start}-{writer}"))));
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
}

async fn write(store: Arc<Embedded>, writer: String) {
    for n in 0_u64.. {
        let name = format!("{writer}-{n}");
        let draft = (0..ROWS).fold(Draft::new(), |draft, row| {
            draft.put(&format!("{row}/{name}"), &value(&name, row))
        });
        draft.commit(&*store).await.unwrap();
        println!("\nwritten {name}");
    }
}

fn value(name: &str, row: usize) -> String {
    format!("{name} {row} ").repeat(40)
}

/// The names of the batches that were acknowledged, those too that were printed between the decision to kill and death.
fn write_until_killed(directory: &Path, round: u64, kill_after: usize) -> Vec<String> {
    let mut child = start(directory);
    let output = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut written = Vec::new();
    for line in output.lines() {
        if let Some(name) = line.unwrap().strip_prefix("written ") {
            written.push(name.to_owned());
            if written.len() == kill_after {
                child.kill().unwrap();
            }
        }
    }
    let status = child.wait().unwrap();
    assert!(
        status.code().is_none(),
        "round {round}: the process ended by itself, {status}"
    );
    written
}

fn start(directory: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_process_that_is_killed", "--nocapture"])
        .env(DIRECTORY, directory)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

async fn verify(store: &Embedded, acknowledged: &BTreeSet<String>, round: u64) {
    let mut found = Vec::new();
    for row in 0..ROWS {
        let folder = StoredKey::root().with(row.to_string().as_bytes());
        let rows = store.range(folder.all_below(), usize::MAX).await.unwrap();
        let names = rows.into_iter().map(|(key, record)| {
            let (name, _) = key.next_below(&folder).expect("a key below the folder");
            let name = String::from_utf8(name.to_vec()).unwrap();
            assert_eq!(
                record.value,
                value(&name, row).into_bytes(),
                "round {round}: {name}"
            );
            name
        });
        found.push(names.collect::<BTreeSet<_>>());
    }
    assert!(
        found.windows(2).all(|pair| pair[0] == pair[1]),
        "round {round}: a torn batch"
    );
    let lost: Vec<_> = acknowledged.difference(&found[0]).collect();
    assert!(lost.is_empty(), "round {round}: lost {lost:?}");
}
