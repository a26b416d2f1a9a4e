//! Reading, listing and committing through views.

use crate::world::{World, put, read, secret, text};
use logical::Store as _;
use logical::secret::Plaintext;
use logical::{Batch, ErrorKind, Id, Key, Page, Revision, Segment, Span, Storage};

async fn listed(view: &dyn Storage, prefix: &Key, page: &Page) -> Vec<String> {
    view.list(prefix, page).await.unwrap()
}

async fn write(world: &World, paths: &[&str]) {
    let mut batch = Batch::new();
    for path in paths {
        batch.put(secret(path), Plaintext::from(path.as_bytes()));
    }
    world.barrier.commit(batch).await.unwrap();
}

#[tokio::test]
async fn a_view_reaches_what_lies_below_it_and_nothing_else() {
    let world = World::opened().await;
    let (one, two) = (
        world.barrier.view(Key::of("one")),
        world.barrier.view(Key::of("two")),
    );
    let key = Key::root().name("a");
    one.commit(put(&key, "of one")).await.unwrap();
    assert_eq!(read(&one, &key).await.as_deref(), Some("of one"));
    assert_eq!(read(&two, &key).await, None);
    assert_eq!(
        read(&world.view(), &Key::of("one").name("a")).await.as_deref(),
        Some("of one")
    );
}

#[tokio::test]
async fn a_record_says_which_commits_made_and_wrote_it() {
    let world = World::opened().await;
    let view = world.view();
    let first = view.commit(put(&secret("a"), "1")).await.unwrap();
    let mut batch = put(&secret("a"), "2");
    batch.expect(secret("a"), Some(first));
    let second = view.commit(batch).await.unwrap();
    let third = view.commit(put(&secret("a"), "3")).await.unwrap();
    assert!(first < second && second < third);
    let restarted = world.restarted().await;
    for view in [view, restarted.view(Key::root())] {
        let record = view.get(&secret("a")).await.unwrap().unwrap();
        assert_eq!(
            (record.created, record.revision, text(&record)),
            (first, third, "3".to_owned())
        );
    }
}

#[tokio::test]
async fn what_was_just_committed_is_read_whether_the_cache_knew_it_or_not() {
    let world = World::opened().await;
    let (view, key) = (world.view(), secret("a"));
    let mut revision = None;
    for round in 0..4 {
        let mut expecting = put(&key, &format!("expected {round}"));
        expecting.expect(key.clone(), revision);
        let created = view.commit(expecting).await.unwrap();
        let record = view.get(&key).await.unwrap().unwrap();
        assert_eq!(
            (record.revision, text(&record)),
            (created, format!("expected {round}"))
        );
        view.commit(put(&key, &format!("blind {round}"))).await.unwrap();
        let record = view.get(&key).await.unwrap().unwrap();
        assert_eq!(text(&record), format!("blind {round}"));
        revision = Some(record.revision);
    }
    let mut delete = Batch::new();
    delete.delete(key.clone());
    view.commit(delete).await.unwrap();
    assert_eq!(read(&view, &key).await, None);
}

#[tokio::test]
async fn a_batch_whose_expectation_fails_changes_nothing() {
    let world = World::opened().await;
    let view = world.view();
    view.commit(put(&secret("a"), "old")).await.unwrap();
    assert_eq!(read(&view, &secret("a")).await.as_deref(), Some("old"));
    let mut batch = put(&secret("a"), "new");
    batch
        .put(secret("b"), Plaintext::from(&b"new"[..]))
        .expect(secret("a"), Some(Revision(9999)));
    let error = view.commit(batch).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(read(&view, &secret("a")).await.as_deref(), Some("old"));
    assert_eq!(read(&view, &secret("b")).await, None);
}

#[tokio::test]
async fn after_a_conflict_the_next_read_sees_what_another_node_wrote() {
    let world = World::opened().await;
    let (here, there) = (world.view(), world.restarted().await.view(Key::root()));
    let first = here.commit(put(&secret("a"), "first")).await.unwrap();
    assert_eq!(read(&here, &secret("a")).await.as_deref(), Some("first"));
    there.commit(put(&secret("a"), "second")).await.unwrap();
    let mut batch = put(&secret("a"), "third");
    batch.expect(secret("a"), Some(first));
    assert_eq!(here.commit(batch).await.unwrap_err().kind(), ErrorKind::Conflict);
    assert_eq!(read(&here, &secret("a")).await.as_deref(), Some("second"));
}

#[tokio::test]
async fn of_several_writes_of_a_key_in_one_batch_the_last_one_counts() {
    let world = World::opened().await;
    let mut batch = put(&secret("a"), "1");
    batch
        .delete(secret("a"))
        .put(secret("a"), Plaintext::from(&b"2"[..]))
        .expect(secret("a"), None);
    world.barrier.commit(batch).await.unwrap();
    assert_eq!(read(&world.view(), &secret("a")).await.as_deref(), Some("2"));
    assert_eq!(
        read(&world.restarted().await.view(Key::root()), &secret("a"))
            .await
            .as_deref(),
        Some("2")
    );
}

#[tokio::test]
async fn a_listing_is_sorted_as_text_with_folders_marked() {
    let world = World::opened().await;
    write(&world, &["b", "a/x", "a", "été", "a-b", "c/d/e", "c/d/f"]).await;
    let view = world.view();
    let all = ["a", "a-b", "a/", "b", "c/", "été"];
    assert_eq!(listed(&view, &Key::of("data"), &Page::all()).await, all);
    assert_eq!(listed(&view, &secret("c/d"), &Page::all()).await, ["e", "f"]);
    assert_eq!(listed(&view, &secret("nothing"), &Page::all()).await, [""; 0]);
    let page = Page {
        after: Some("a-b".to_owned()),
        limit: Some(2),
    };
    assert_eq!(listed(&view, &Key::of("data"), &page).await, ["a/", "b"]);
}

#[tokio::test]
async fn a_listing_shows_what_came_and_what_went() {
    let world = World::opened().await;
    let view = world.view();
    for round in 0..3 {
        write(&world, &["a", "b/c"]).await;
        assert_eq!(
            listed(&view, &Key::of("data"), &Page::all()).await,
            ["a", "b/"],
            "{round}"
        );
        let mut batch = Batch::new();
        batch.delete(secret("a")).delete(secret("b/c"));
        world.barrier.commit(batch).await.unwrap();
        assert_eq!(
            listed(&view, &Key::of("data"), &Page::all()).await,
            [""; 0],
            "{round}"
        );
    }
}

#[tokio::test]
async fn a_large_folder_is_listed_whole() {
    let world = World::opened().await;
    let mut batch = Batch::new();
    for n in 0..2500 {
        batch.mark(secret(&format!("{n:04}")));
    }
    world.barrier.commit(batch).await.unwrap();
    let names = listed(&world.view(), &Key::of("data"), &Page::all()).await;
    assert_eq!(names, (0..2500).map(|n| format!("{n:04}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_range_reads_in_the_order_of_numbers_between_its_bounds() {
    let world = World::opened().await;
    let id: Id = "0dCVyhS8Abcdefghijklmnop".parse().unwrap();
    let mut batch = Batch::new();
    for n in [3, 1, 700, 256, 2] {
        batch.put(Key::of("expiry").number(n).id(id), Plaintext::new(vec![7]));
    }
    world.barrier.commit(batch).await.unwrap();
    let view = world.barrier.view(Key::of("expiry"));
    let numbers = async |span: Span, limit: usize| -> Vec<u64> {
        let rows = view.range(&span, limit).await.unwrap();
        assert!(rows.iter().all(|row| row.depth() == 2 && row.id(1) == Some(id)));
        rows.iter().map(|row| row.number(0).unwrap()).collect()
    };
    let all = Span::under(Key::root());
    assert_eq!(numbers(all.clone(), 10).await, [1, 2, 3, 256, 700]);
    assert_eq!(numbers(all.clone(), 2).await, [1, 2]);
    assert_eq!(
        numbers(all.clone().from(Segment::Number(3)), 10).await,
        [3, 256, 700]
    );
    assert_eq!(
        numbers(all.clone().after(Segment::Number(3)), 10).await,
        [256, 700]
    );
    assert_eq!(
        numbers(all.clone().until(Segment::Number(256)), 10).await,
        [1, 2, 3]
    );
    let between = all.from(Segment::Number(9)).until(Segment::Number(4));
    assert_eq!(numbers(between, 10).await, [0_u64; 0]);
}

#[tokio::test]
async fn a_name_that_is_too_long_is_the_callers_fault() {
    let world = World::opened().await;
    let long = Key::root().name("x".repeat(5000));
    assert_eq!(
        world.view().get(&long).await.err().unwrap().kind(),
        ErrorKind::Invalid
    );
    assert_eq!(
        world.barrier.commit(put(&long, "")).await.err().unwrap().kind(),
        ErrorKind::Invalid
    );
}

#[tokio::test]
async fn nobody_else_writes_the_rows_of_the_barrier() {
    let world = World::opened().await;
    for row in ["format", "seal", "root-key", "keyring"] {
        let batch = put(&Key::of("core").fixed(row), "x");
        assert_eq!(
            world.barrier.commit(batch).await.unwrap_err().kind(),
            ErrorKind::Internal
        );
    }
    world
        .barrier
        .commit(put(&Key::of("core").fixed("time"), "x"))
        .await
        .unwrap();
    world.restarted().await;
}

#[tokio::test]
async fn a_row_removed_by_the_key_that_a_range_found_is_gone_for_everybody() {
    let world = World::opened().await;
    write(&world, &["team/a", "team/b"]).await;
    let view = world.view();
    assert_eq!(read(&view, &secret("team/a")).await.as_deref(), Some("team/a"));
    assert_eq!(listed(&view, &secret("team"), &Page::all()).await, ["a", "b"]);
    let under = Key::of("data");
    let mut batch = Batch::new();
    for row in view.range(&Span::under(under.clone()), 9).await.unwrap() {
        let key = row.key(&under);
        assert_eq!(
            view.get(&key).await.unwrap().unwrap().revision,
            row.record.revision
        );
        batch.expect(key.clone(), Some(row.record.revision)).delete(key);
    }
    view.commit(batch).await.unwrap();
    assert_eq!(read(&view, &secret("team/a")).await, None);
    assert_eq!(listed(&view, &secret("team"), &Page::all()).await, [""; 0]);
    write(&world, &["team/a"]).await;
    assert_eq!(view.range(&Span::under(under.clone()), 9).await.unwrap().len(), 1);
    assert_eq!(read(&view, &secret("team/a")).await.as_deref(), Some("team/a"));
}
