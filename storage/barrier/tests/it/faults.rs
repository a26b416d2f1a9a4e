//! A store that fails at every single operation, in every way a disk fails.

use crate::world::{over, put, read, secret, settings};
use logical::Store as _;
use logical::secret::Plaintext;
use logical::{Backend, ErrorKind, Key, Result};
use std::sync::Arc;
use storage_barrier::Barrier;
use storage_conformance::{Fault, Faulty, sweep};
use storage_memory::Memory;

const FIRST: [u8; 32] = [1; 32];
const SECOND: [u8; 32] = [2; 32];

fn key(bytes: [u8; 32]) -> Plaintext {
    Plaintext::from(&bytes[..])
}

async fn empty() -> Arc<dyn Backend> {
    Arc::new(Memory::new())
}

/// An initialised store with one record in it.
async fn founded() -> Arc<dyn Backend> {
    let store: Arc<dyn Backend> = Arc::new(Memory::new());
    let barrier = over(store.clone());
    barrier.initialize(&key(FIRST), settings(1, 1)).await.unwrap();
    barrier.unseal(&key(FIRST)).await.unwrap();
    barrier.commit(put(&secret("a"), "value")).await.unwrap();
    store
}

/// Which of the two unseal keys open the store that a server would find, and the record with it.
async fn openers(faulty: &Faulty) -> Vec<[u8; 32]> {
    let mut found = Vec::new();
    for bytes in [FIRST, SECOND] {
        let barrier = over(faulty.beneath());
        if barrier.unseal(&key(bytes)).await.is_ok() {
            let record = read(&barrier.view(Key::root()), &secret("a")).await;
            assert_eq!(record.as_deref(), Some("value"));
            let copy = read(&barrier.view(Key::root()), &secret("copy")).await;
            assert_eq!(
                copy.is_some(),
                bytes == SECOND,
                "the rows of a rekeying come with its key"
            );
            found.push(bytes);
        }
    }
    found
}

/// All changes of keys, one after the other, up to the first that fails.
async fn change_everything(barrier: &Barrier) -> Result<()> {
    barrier.rotate().await?;
    barrier.rotate_root().await?;
    barrier
        .rekey(&key(SECOND), settings(3, 2), put(&secret("copy"), "shares"))
        .await?;
    barrier.rotate().await
}

#[tokio::test]
async fn whatever_fails_the_old_or_the_new_key_opens_the_store_and_never_both() {
    for fault in Fault::ALL {
        let struck = sweep(fault, founded, async |faulty| {
            let barrier = over(faulty.clone());
            if barrier.unseal(&key(FIRST)).await.is_ok() {
                drop(change_everything(&barrier).await);
            }
            assert_eq!(openers(&faulty).await.len(), 1, "{fault:?}");
        })
        .await;
        assert!(struck >= 5, "{fault:?}: {struck}");
    }
}

#[tokio::test]
async fn a_change_of_keys_whose_answer_was_lost_is_found_to_be_done() {
    let struck = sweep(Fault::AnswerLost, founded, async |faulty| {
        let barrier = over(faulty.clone());
        if barrier.unseal(&key(FIRST)).await.is_ok() {
            change_everything(&barrier).await.unwrap();
            assert_eq!(barrier.key_status().unwrap().term, 3);
            assert_eq!(openers(&faulty).await, [SECOND]);
        }
    })
    .await;
    assert!(struck >= 5);
}

#[tokio::test]
async fn a_store_is_initialised_whole_or_not_at_all() {
    for fault in Fault::ALL {
        let struck = sweep(fault, empty, async |faulty| {
            let barrier = over(faulty.clone());
            let done = barrier
                .found(&key(FIRST), settings(1, 1))
                .unwrap()
                .commit(put(&secret("a"), "value"))
                .await;
            let opened = !openers(&faulty).await.is_empty();
            // After a failed sync it may be there all the same.
            assert!(done.is_err() || opened, "{fault:?}");
            assert!(
                opened
                    || over(faulty.beneath())
                        .initialize(&key(FIRST), settings(1, 1))
                        .await
                        .is_ok()
            );
        })
        .await;
        assert!(struck >= 1);
    }
}

#[tokio::test]
async fn what_became_of_a_commit_is_what_is_read_next() {
    for fault in Fault::ALL {
        sweep(fault, founded, async |faulty| {
            let barrier = over(faulty.clone());
            let view = barrier.view(Key::root());
            drop(barrier.unseal(&key(FIRST)).await);
            drop(logical::Storage::get(&view, &secret("a")).await);
            let done = view.commit(put(&secret("a"), "other")).await;
            let Ok(Some(record)) = logical::Storage::get(&view, &secret("a")).await else {
                return;
            };
            let restarted = over(faulty.beneath());
            restarted.unseal(&key(FIRST)).await.unwrap();
            let there = logical::Storage::get(&restarted.view(Key::root()), &secret("a"))
                .await
                .unwrap()
                .unwrap();
            assert!(
                *record.value == *there.value && record.revision == there.revision,
                "{fault:?}"
            );
            assert!(done.is_err() || there.value.expose() == b"other");
        })
        .await;
    }
}

#[tokio::test]
async fn when_the_store_closes_itself_the_barrier_is_sealed_and_says_so() {
    for fault in [Fault::ClosedWith, Fault::ClosedWithout] {
        // Unsealing reads once, and the first commit after it asks for a new grant of seals.
        let faulty = Arc::new(Faulty::new(founded().await, fault, 2));
        let barrier = over(faulty.clone());
        barrier.unseal(&key(FIRST)).await.unwrap();
        let error = barrier.commit(put(&secret("a"), "other")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Sealed);
        barrier.store_closed().await;
        assert!(barrier.is_sealed());
        let again = barrier.unseal(&key(FIRST)).await.unwrap_err();
        assert_eq!(again.kind(), ErrorKind::Unavailable);
    }
}
