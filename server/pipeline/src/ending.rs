//! How things end: tokens with all that hangs on them, credentials with their leases.
//!
//! A token is dead with one commit; what hung on it is swept afterwards, and a job row remembers that, so that a
//! restart goes on with it. A credential's lease goes only after its plugin has ended the credential; until then it is
//! tried again, for ever.

use async_trait::async_trait;
use futures_util::FutureExt;
use logical::{Batch, Error, ErrorKind, Id, Key, Operation, Result, Row, Span, Time};
use serde::{Deserialize, Serialize};
use server_leases::{Due, Endings, Last, LeaseId, LeaseRecord, Leases, Trouble};
use server_mounts::{Mount, MountEntry};
use server_tokens::{Child, Known, Tokens};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use crate::house::House;
use crate::identify::Standing;
use crate::login;
use crate::serve::Undo;
use crate::wrapping::WrappedRecord;

/// Children that are swept at a time, and rows that are removed in one commit.
const PAGE: usize = 256;
/// The longest pause between two tries to end a credential.
const PAUSE_MAX: Duration = Duration::from_secs(60);
/// Tries of a commit that others get in the way of.
const ATTEMPTS_MAX: usize = 32;

/// What is left to sweep after something is dead already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sweep {
    /// What hung on a token.
    Token(Id),
    /// The rows of a mount that is gone.
    Mount(Id),
}

impl House {
    /// Ends a token and what hangs on it. The token, its children and their children are dead when the first commit is
    /// durable; when this returns their credentials are ended, or are tried again until they are.
    pub async fn revoke_token(self: &Arc<Self>, accessor: Id) -> Result<()> {
        for _ in 0..ATTEMPTS_MAX {
            let Some(known) = self.rooms.tokens.by_accessor(accessor).await? else {
                return Ok(());
            };
            let job = Id::new(self.now(), self.random());
            let mut batch = self.bury(accessor, &known);
            batch.put_json(Self::job(job), &Sweep::Token(accessor))?;
            match self.commit(batch).await {
                Ok(_) => return self.sweep(job, Sweep::Token(accessor)).await,
                Err(error) if error.kind() == ErrorKind::Conflict => {}
                Err(error) => return Err(error),
            }
        }
        Err(Error::unavailable(
            "the token is being used too much to be revoked; try again",
        ))
    }

    /// Ends one credential. The lease goes only when its plugin says that it has ended.
    ///
    /// # Errors
    /// What the plugin said. The lease is then kept, and tried again.
    pub async fn revoke_lease(self: &Arc<Self>, id: &LeaseId) -> Result<()> {
        let _turn = self.ending.take(id.to_string()).await;
        let Some((record, revision)) = self.rooms.leases.get(id).await? else {
            return Ok(());
        };
        match self.end_credential(id, &record).await {
            Ok(()) => self.forget_lease(id, &record).await,
            Err(error) => {
                tracing::warn!(lease.path = id.path, error = %error, "a credential could not be ended; it is tried again");
                self.keep_trying(id, (record, revision), &error).await?;
                Err(error)
            }
        }
    }

    /// Ends what a lease leads to: a credential, or a token.
    pub async fn end_lease(self: &Arc<Self>, id: &LeaseId) -> Result<()> {
        match id.last {
            Last::Credential(_) => self.revoke_lease(id).await,
            Last::Token(_) => match self.rooms.leases.token(id).await? {
                Some(accessor) => self.revoke_token(accessor).await,
                None => Ok(()),
            },
        }
    }

    /// Makes a token's children orphans, before it goes: they live on.
    pub async fn orphan_children(&self, accessor: Id) -> Result<()> {
        for (child, _) in self.rooms.tokens.children(accessor, usize::MAX).await? {
            if let Child::Token(child) = child
                && let Some(known) = self.rooms.tokens.by_accessor(child).await?
            {
                self.commit(self.rooms.tokens.orphan(child, &known)?).await?;
            }
        }
        Ok(())
    }

    /// Ends everything that was made below a path: a mount's leases, before it goes.
    ///
    /// # Errors
    /// The first failure. What could not be ended keeps its lease, and the mount has to stay.
    pub async fn end_below(self: &Arc<Self>, path: &str) -> Result<()> {
        loop {
            let leases = self.rooms.leases.below(path, PAGE).await?;
            if leases.is_empty() {
                return Ok(());
            }
            for lease in &leases {
                self.end_lease(lease).await?;
            }
        }
    }

    /// Sweeps behind the answer.
    pub fn sweep_behind(self: &Arc<Self>, job: Id, sweep: Sweep) {
        let house = Arc::clone(self);
        self.tasks.spawn(async move {
            if let Err(error) = house.sweep(job, sweep).await {
                tracing::warn!(error = %error, "cannot sweep; it is tried again after the next unsealing");
            }
        });
    }

    /// Removes a lease's rows without ending its credential: an operator's last resort.
    pub async fn forget_lease(&self, id: &LeaseId, record: &LeaseRecord) -> Result<()> {
        let mut batch = Leases::remove(id, record);
        if let (Some(token), Last::Credential(last)) = (record.token, id.last) {
            batch.delete(Tokens::lease_row(token, last));
        }
        self.commit(batch).await.map(|_| ())
    }

    /// Sweeps what is left after something is dead, then forgets that it was to be done.
    pub async fn sweep(self: &Arc<Self>, job: Id, sweep: Sweep) -> Result<()> {
        match sweep {
            Sweep::Token(accessor) => self.sweep_token(accessor).await?,
            Sweep::Mount(mount) => self.sweep_below(&MountEntry::data(mount)).await?,
        }
        let mut batch = Batch::new();
        batch.delete(Self::job(job));
        self.commit(batch).await.map(|_| ())
    }

    /// Goes on with what a restart interrupted.
    pub async fn resume_sweeps(self: &Arc<Self>) -> Result<()> {
        let rows: Vec<Row> = self.store.range(&Span::under(Key::of("job")), usize::MAX).await?;
        for row in rows {
            let (Some(job), Ok(sweep)) = (row.id(0), row.record.json::<Sweep>()) else {
                continue;
            };
            if let Err(error) = self.sweep(job, sweep).await {
                tracing::warn!(error = %error, "cannot sweep; it is tried again after the next unsealing");
            }
        }
        Ok(())
    }

    /// The key of the row of something that is left to sweep.
    pub fn job(id: Id) -> Key {
        Key::of("job").id(id)
    }

    /// A token whose last use was spent ends when its request does.
    pub(crate) async fn retire(self: &Arc<Self>, standing: &Standing) {
        let Some(known) = standing.known.as_ref().filter(|_| standing.spent) else {
            return;
        };
        if let (Some(0), Some(accessor)) = (known.token.uses_left, known.accessor)
            && let Err(error) = self.revoke_token(accessor).await
        {
            tracing::warn!(token.accessor = %accessor, error = %error, "cannot end a token that is used up; it is dead already");
        }
    }

    /// Takes back what nobody gets to see, behind the answer.
    pub(crate) fn undo(self: &Arc<Self>, undo: Undo) {
        let house = Arc::clone(self);
        self.tasks.spawn(async move {
            let undone = match undo {
                Undo::Lease(id) => house.revoke_lease(&id).await,
                Undo::Token(accessor) => house.revoke_token(accessor).await,
                // Without a lease there is nobody to try again, but the plugin's own intent.
                Undo::Credential(mount, lease) => {
                    let cx = house.own_cx(&mount, Operation::Revoke, &lease.path).cx;
                    mount.mounted.plugin().revoke(cx, lease).await
                }
            };
            if let Err(error) = undone {
                tracing::warn!(error = %error, "cannot take back what was made for an answer that was not given");
            }
        });
    }

    /// The batch that makes a token dead, expecting it as it was seen: of many at once, one wins.
    pub fn bury(&self, accessor: Id, known: &Known) -> Batch {
        let mut batch = self.rooms.tokens.bury(accessor, known);
        batch.expect(Tokens::row(accessor), Some(known.revision));
        let lease = login::lease_of(&known.token);
        Leases::forget_token(&mut batch, lease.as_ref(), accessor, known.token.expires);
        batch.delete(WrappedRecord::key(accessor));
        batch
    }

    async fn sweep_token(self: &Arc<Self>, accessor: Id) -> Result<()> {
        let mut waiting = vec![accessor];
        while let Some(accessor) = waiting.pop() {
            while let Some(more) = self.sweep_children(accessor).await? {
                waiting.extend(more);
            }
            if let Some(mount) = self.rooms.mounts.at("cubbyhole/") {
                let rows = (self.rooms.cubbyhole_rows)(accessor);
                self.sweep_below(&MountEntry::data(mount.entry.id).join(&rows))
                    .await?;
            }
        }
        Ok(())
    }

    /// Ends one page of what hung on a token; gives the tokens that were buried on it, `None` when nothing is left.
    async fn sweep_children(self: &Arc<Self>, accessor: Id) -> Result<Option<Vec<Id>>> {
        let children = self.rooms.tokens.children(accessor, PAGE).await?;
        if children.is_empty() {
            return Ok(None);
        }
        let mut buried = Vec::new();
        for (child, lease) in children {
            let mut batch = Batch::new();
            batch.delete(child.key(accessor));
            match (child, lease.as_deref().map(str::parse::<LeaseId>)) {
                (Child::Token(child), _) => {
                    if let Some(known) = self.rooms.tokens.by_accessor(child).await? {
                        batch.merge(self.bury(child, &known));
                    }
                    buried.push(child);
                }
                // One that cannot be ended now keeps its own row and is tried again at its own times.
                (Child::Lease(_), Some(Ok(lease))) => drop(self.revoke_lease(&lease).await),
                (Child::Lease(_), _) => {}
            }
            match self.commit(batch).await {
                Err(error) if error.kind() == ErrorKind::Conflict => {}
                other => drop(other?),
            }
        }
        Ok(Some(buried))
    }

    /// Removes every row below a key that nobody can ask for any more.
    async fn sweep_below(&self, key: &Key) -> Result<()> {
        loop {
            let rows = self.store.range(&Span::under(key.clone()), PAGE).await?;
            if rows.is_empty() {
                return Ok(());
            }
            let mut batch = Batch::new();
            for row in rows {
                batch.delete(row.key(key));
            }
            self.commit(batch).await?;
        }
    }

    async fn end_credential(&self, id: &LeaseId, record: &LeaseRecord) -> Result<()> {
        let mount = self.mount_of(id, record)?;
        let cx = self.own_cx(&mount, Operation::Revoke, &id.path).cx;
        let ended = mount.mounted.plugin().revoke(cx, record.lease(id, None));
        AssertUnwindSafe(ended)
            .catch_unwind()
            .await
            .unwrap_or_else(|_| Err(Error::internal("a plugin panicked")))
    }

    pub(crate) fn mount_of(&self, id: &LeaseId, record: &LeaseRecord) -> Result<Arc<Mount>> {
        let mount = self.rooms.mounts.by_accessor(&record.mount_accessor);
        mount.ok_or_else(|| Error::internal(format!("the mount that made {} is gone", id.path)))
    }

    /// Notes a failure with the lease and asks again later: a second, two, four, at most a minute.
    async fn keep_trying(
        &self,
        id: &LeaseId,
        seen: (LeaseRecord, logical::Revision),
        error: &Error,
    ) -> Result<()> {
        let (record, revision) = seen;
        let attempts = record
            .trouble
            .as_ref()
            .map_or(0, |trouble| trouble.attempts)
            .saturating_add(1);
        let pause = Duration::from_secs(1 << attempts.min(6).saturating_sub(1)).min(PAUSE_MAX);
        let trouble = Trouble {
            attempts,
            error: error.to_string(),
            next: self.now() + pause,
        };
        let next = LeaseRecord {
            trouble: Some(trouble),
            ..record.clone()
        };
        match self
            .commit(Leases::rewrite(id, (&record, revision), &next)?)
            .await
        {
            Err(error) if error.kind() == ErrorKind::Conflict => Ok(()),
            other => {
                self.expiry.wake();
                other.map(|_| ())
            }
        }
    }
}

/// How a house ends what is due: `leases` knows when, this knows how.
#[async_trait]
impl Endings for House {
    async fn end(&self, due: Due, at: Time, id: Id) {
        let Some(house) = self.itself.upgrade() else {
            return;
        };
        let ended = match &due {
            Due::Token(accessor) => house.revoke_token(*accessor).await,
            Due::Lease(lease) => match lease.parse() {
                Ok(lease) => house.revoke_lease(&lease).await,
                Err(error) => Err(error),
            },
        };
        // Whatever ended has removed or moved this row itself; one that is left leads to nothing, or to what failed
        // before it could be noted.
        let row = Leases::end_row(at, id);
        match (ended, house.store.get(&row).await) {
            (_, Ok(None)) => {}
            (Ok(()), _) => {
                let mut batch = Batch::new();
                batch.delete(row);
                drop(house.commit(batch).await);
            }
            (Err(_), _) => {
                if let Ok(batch) = Leases::again((at, id), &due, house.now() + PAUSE_MAX) {
                    drop(house.commit(batch).await);
                }
            }
        }
    }
}
