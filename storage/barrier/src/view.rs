//! A part of the store, as whoever it belongs to sees it.

use crate::barrier::Unsealed;
use crate::path::Path;
use crate::{Barrier, BarrierError};
use async_trait::async_trait;
use logical::{
    Batch, Key, Opened, Page, Record, Result, Revision, Row, Segment, Span, Storage, Store, StoredKey,
};
use std::ops::Range;

/// What lies below a key. Keys that it takes are relative to it, and nothing else can be reached through it.
#[derive(Clone)]
pub struct View {
    barrier: Barrier,
    prefix: Key,
}

impl View {
    pub(crate) fn new(barrier: Barrier, prefix: Key) -> Self {
        Self { barrier, prefix }
    }

    fn path<'a>(&'a self, key: &'a Key) -> Path<'a> {
        Path::below(&self.prefix, key)
    }

    /// Where the folder of a span lies, and which keys in it the span reads.
    fn bounds(
        &self,
        unsealed: &Unsealed,
        span: &Span,
    ) -> Result<(StoredKey, Range<StoredKey>), BarrierError> {
        let (names, key) = (&self.barrier.0.names, &unsealed.keyring.names);
        let at = |segment: &Segment| {
            let bound = span.under.clone().with(segment.clone());
            names.stored(key, self.path(&bound))
        };
        let under = names.folder(key, self.path(&span.under))?;
        let mut keys = under.all_below();
        if let Some(from) = &span.from {
            keys.start = at(from)?;
        }
        if let Some(after) = &span.after {
            keys.start = keys.start.max(at(after)?.successor());
        }
        if let Some(until) = &span.until {
            keys.end = keys.end.min(at(until)?);
        }
        Ok((under, keys))
    }
}

#[async_trait]
impl Storage for View {
    async fn get(&self, key: &Key) -> Result<Option<Opened>> {
        let path = self.path(key);
        match self.barrier.0.cache.record(path) {
            Some(known) => Ok(known),
            None => self.barrier.0.read(path).await,
        }
    }

    async fn range(&self, span: &Span, limit: usize) -> Result<Vec<Row>> {
        let inner = &self.barrier.0;
        let (under, keys) = inner.with(|unsealed| self.bounds(unsealed, span))??;
        if keys.start >= keys.end {
            return Ok(Vec::new());
        }
        let found = inner.backend.range(keys, limit).await?;
        let open = |unsealed: &Unsealed| {
            let row = |(place, stored): &(StoredKey, Record)| row(unsealed, &under, place, stored);
            found.iter().map(row).collect::<Result<_, BarrierError>>()
        };
        Ok(inner.with(open)??)
    }

    async fn list(&self, prefix: &Key, page: &Page) -> Result<Vec<String>> {
        let path = self.path(prefix);
        let listing = match self.barrier.0.cache.listing(path) {
            Some(known) => known,
            None => self.barrier.0.list(path).await?,
        };
        let behind = page
            .after
            .as_ref()
            .map_or(0, |after| listing.partition_point(|name| name <= after));
        let limit = page.limit.unwrap_or(usize::MAX);
        Ok(listing.iter().skip(behind).take(limit).cloned().collect())
    }
}

#[async_trait]
impl Store for View {
    async fn commit(&self, batch: Batch) -> Result<Revision> {
        self.barrier.commit(batch.below(&self.prefix)).await
    }
}

fn row(
    unsealed: &Unsealed,
    under: &StoredKey,
    place: &StoredKey,
    stored: &Record,
) -> Result<Row, BarrierError> {
    let below = place.below(under);
    let segments = below.as_ref().and_then(StoredKey::segments);
    let segments = segments.ok_or_else(|| BarrierError::Damaged {
        what: "a key",
        place: place.clone(),
    })?;
    let segments = segments.into_iter().map(Box::from).collect();
    Ok(Row::new(segments, unsealed.open(place, stored)?))
}
