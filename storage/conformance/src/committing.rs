//! Laws of writing: all or nothing, expectations, revisions.

use crate::draft::{Draft, key, text};
use logical::{Backend, Error, ErrorKind, Result, Revision, StoredKey};
use std::sync::Arc;

/// Every write of a batch is done, or none is.
pub async fn a_batch_is_all_or_nothing(store: Arc<dyn Backend>) -> Result<()> {
    let first = Draft::new().put("a", "1").put("b", "1").put("c", "1");
    first.commit(&*store).await?;
    let second = Draft::new()
        .put("a", "2")
        .delete("b")
        .put("d", "2")
        .expect_absent("c");
    refused(&second.commit(&*store).await);
    assert_eq!(text(&*store, "a").await?.as_deref(), Some("1"));
    assert_eq!(text(&*store, "b").await?.as_deref(), Some("1"));
    assert_eq!(text(&*store, "d").await?, None);
    Ok(())
}

/// A batch that expects another revision, a row that is gone, or a place that is taken is refused and changes nothing.
pub async fn an_unmet_expectation_changes_nothing(store: Arc<dyn Backend>) -> Result<()> {
    let old = Draft::new().put("a", "1").commit(&*store).await?;
    let new = Draft::new()
        .put("a", "2")
        .expect_at("a", old)
        .commit(&*store)
        .await?;
    let write = || Draft::new().put("a", "3").put("b", "3");
    refused(&write().expect_at("a", old).commit(&*store).await);
    refused(&write().expect_absent("a").commit(&*store).await);
    refused(&write().expect_at("b", new).commit(&*store).await);
    let half = write().expect_at("a", new).expect_at("b", new);
    refused(&half.commit(&*store).await);
    assert_eq!(text(&*store, "a").await?.as_deref(), Some("2"));
    assert_eq!(text(&*store, "b").await?, None);
    assert_eq!(store.latest().await?, new);
    Ok(())
}

/// What a batch expects is asked of the store as it was before the batch.
pub async fn a_batch_is_checked_before_it_writes(store: Arc<dyn Backend>) -> Result<()> {
    let made = Draft::new()
        .put("a", "1")
        .expect_absent("a")
        .commit(&*store)
        .await?;
    let gone = Draft::new().delete("a").expect_at("a", made);
    gone.commit(&*store).await?;
    assert_eq!(text(&*store, "a").await?, None);
    Ok(())
}

/// Each commit has a later revision than the one before, and `latest` is the last of them.
pub async fn revisions_grow(store: Arc<dyn Backend>) -> Result<()> {
    let mut last = store.latest().await?;
    for _ in 0..20 {
        let revision = Draft::new().put("a", "x").commit(&*store).await?;
        assert!(revision > last, "{revision:?} came after {last:?}");
        assert_eq!(store.latest().await?, revision);
        last = revision;
    }
    Ok(())
}

/// A row remembers the commit that made it, however often it is written.
pub async fn created_survives_overwrites(store: Arc<dyn Backend>) -> Result<()> {
    let made = Draft::new().put("a", "1").commit(&*store).await?;
    Draft::new().put("a", "2").commit(&*store).await?;
    let written = Draft::new().put("a", "3").commit(&*store).await?;
    assert_eq!(revisions(&*store, "a").await?, Some((made, written)));
    let found = store.range(StoredKey::root().all_below(), 9).await?;
    assert_eq!(found.first().map(|(_, record)| record.created), Some(made));
    Ok(())
}

/// A row that was removed and is written again was made by the later commit.
pub async fn a_row_made_again_is_a_new_one(store: Arc<dyn Backend>) -> Result<()> {
    Draft::new().put("a", "1").commit(&*store).await?;
    Draft::new().delete("a").commit(&*store).await?;
    let again = Draft::new()
        .put("a", "2")
        .expect_absent("a")
        .commit(&*store)
        .await?;
    assert_eq!(revisions(&*store, "a").await?, Some((again, again)));
    Ok(())
}

/// Of several writes of one key in a batch only the last one counts; one that is put again in the end was never gone.
pub async fn the_last_write_of_a_key_counts(store: Arc<dyn Backend>) -> Result<()> {
    let made = Draft::new().put("a", "0").commit(&*store).await?;
    let draft = Draft::new().put("a", "1").delete("a").put("a", "2");
    let written = draft.put("b", "1").delete("b").commit(&*store).await?;
    assert_eq!(text(&*store, "a").await?.as_deref(), Some("2"));
    assert_eq!(revisions(&*store, "a").await?, Some((made, written)));
    assert_eq!(text(&*store, "b").await?, None);
    Ok(())
}

/// Removing a row that is not there is a commit like any other.
pub async fn deleting_what_is_not_there_is_no_error(store: Arc<dyn Backend>) -> Result<()> {
    let revision = Draft::new().delete("a").put("b", "1").commit(&*store).await?;
    assert_eq!(store.latest().await?, revision);
    assert_eq!(text(&*store, "b").await?.as_deref(), Some("1"));
    Ok(())
}

/// A batch without writes asks whether its expectations hold, and has nothing to make durable.
pub async fn a_batch_that_only_expects_makes_no_revision(store: Arc<dyn Backend>) -> Result<()> {
    let revision = Draft::new().put("a", "1").commit(&*store).await?;
    let asked = Draft::new().expect_at("a", revision).commit(&*store).await?;
    assert_eq!(asked, revision);
    refused(&Draft::new().expect_absent("a").commit(&*store).await);
    assert_eq!(store.latest().await?, revision);
    Ok(())
}

fn refused(result: &Result<Revision>) {
    let kind = result.as_ref().map_err(Error::kind);
    assert_eq!(kind, Err(ErrorKind::Conflict), "the batch must be refused");
}

async fn revisions(store: &dyn Backend, path: &str) -> Result<Option<(Revision, Revision)>> {
    let record = store.get(&key(path)).await?;
    Ok(record.map(|record| (record.created, record.revision)))
}
