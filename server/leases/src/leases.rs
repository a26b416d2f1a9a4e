//! The room: rows of leases, and rows of their ends.

use logical::{Batch, Fields, Grant, Id, Key, Origin, Page, Result, Revision, Row, Span, Storage, Time};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

use crate::record::{Last, LeaseId, LeaseRecord};

/// Every lease.
pub struct Leases {
    storage: Arc<dyn Storage>,
}

/// A credential that was made and gets its lease now.
pub struct Register {
    /// The path that made it.
    pub path: String,
    /// The accessor of the mount that made it.
    pub mount_accessor: String,
    /// The token that it hangs on.
    pub token: Option<Id>,
    /// How long it lives.
    pub ttl: Duration,
    /// It ends with the batch token that asked for it, whatever it was granted.
    pub latest: Option<Time>,
    /// The longest life that its role allows.
    pub max_ttl: Option<Duration>,
    /// Whether its life can be extended.
    pub renewable: bool,
    /// What the plugin needs to end it.
    pub internal: Fields,
    /// Where the caller runs.
    pub origin: Option<Arc<Origin>>,
}

/// What ends at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Due {
    /// The credential of a lease.
    Lease(String),
    /// The token with an accessor.
    Token(Id),
}

impl Leases {
    /// A room over the root view.
    pub fn new(storage: Arc<dyn Storage>) -> Self {
        Self { storage }
    }

    /// One lease, with the commit that wrote its row last.
    pub async fn get(&self, id: &LeaseId) -> Result<Option<(LeaseRecord, Revision)>> {
        let Some(row) = self.storage.get(&id.key()).await? else {
            return Ok(None);
        };
        Ok(Some((row.json()?, row.revision)))
    }

    /// The accessor of the token that a token's lease leads to.
    pub async fn token(&self, id: &LeaseId) -> Result<Option<Id>> {
        self.storage
            .get(&id.key())
            .await?
            .map(|row| row.json())
            .transpose()
    }

    /// Adds a credential's rows to a batch: the lease exists once that is durable.
    pub fn register(
        &self,
        batch: &mut Batch,
        id: Id,
        register: Register,
        now: Time,
    ) -> Result<(LeaseId, LeaseRecord)> {
        let wanted = now + register.ttl;
        let record = LeaseRecord {
            mount_accessor: register.mount_accessor,
            token: register.token,
            issued: now,
            renewed: None,
            expires: register.latest.map_or(wanted, |latest| wanted.min(latest)),
            latest: register.latest,
            max_ttl: register.max_ttl,
            renewable: register.renewable,
            internal: register.internal.take(),
            origin: register.origin,
            trouble: None,
        };
        let lease = LeaseId {
            path: register.path,
            last: Last::Credential(id),
        };
        batch.expect(lease.key(), None).put_json(lease.key(), &record)?;
        batch.put_json(end_row(record.expires, id), &Due::Lease(lease.to_string()))?;
        Ok((lease, record))
    }

    /// Adds the lease of a token that ends to a batch.
    pub fn follow_token(batch: &mut Batch, lease: &LeaseId, accessor: Id, expires: Time) -> Result<()> {
        batch.put_json(lease.key(), &accessor)?;
        batch
            .put_json(end_row(expires, accessor), &Due::Token(accessor))
            .map(|_| ())
    }

    /// Adds to a batch that a token ends at another moment.
    pub fn move_token(batch: &mut Batch, accessor: Id, from: Option<Time>, to: Time) -> Result<()> {
        if let Some(from) = from {
            batch.delete(end_row(from, accessor));
        }
        batch
            .put_json(end_row(to, accessor), &Due::Token(accessor))
            .map(|_| ())
    }

    /// Adds to a batch that a token has no lease any more.
    pub fn forget_token(batch: &mut Batch, lease: Option<&LeaseId>, accessor: Id, expires: Option<Time>) {
        if let Some(lease) = lease {
            batch.delete(lease.key());
        }
        if let Some(expires) = expires {
            batch.delete(end_row(expires, accessor));
        }
    }

    /// A batch that replaces a lease's row, expecting it as it was seen, and moves its end.
    pub fn rewrite(id: &LeaseId, seen: (&LeaseRecord, Revision), next: &LeaseRecord) -> Result<Batch> {
        let (old, revision) = seen;
        let mut batch = Batch::new();
        batch.expect(id.key(), Some(revision)).put_json(id.key(), next)?;
        if let Last::Credential(last) = id.last {
            batch.delete(end_row(due(old), last));
            batch.put_json(end_row(due(next), last), &Due::Lease(id.to_string()))?;
        }
        Ok(batch)
    }

    /// A batch that removes a lease whose credential has ended. The caller adds what hung on a token.
    pub fn remove(id: &LeaseId, record: &LeaseRecord) -> Batch {
        let mut batch = Batch::new();
        batch.delete(id.key());
        if let Last::Credential(last) = id.last {
            batch.delete(end_row(due(record), last));
        }
        batch
    }

    /// A batch that extends a lease by what was granted.
    pub fn extend(
        id: &LeaseId,
        seen: (&LeaseRecord, Revision),
        grant: &Grant,
        now: Time,
    ) -> Result<(Batch, LeaseRecord)> {
        let mut next = seen.0.clone();
        let wanted = now + grant.ttl;
        next.expires = next.latest.map_or(wanted, |latest| wanted.min(latest));
        next.renewed = Some(now);
        Ok((Self::rewrite(id, seen, &next)?, next))
    }

    /// The names directly below a path: folders, and last segments of leases and tokens.
    pub async fn list(&self, path: &str, page: &Page) -> Result<Vec<String>> {
        let mut names = self.storage.list(&LeaseId::folder(path), &Page::all()).await?;
        names.extend(
            self.leaves(path, usize::MAX)
                .await?
                .into_iter()
                .map(|last| last.to_string()),
        );
        names.sort();
        Ok(page.cut(names))
    }

    /// The ids of all leases at and below a path, at most `limit` of them.
    pub async fn below(&self, path: &str, limit: usize) -> Result<Vec<LeaseId>> {
        let mut found = Vec::new();
        let mut folders = vec![path.trim_end_matches('/').to_owned()];
        while let Some(folder) = folders.pop() {
            let leaves = self.leaves(&folder, limit - found.len()).await?;
            found.extend(leaves.into_iter().map(|last| LeaseId {
                path: folder.clone(),
                last,
            }));
            if found.len() >= limit {
                break;
            }
            let names = self.storage.list(&LeaseId::folder(&folder), &Page::all()).await?;
            let below = |name: &str| {
                if folder.is_empty() {
                    name.to_owned()
                } else {
                    format!("{folder}/{name}")
                }
            };
            folders.extend(names.iter().filter_map(|name| name.strip_suffix('/')).map(below));
        }
        Ok(found)
    }

    /// The last segments of the leases of exactly this path.
    async fn leaves(&self, path: &str, limit: usize) -> Result<Vec<Last>> {
        let rows = self
            .storage
            .range(&Span::under(LeaseId::leaves(path)), limit)
            .await?;
        Ok(rows.iter().filter_map(last_segment).collect())
    }

    /// What has ended by a moment, the earliest first, and when the next thing ends.
    pub async fn due(&self, now: Time, limit: usize) -> Result<(Vec<(Time, Id, Due)>, Option<Time>)> {
        let rows: Vec<Row> = self.storage.range(&Span::under(Key::of("expiry")), limit).await?;
        let mut ended = Vec::new();
        for row in rows {
            let (Some(ms), Some(id)) = (row.number(0), row.id(1)) else {
                continue;
            };
            let moment = moment(ms);
            if moment > now {
                return Ok((ended, Some(moment)));
            }
            ended.push((moment, id, row.record.json()?));
        }
        Ok((ended, None))
    }

    /// The key of the row of an end.
    pub fn end_row(moment: Time, id: Id) -> Key {
        end_row(moment, id)
    }

    /// A batch that asks for something that has ended again at a later moment.
    pub fn again(ended: (Time, Id), due: &Due, at: Time) -> Result<Batch> {
        let mut batch = Batch::new();
        batch
            .delete(end_row(ended.0, ended.1))
            .put_json(end_row(at, ended.1), due)?;
        Ok(batch)
    }
}

/// When a lease is to be looked at: at its end, or when ending it is tried again.
fn due(record: &LeaseRecord) -> Time {
    record
        .trouble
        .as_ref()
        .map_or(record.expires, |trouble| trouble.next)
}

fn end_row(moment: Time, id: Id) -> Key {
    // Rounded up: nothing ends before its time.
    let ms = moment.as_millisecond() + i64::from(moment.subsec_nanosecond() % 1_000_000 != 0);
    Key::of("expiry").number(u64::try_from(ms).unwrap_or(0)).id(id)
}

fn moment(ms: u64) -> Time {
    i64::try_from(ms)
        .ok()
        .and_then(|ms| Time::from_millisecond(ms).ok())
        .unwrap_or(Time::MAX)
}

fn last_segment(row: &Row) -> Option<Last> {
    row.id(0)
        .map(Last::Credential)
        .or_else(|| row.digest(0).map(Last::Token))
}
