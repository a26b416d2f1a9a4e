//! What a writer to the disk can do: make reading fail, and nothing else.

use crate::world::{World, over, put, secret};
use logical::{ErrorKind, Key, Page, Span, Storage, StoredKey};
use proptest::prelude::*;
use storage_barrier::View;

/// A view that remembers nothing, over a store whose only record has these bytes.
async fn view_of(bytes: Vec<u8>) -> (World, View) {
    let world = World::opened().await;
    world.barrier.commit(put(&secret("a"), "value")).await.unwrap();
    let (key, _) = world.row().await;
    world.tamper(key, bytes).await;
    let view = world.restarted().await.view(Key::root());
    (world, view)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().unwrap()
}

async fn is_damaged(view: &View, key: &Key) {
    let error = view.get(key).await.err().expect("an error, never an absence");
    assert_eq!(error.kind(), ErrorKind::Internal);
    assert!(error.to_string().contains("damaged"), "{error}");
}

#[tokio::test]
async fn a_value_moved_to_another_key_does_not_open() {
    let world = World::opened().await;
    world.barrier.commit(put(&secret("a"), "value")).await.unwrap();
    let (_, record) = world.row().await;
    world.barrier.commit(put(&secret("b"), "other")).await.unwrap();
    for (key, _) in world.rows().await {
        if key.segments().unwrap()[0] == b"data" {
            world.tamper(key, record.value.clone()).await;
        }
    }
    let view = world.restarted().await.view(Key::root());
    assert_eq!(
        view.get(&secret("a")).await.unwrap().unwrap().value.expose(),
        b"value"
    );
    is_damaged(&view, &secret("b")).await;
    assert!(view.range(&Span::under(Key::of("data")), 9).await.is_err());
}

#[tokio::test]
async fn a_term_that_is_not_in_the_keyring_is_damage() {
    let world = World::opened().await;
    world.barrier.commit(put(&secret("a"), "value")).await.unwrap();
    let (key, mut record) = world.row().await;
    record.value[3] = 9;
    world.tamper(key, record.value).await;
    is_damaged(&world.restarted().await.view(Key::root()), &secret("a")).await;
}

#[tokio::test]
async fn a_name_that_does_not_open_is_not_left_out_of_a_listing() {
    let world = World::opened().await;
    world.barrier.commit(put(&secret("a"), "value")).await.unwrap();
    let (_, record) = world.row().await;
    world
        .tamper(StoredKey::root().with(b"data").with(&[1; 20]), record.value)
        .await;
    let listed = world
        .restarted()
        .await
        .view(Key::root())
        .list(&Key::of("data"), &Page::all())
        .await;
    assert_eq!(listed.unwrap_err().kind(), ErrorKind::Internal);
}

#[tokio::test]
async fn damaged_foundations_are_errors_and_open_nothing() {
    for row in ["format", "seal", "root-key", "keyring"] {
        let world = World::sealed().await;
        world
            .tamper(
                StoredKey::root().with(b"core").with(row.as_bytes()),
                b"nonsense".to_vec(),
            )
            .await;
        let barrier = over(world.store.clone());
        let unsealed = barrier.unseal(&world.key).await;
        assert_eq!(unsealed.is_err(), row != "seal", "{row}");
        assert_eq!(barrier.seal_config().await.is_err(), row == "seal", "{row}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_in_the_store_make_the_barrier_panic(
        value in prop::collection::vec(any::<u8>(), 0..80),
        key in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        runtime().block_on(async {
            let (world, view) = view_of(value.clone()).await;
            is_damaged(&view, &secret("a")).await;
            let below = [StoredKey::root().with(b"data").as_bytes(), &key].concat();
            world.tamper(StoredKey::from_bytes(below), value.clone()).await;
            world.tamper(StoredKey::from_bytes(key), value).await;
            drop(view.range(&Span::under(Key::root()), 99).await);
            drop(view.range(&Span::under(Key::of("data")), 99).await);
            drop(view.list(&Key::root(), &Page::all()).await);
            drop(view.list(&Key::of("data"), &Page::all()).await);
        });
    }

    #[test]
    fn a_value_with_one_bit_turned_does_not_open(place: prop::sample::Index, bit in 0_u8..8) {
        runtime().block_on(async {
            let world = World::opened().await;
            world.barrier.commit(put(&secret("a"), "value")).await.unwrap();
            let (key, mut record) = world.row().await;
            let place = place.index(record.value.len());
            record.value[place] ^= 1 << bit;
            world.tamper(key, record.value).await;
            is_damaged(&world.restarted().await.view(Key::root()), &secret("a")).await;
        });
    }
}
