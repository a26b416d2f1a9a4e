//! Laws of many at once: expectations decide races, readers see whole batches.

use crate::draft::{Draft, key, text};
use futures_util::future::{join_all, try_join_all};
use logical::{Backend, Error, ErrorKind, Result, StoredKey};
use std::sync::Arc;

/// Of 64 writers that expect the same revision one wins, and the others change nothing.
pub async fn of_many_writers_with_one_expectation_one_wins(store: Arc<dyn Backend>) -> Result<()> {
    let start = Draft::new().put("use", "left").commit(&*store).await?;
    let spend = |writer: usize| {
        let draft = Draft::new()
            .expect_at("use", start)
            .put("use", &writer.to_string());
        let draft = draft.put(&format!("by/{writer}"), "");
        let store = store.clone();
        tokio::spawn(async move { draft.commit(&*store).await.map(|_| writer) })
    };
    let mut winners = Vec::new();
    for answer in join_all((0..64).map(spend)).await {
        match answer.map_err(Error::internal)? {
            Ok(writer) => winners.push(writer),
            Err(error) => assert_eq!(error.kind(), ErrorKind::Conflict),
        }
    }
    assert_eq!(winners.len(), 1, "winners: {winners:?}");
    let winner = winners.first().map(usize::to_string);
    assert_eq!(text(&*store, "use").await?, winner);
    assert_eq!(store.range(key("by").all_below(), 100).await?.len(), 1);
    Ok(())
}

/// Read, add one, commit what expects the revision read, again on a conflict: the sum is exact.
pub async fn no_update_is_lost(store: Arc<dyn Backend>) -> Result<()> {
    Draft::new().put("count", "0").commit(&*store).await?;
    let add = |_| {
        let store = store.clone();
        tokio::spawn(async move {
            for _ in 0..10 {
                add_one(&*store).await?;
            }
            Ok::<_, Error>(())
        })
    };
    for done in try_join_all((0..8).map(add)).await.map_err(Error::internal)? {
        done?;
    }
    assert_eq!(text(&*store, "count").await?.as_deref(), Some("80"));
    Ok(())
}

/// Whoever reads while others write finds each batch whole or not at all, in a range and in a listing.
pub async fn a_reader_sees_whole_batches(store: Arc<dyn Backend>) -> Result<()> {
    let writing = store.clone();
    let writer = tokio::spawn(async move {
        for n in 0..150 {
            let value = n.to_string();
            let rows = ["f/a", "f/b", "f/c", "f/d"];
            let draft = rows.iter().fold(Draft::new(), |draft, path| match n % 3 {
                2 => draft.delete(path),
                _ => draft.put(path, &value),
            });
            draft.commit(&*writing).await?;
        }
        Ok::<_, Error>(())
    });
    while !writer.is_finished() {
        let rows = store.range(key("f").all_below(), 10).await?;
        let whole = rows.len() == 4 && rows.windows(2).all(same_value);
        assert!(rows.is_empty() || whole, "a torn batch: {rows:?}");
        let children = store.children(&key("f"), None, 10).await?;
        assert!(children.is_empty() || children.len() == 4, "{children:?}");
    }
    writer.await.map_err(Error::internal)?
}

/// An acknowledged commit is seen by every reader that begins later.
pub async fn what_is_acknowledged_is_seen_at_once(store: Arc<dyn Backend>) -> Result<()> {
    for n in 0..100 {
        let value = n.to_string();
        let revision = Draft::new().put("a", &value).commit(&*store).await?;
        let reading = store.clone();
        let seen = tokio::spawn(async move { text(&*reading, "a").await });
        assert_eq!(seen.await.map_err(Error::internal)??, Some(value));
        assert_eq!(store.latest().await?, revision);
    }
    Ok(())
}

fn same_value(pair: &[(StoredKey, logical::Record)]) -> bool {
    match pair {
        [(_, one), (_, other)] => one.value == other.value,
        _ => false,
    }
}

async fn add_one(store: &dyn Backend) -> Result<()> {
    loop {
        let record = store.get(&key("count")).await?.ok_or_else(Error::not_found)?;
        let count: u64 = String::from_utf8_lossy(&record.value)
            .parse()
            .map_err(Error::internal)?;
        let draft = Draft::new().put("count", &(count + 1).to_string());
        match draft.expect_at("count", record.revision).commit(store).await {
            Err(error) if error.kind() == ErrorKind::Conflict => {}
            other => return other.map(|_| ()),
        }
    }
}
