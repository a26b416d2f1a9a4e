//! Initialising, unsealing, sealing.

use crate::world::{World, over, put, read, secret, settings};
use logical::Store as _;
use logical::secret::Plaintext;
use logical::{Batch, ErrorKind, Key, Page, Span, Storage};
use storage_barrier::Status;

const EMPTY: Status = Status {
    initialized: false,
    sealed: true,
};
const SEALED: Status = Status {
    initialized: true,
    sealed: true,
};
const OPEN: Status = Status {
    initialized: true,
    sealed: false,
};

#[tokio::test]
async fn a_store_is_empty_then_sealed_then_open_then_sealed() {
    let world = World::empty();
    assert_eq!(world.barrier.status().await.unwrap(), EMPTY);
    assert_eq!(world.barrier.seal_config().await.unwrap(), None);
    world
        .barrier
        .initialize(&world.key, settings(5, 3))
        .await
        .unwrap();
    assert_eq!(world.barrier.status().await.unwrap(), SEALED);
    assert_eq!(world.barrier.seal_config().await.unwrap(), Some(settings(5, 3)));
    world.barrier.unseal(&world.key).await.unwrap();
    assert_eq!(world.barrier.status().await.unwrap(), OPEN);
    world.barrier.seal();
    assert_eq!(world.barrier.status().await.unwrap(), SEALED);
}

#[tokio::test]
async fn a_store_is_initialised_once() {
    let world = World::sealed().await;
    let before = world.rows().await;
    let other = world.barrier.draw_unseal_key();
    let error = world
        .barrier
        .initialize(&other, settings(1, 1))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.public()),
        (ErrorKind::Invalid, "Vault is already initialized")
    );
    assert!(world.rows().await == before);
}

#[tokio::test]
async fn of_eight_who_initialise_at_once_one_succeeds() {
    let world = World::empty();
    let attempts = (0..8).map(|_| {
        let (barrier, key) = (over(world.store.clone()), world.barrier.draw_unseal_key());
        tokio::spawn(async move {
            barrier
                .initialize(&key, settings(1, 1))
                .await
                .is_ok()
                .then_some(key)
        })
    });
    let mut keys = Vec::new();
    for attempt in attempts.collect::<Vec<_>>() {
        keys.extend(attempt.await.unwrap());
    }
    assert_eq!(keys.len(), 1);
    world.barrier.unseal(&keys[0]).await.unwrap();
}

#[tokio::test]
async fn the_first_rows_are_there_with_the_keys() {
    let world = World::empty();
    let founding = world.barrier.found(&world.key, settings(1, 1)).unwrap();
    let derived = founding.derived("token hash");
    founding.commit(put(&secret("root"), "token")).await.unwrap();
    world.barrier.unseal(&world.key).await.unwrap();
    assert_eq!(
        read(&world.view(), &secret("root")).await.as_deref(),
        Some("token")
    );
    assert_eq!(
        world.barrier.derived("token hash").unwrap().expose(),
        derived.expose()
    );
}

#[tokio::test]
async fn a_founding_that_comes_too_late_leaves_nothing() {
    let world = World::empty();
    let late = world
        .barrier
        .found(&world.barrier.draw_unseal_key(), settings(1, 1))
        .unwrap();
    world
        .barrier
        .initialize(&world.key, settings(1, 1))
        .await
        .unwrap();
    late.commit(put(&secret("root"), "token")).await.unwrap_err();
    world.barrier.unseal(&world.key).await.unwrap();
    assert_eq!(read(&world.view(), &secret("root")).await, None);
}

#[tokio::test]
async fn an_empty_store_cannot_be_unsealed() {
    let world = World::empty();
    let error = world.barrier.unseal(&world.key).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.public()),
        (ErrorKind::Invalid, "Vault is not initialized")
    );
}

#[tokio::test]
async fn a_wrong_key_opens_nothing() {
    let world = World::sealed().await;
    for wrong in [&[0; 32][..], &[0; 16], &[]] {
        let error = world.barrier.unseal(&Plaintext::from(wrong)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(error.public().contains("invalid key"), "{error}");
    }
    assert!(world.barrier.is_sealed());
    world.barrier.unseal(&world.key).await.unwrap();
}

#[tokio::test]
async fn what_was_written_is_there_after_a_restart() {
    let world = World::opened().await;
    world.barrier.commit(put(&secret("a/b"), "value")).await.unwrap();
    let restarted = world.restarted().await;
    assert_eq!(
        read(&restarted.view(Key::root()), &secret("a/b"))
            .await
            .as_deref(),
        Some("value")
    );
    let label = |barrier: &storage_barrier::Barrier| *barrier.derived("label").unwrap().expose();
    assert_eq!(label(&restarted), label(&world.barrier));
}

#[tokio::test]
async fn a_sealed_barrier_answers_nothing_not_even_what_it_knew() {
    let world = World::opened().await;
    let view = world.view();
    world.barrier.commit(put(&secret("a"), "value")).await.unwrap();
    read(&view, &secret("a")).await;
    view.list(&Key::of("data"), &Page::all()).await.unwrap();
    world.barrier.seal();
    let page = Page::all();
    let answers = [
        view.get(&secret("a")).await.err(),
        view.get(&secret("absent")).await.err(),
        view.list(&Key::of("data"), &page).await.err(),
        view.range(&Span::under(Key::of("data")), 1).await.err(),
        view.commit(put(&secret("a"), "other")).await.err(),
        view.commit(Batch::new()).await.err(),
        world.barrier.rotate().await.err(),
        world.barrier.rotate_root().await.err(),
        world
            .barrier
            .rekey(&world.key, settings(1, 1), Batch::new())
            .await
            .err(),
        world.barrier.derived("label").err(),
        world.barrier.key_status().err(),
    ];
    for error in answers {
        let error = error.unwrap();
        assert_eq!(
            (error.kind(), error.public()),
            (ErrorKind::Sealed, "Vault is sealed")
        );
    }
    world.barrier.unseal(&world.key).await.unwrap();
    assert_eq!(read(&view, &secret("a")).await.as_deref(), Some("value"));
}
