//! Laws of watching: whoever follows the changes misses none.

use crate::draft::{Draft, key};
use futures_util::StreamExt;
use futures_util::future::try_join_all;
use logical::{Backend, Change, Error, Result, Revision, StoredKey};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A watcher hears every change of many writers, once, in the order of revisions; an acknowledged one has been told.
pub async fn a_watch_misses_nothing(store: Arc<dyn Backend>) -> Result<()> {
    const WRITERS: usize = 8;
    const COMMITS: usize = 25;
    let start = store.latest().await?;
    let watching = store.clone();
    let heard = tokio::spawn(async move { collect(&*watching, start, WRITERS * COMMITS * 2).await });
    let writers = (0..WRITERS).map(|writer| write(store.clone(), writer, COMMITS));
    let written: BTreeSet<_> = try_join_all(writers).await?.into_iter().flatten().collect();
    let heard = heard.await.map_err(Error::internal)??;
    assert!(heard.is_sorted_by_key(|change| change.revision));
    let heard: BTreeSet<_> = heard
        .into_iter()
        .map(|change| (change.revision, change.key))
        .collect();
    assert_eq!(heard, written);
    // Whoever comes later, but not too late, hears the same.
    let later = collect(&*store, start, written.len()).await?;
    let later: BTreeSet<_> = later
        .into_iter()
        .map(|change| (change.revision, change.key))
        .collect();
    assert_eq!(later, written);
    Ok(())
}

/// A watch tells what came after its revision, removed rows included, and nothing of what came before.
pub async fn a_watch_begins_after_its_revision(store: Arc<dyn Backend>) -> Result<()> {
    let before = Draft::new().put("a", "").put("b", "").commit(&*store).await?;
    let removed = Draft::new().delete("b").commit(&*store).await?;
    let expected = Change {
        key: key("b"),
        revision: removed,
    };
    assert_eq!(collect(&*store, before, 1).await?, [expected]);
    let mut ahead = store.watch(removed);
    let next = Draft::new().put("c", "").commit(&*store).await?;
    let change = ahead.next().await.transpose()?;
    assert_eq!(change.map(|change| change.revision), Some(next));
    Ok(())
}

/// A batch that was refused changed nothing, so nobody hears of it.
pub async fn a_refused_batch_is_not_told(store: Arc<dyn Backend>) -> Result<()> {
    let start = Draft::new().put("a", "").commit(&*store).await?;
    let refused = Draft::new().put("b", "").expect_absent("a");
    assert!(refused.commit(&*store).await.is_err());
    Draft::new().put("c", "").commit(&*store).await?;
    let heard = collect(&*store, start, 1).await?;
    assert_eq!(heard.first().map(|change| change.key.clone()), Some(key("c")));
    Ok(())
}

/// Commits rows and answers what a watcher has to hear of them.
async fn write(store: Arc<dyn Backend>, writer: usize, commits: usize) -> Result<Vec<(Revision, StoredKey)>> {
    let mut written = Vec::new();
    for n in 0..commits {
        let (own, shared) = (format!("own/{writer}/{n}"), format!("shared/{}", n % 3));
        let draft = Draft::new().put(&own, "v").put(&shared, "v");
        let revision = draft.commit(&*store).await?;
        written.extend([(revision, key(&own)), (revision, key(&shared))]);
    }
    Ok(written)
}

async fn collect(store: &dyn Backend, after: Revision, count: usize) -> Result<Vec<Change>> {
    let changes: Vec<Result<Change>> = store.watch(after).take(count).collect().await;
    changes.into_iter().collect()
}
