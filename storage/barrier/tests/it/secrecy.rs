//! What a reader of the disk does not learn.

use crate::world::{World, put, secret};
use logical::secret::Plaintext;
use logical::{Batch, Key};

const CANARY: &str = "canary";

#[tokio::test]
async fn no_name_and_no_value_lies_in_the_store() {
    let world = World::opened().await;
    let mut batch = put(&secret("canary-team/canary-app/canary"), "a canary value");
    let id = "0dCVyhS8Abcdefghijklmnop".parse().unwrap();
    batch.put(
        Key::of("policy").number(0).id(id).name("canary-policy"),
        Plaintext::from(&b"canary"[..]),
    );
    world.barrier.commit(batch).await.unwrap();
    world.barrier.rotate().await.unwrap();
    world.barrier.rotate_root().await.unwrap();
    let rows = world.rows().await;
    assert_eq!(rows.len(), 6);
    let holds = |bytes: &[u8]| bytes.windows(CANARY.len()).any(|part| part == CANARY.as_bytes());
    for (key, record) in rows {
        assert!(!holds(key.as_bytes()) && !holds(&record.value), "{key:?}");
    }
}

#[tokio::test]
async fn neither_key_nor_derived_key_lies_in_the_store() {
    let world = World::opened().await;
    let derived = *world.barrier.derived("label").unwrap().expose();
    for (_, record) in world.rows().await {
        for key in [world.key.expose(), &derived] {
            assert!(!record.value.windows(32).any(|part| part == key));
        }
    }
}

#[tokio::test]
async fn the_same_value_looks_different_each_time() {
    let world = World::opened().await;
    world.barrier.commit(put(&secret("a"), "value")).await.unwrap();
    let first = world.row().await.1.value;
    world.barrier.commit(put(&secret("a"), "value")).await.unwrap();
    assert_ne!(world.row().await.1.value, first);
}

#[tokio::test]
async fn an_error_tells_no_name_and_no_value() {
    let world = World::opened().await;
    world
        .barrier
        .commit(put(&secret("canary"), "a canary value"))
        .await
        .unwrap();
    let (key, record) = world.row().await;
    world.tamper(key, record.value[1..].to_vec()).await;
    let view = world.restarted().await.view(Key::root());
    let error = logical::Storage::get(&view, &secret("canary"))
        .await
        .err()
        .unwrap();
    assert!(!format!("{error:?} {error}").contains(CANARY));
    let mut batch = Batch::new();
    batch.put(Key::of("core").fixed("seal"), Plaintext::from(&b"canary"[..]));
    let error = world.barrier.commit(batch).await.unwrap_err();
    assert!(!format!("{error:?} {error}").contains(CANARY));
}
