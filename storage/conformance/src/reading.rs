//! Laws of reading: single rows and ranges.

use crate::draft::{Draft, key, text};
use logical::{Backend, Record, Result, StoredBatch, StoredKey, StoredWrite};
use std::sync::Arc;

/// What a commit wrote is read back, and nothing else is there.
pub async fn what_was_committed_is_read(store: Arc<dyn Backend>) -> Result<()> {
    let revision = Draft::new().put("a/b", "one").commit(&*store).await?;
    let expected = Record {
        value: b"one".to_vec(),
        created: revision,
        revision,
    };
    assert_eq!(store.get(&key("a/b")).await?, Some(expected));
    assert_eq!(store.get(&key("a")).await?, None);
    assert_eq!(store.get(&key("a/b/c")).await?, None);
    assert_eq!(store.get(&StoredKey::root()).await?, None);
    Ok(())
}

/// A row whose key says it all has an empty value, and it is there.
pub async fn an_empty_value_is_no_absence(store: Arc<dyn Backend>) -> Result<()> {
    Draft::new().put("mark", "").commit(&*store).await?;
    assert_eq!(text(&*store, "mark").await?, Some(String::new()));
    Ok(())
}

/// Keys and values are bytes of any kind, the longest segment and a value of a MiB included.
pub async fn any_bytes_are_kept(store: Arc<dyn Backend>) -> Result<()> {
    let every: Vec<u8> = (0..=u8::MAX).collect();
    let long = vec![0xff; 0x7fff];
    let key = StoredKey::root().with(b"").with(&every).with(&long);
    let value = every.repeat(4096);
    let batch = StoredBatch {
        writes: vec![(key.clone(), StoredWrite::Put(value.clone()))],
        ..StoredBatch::default()
    };
    store.commit(batch).await?;
    let found = store.get(&key).await?.map(|record| record.value);
    assert_eq!(found.as_ref(), Some(&value));
    let listed = store.children(&StoredKey::root().with(b""), None, 9).await?;
    assert_eq!(listed.first().map(|child| &child.segment), Some(&every));
    Ok(())
}

/// A range begins with its start, ends before its end, and is sorted as bytes are.
pub async fn ranges_are_ordered_and_half_open(store: Arc<dyn Backend>) -> Result<()> {
    let draft = ["d", "b", "a", "c/1", "c"].iter();
    let draft = draft.fold(Draft::new(), |draft, path| draft.put(path, path));
    let revision = draft.commit(&*store).await?;
    let found = store.range(key("b")..key("d"), 10).await?;
    let keys: Vec<StoredKey> = found.iter().map(|(key, _)| key.clone()).collect();
    assert_eq!(keys, ["b", "c", "c/1"].map(key));
    assert!(found.iter().all(|(_, record)| record.revision == revision));
    let below = store.range(key("c").all_below(), 10).await?;
    assert_eq!(below.len(), 1);
    assert_eq!(below.first().map(|(key, _)| key.clone()), Some(key("c/1")));
    Ok(())
}

/// A range gives no more rows than were asked for, the first ones.
pub async fn a_range_ends_at_its_limit(store: Arc<dyn Backend>) -> Result<()> {
    let draft = Draft::new().put("a", "").put("b", "").put("c", "");
    draft.commit(&*store).await?;
    let all = StoredKey::root().all_below();
    for limit in 0..5 {
        let found = store.range(all.clone(), limit).await?;
        assert_eq!(found.len(), limit.min(3));
    }
    assert_eq!(store.range(all, usize::MAX).await?.len(), 3);
    Ok(())
}

/// A range that ends before it begins holds nothing, and is no error.
pub async fn a_range_the_wrong_way_round_is_empty(store: Arc<dyn Backend>) -> Result<()> {
    Draft::new().put("b", "").commit(&*store).await?;
    assert!(store.range(key("c")..key("a"), 10).await?.is_empty());
    assert!(store.range(key("b")..key("b"), 10).await?.is_empty());
    Ok(())
}
