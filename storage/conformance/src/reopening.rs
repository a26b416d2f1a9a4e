//! Where a durable store lies, and the laws of opening it again.

use async_trait::async_trait;
use logical::{Backend, Result};
use std::sync::Arc;

/// A place at which the same store can be opened again and again.
#[async_trait]
pub trait Place: Send + Sync {
    /// Opens the store that lies here. The one opened before has been dropped.
    async fn open(&self) -> Result<Arc<dyn Backend>>;
}

/// The laws of durability, one function each.
pub(crate) mod laws {
    use super::Place;
    use crate::draft::{Draft, key};
    use futures_util::StreamExt;
    use logical::{ErrorKind, Result, StoredKey};

    /// Values, both revisions of each row and the latest one are the same when the store is opened again.
    pub async fn what_was_committed_survives_reopening(place: &dyn Place) -> Result<()> {
        let store = place.open().await?;
        Draft::new().put("a", "1").put("b/c", "1").commit(&*store).await?;
        Draft::new().put("a", "2").delete("b/c").commit(&*store).await?;
        let everything = StoredKey::root().all_below();
        let rows = store.range(everything.clone(), 10).await?;
        let latest = store.latest().await?;
        drop(store);
        for _ in 0..3 {
            let store = place.open().await?;
            assert_eq!(store.range(everything.clone(), 10).await?, rows);
            assert_eq!(store.latest().await?, latest);
            assert!(!store.is_closed());
        }
        Ok(())
    }

    /// A revision is never given twice, and what was read before reopening can be expected after it.
    pub async fn revisions_go_on_after_reopening(place: &dyn Place) -> Result<()> {
        let store = place.open().await?;
        let first = Draft::new().put("a", "1").commit(&*store).await?;
        let last = Draft::new().delete("a").put("b", "1").commit(&*store).await?;
        drop(store);
        let store = place.open().await?;
        let next = Draft::new().put("a", "2").expect_at("b", last);
        let next = next.commit(&*store).await?;
        assert!(next > last && last > first);
        assert_eq!(
            store.get(&key("a")).await?.map(|record| record.created),
            Some(next)
        );
        Ok(())
    }

    /// Who watches from a revision of an earlier life hears every change since, or that too many have gone by.
    pub async fn a_watch_from_before_reopening_has_no_hole(place: &dyn Place) -> Result<()> {
        let store = place.open().await?;
        let first = Draft::new().put("a", "1").commit(&*store).await?;
        let missed = Draft::new().put("b", "1").commit(&*store).await?;
        drop(store);
        let store = place.open().await?;
        Draft::new().put("c", "1").commit(&*store).await?;
        let told = store.watch(first).next().await;
        match told.expect("a watch says something: a change, or that it cannot") {
            Ok(change) => assert_eq!(change.revision, missed),
            Err(error) => assert_eq!(error.kind(), ErrorKind::Conflict),
        }
        let next = store.watch(missed).next().await.transpose()?;
        assert_eq!(next.map(|change| change.key), Some(key("c")));
        Ok(())
    }
}
