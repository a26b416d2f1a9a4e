//! New terms, new root keys, new unseal keys.

use crate::world::{World, over, put, read, secret, settings};
use logical::{Batch, ErrorKind, Key, Time};
use storage_barrier::Barrier;

fn term(value: &[u8]) -> u32 {
    u32::from_be_bytes(value[..4].try_into().unwrap())
}

#[tokio::test]
async fn a_new_term_seals_and_the_old_one_still_opens() {
    let world = World::opened().await;
    world.barrier.commit(put(&secret("old"), "1")).await.unwrap();
    assert_eq!(term(&world.row().await.1.value), 1);
    world.barrier.rotate().await.unwrap();
    assert_eq!(world.barrier.key_status().unwrap().term, 2);
    assert_eq!(world.barrier.key_status().unwrap().installed, Time::UNIX_EPOCH);
    world.barrier.commit(put(&secret("new"), "2")).await.unwrap();
    let restarted = world.restarted().await.view(Key::root());
    for view in [world.view(), restarted] {
        assert_eq!(read(&view, &secret("old")).await.as_deref(), Some("1"));
        assert_eq!(read(&view, &secret("new")).await.as_deref(), Some("2"));
    }
}

#[tokio::test]
async fn a_record_is_sealed_anew_when_it_is_written_again() {
    let world = World::opened().await;
    world.barrier.commit(put(&secret("a"), "1")).await.unwrap();
    world.barrier.rotate().await.unwrap();
    world.barrier.commit(put(&secret("a"), "2")).await.unwrap();
    assert_eq!(term(&world.row().await.1.value), 2);
}

#[tokio::test]
async fn the_status_counts_what_a_term_seals() {
    let world = World::opened().await;
    assert_eq!(world.barrier.key_status().unwrap().encryptions, 0);
    world.barrier.commit(put(&secret("a"), "1")).await.unwrap();
    assert_eq!(world.barrier.key_status().unwrap().encryptions, 1);
    let restarted = world.restarted().await;
    restarted.commit(put(&secret("a"), "2")).await.unwrap();
    assert_eq!(restarted.key_status().unwrap().encryptions, 65_537);
    assert_eq!(restarted.key_status().unwrap().term, 1);
}

#[tokio::test]
async fn after_rekeying_the_new_key_opens_and_the_old_one_does_not() {
    let world = World::opened().await;
    world.barrier.commit(put(&secret("a"), "1")).await.unwrap();
    let before = world.rows().await;
    let new = world.barrier.draw_unseal_key();
    world
        .barrier
        .rekey(&new, settings(3, 2), Batch::new())
        .await
        .unwrap();
    let after = world.rows().await;
    let changed = before
        .iter()
        .zip(&after)
        .filter(|(one, other)| one != other)
        .count();
    assert_eq!(changed, 2, "the sealed root key, and how the unseal key is kept");
    world.barrier.seal();
    assert_eq!(
        world.barrier.unseal(&world.key).await.unwrap_err().kind(),
        ErrorKind::Invalid
    );
    world.barrier.unseal(&new).await.unwrap();
    assert_eq!(world.barrier.seal_config().await.unwrap(), Some(settings(3, 2)));
    assert_eq!(read(&world.view(), &secret("a")).await.as_deref(), Some("1"));
}

#[tokio::test]
async fn the_present_unseal_key_is_known_and_no_other() {
    let world = World::opened().await;
    let new = world.barrier.draw_unseal_key();
    let known = |key| world.barrier.is_unseal_key(key).unwrap();
    assert!(known(&world.key) && !known(&new));
    world
        .barrier
        .rekey(&new, settings(1, 1), Batch::new())
        .await
        .unwrap();
    assert!(known(&new) && !known(&world.key));
    world.barrier.seal();
    assert_eq!(
        world.barrier.is_unseal_key(&new).unwrap_err().kind(),
        ErrorKind::Sealed
    );
}

#[tokio::test]
async fn rows_of_a_rekeying_are_read_at_once() {
    let world = World::opened().await;
    assert_eq!(read(&world.view(), &secret("copy")).await, None);
    let new = world.barrier.draw_unseal_key();
    let rows = put(&secret("copy"), "shares");
    world.barrier.rekey(&new, settings(1, 1), rows).await.unwrap();
    assert_eq!(
        read(&world.view(), &secret("copy")).await.as_deref(),
        Some("shares")
    );
}

#[tokio::test]
async fn a_new_root_key_opens_with_the_same_unseal_key() {
    let world = World::opened().await;
    world.barrier.commit(put(&secret("a"), "1")).await.unwrap();
    world.barrier.rotate_root().await.unwrap();
    world.barrier.rotate().await.unwrap();
    world.barrier.rotate_root().await.unwrap();
    let restarted = world.restarted().await;
    assert_eq!(
        read(&restarted.view(Key::root()), &secret("a")).await.as_deref(),
        Some("1")
    );
}

#[tokio::test]
async fn two_nodes_do_not_overwrite_each_others_keys() {
    let world = World::opened().await;
    let other = world.restarted().await;
    other.rotate().await.unwrap();
    assert_eq!(
        world.barrier.rotate().await.unwrap_err().kind(),
        ErrorKind::Conflict
    );
    assert_eq!(
        world.barrier.key_status().unwrap().term,
        2,
        "known after the conflict"
    );
    world.barrier.rotate().await.unwrap();
    let third = over(world.store.clone());
    third.unseal(&world.key).await.unwrap();
    assert_eq!(third.key_status().unwrap().term, 3);
}

#[tokio::test]
async fn two_nodes_share_out_how_often_a_term_seals() {
    let world = World::opened().await;
    let other = world.restarted().await;
    let used = |barrier: &Barrier| barrier.key_status().unwrap().encryptions;
    world.barrier.commit(put(&secret("a"), "1")).await.unwrap();
    other.commit(put(&secret("b"), "2")).await.unwrap();
    world.barrier.commit(put(&secret("c"), "3")).await.unwrap();
    assert_eq!((used(&world.barrier), used(&other)), (2, 65_537));
}
