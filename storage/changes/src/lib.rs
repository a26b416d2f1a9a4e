//! Tells whoever watches a store which keys changed.
//!
//! A backend whose commits all happen in this process publishes each of them here, in order and before it is
//! acknowledged. Only the changes of the recent past are kept: whoever asks for older ones, or falls too far behind, is
//! told to read everything again, and never gets a stream with a hole in it.
//!
//! What is not here: values, and anything on disk.

use futures_util::stream::{self, BoxStream, StreamExt};
use logical::{Change, Error, ErrorKind, Result, Revision, StoredKey};
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::sync::Arc;
use tokio::sync::watch;

/// The changes of the recent past, and those to come.
pub struct Changes {
    recent: Arc<Mutex<Recent>>,
    latest: watch::Sender<Revision>,
}

struct Recent {
    // Invariant: in the order of revisions, and every commit after `complete_after` is here.
    commits: VecDeque<(Revision, Arc<[StoredKey]>)>,
    complete_after: Revision,
    keys: usize,
    keys_max: usize,
}

/// Where one watcher stands.
struct Watcher {
    recent: Arc<Mutex<Recent>>,
    latest: watch::Receiver<Revision>,
    seen: Revision,
}

impl Changes {
    /// How many changed keys a backend usually keeps.
    pub const KEYS_MAX: usize = 65_536;

    /// Nothing has changed since the revision `latest`; of what will, the keys of the last commits are kept, about
    /// `keys_max` of them.
    pub fn since(latest: Revision, keys_max: usize) -> Self {
        let recent = Recent {
            commits: VecDeque::new(),
            complete_after: latest,
            keys: 0,
            keys_max,
        };
        Self {
            recent: Arc::new(Mutex::new(recent)),
            latest: watch::Sender::new(latest),
        }
    }

    /// Tells the keys of one commit. Revisions grow from call to call.
    pub fn publish(&self, revision: Revision, keys: impl IntoIterator<Item = StoredKey>) {
        self.recent.lock().push(revision, keys.into_iter().collect());
        self.latest.send_replace(revision);
    }

    /// The revision that was published last.
    pub fn latest(&self) -> Revision {
        *self.latest.borrow()
    }

    /// Keys changed after a revision, as they change. The stream ends with the store, or with an error of the kind
    /// `Conflict` when changes that it should tell are no longer known: read everything again and watch from there.
    pub fn watch(&self, after: Revision) -> BoxStream<'static, Result<Change>> {
        let watcher = Watcher {
            recent: self.recent.clone(),
            latest: self.latest.subscribe(),
            seen: after,
        };
        stream::unfold(Some(watcher), Watcher::step)
            .flat_map(stream::iter)
            .boxed()
    }
}

impl Recent {
    fn push(&mut self, revision: Revision, keys: Arc<[StoredKey]>) {
        self.keys += keys.len();
        self.commits.push_back((revision, keys));
        while self.keys > self.keys_max {
            let Some((forgotten, keys)) = self.commits.pop_front() else {
                return;
            };
            self.keys -= keys.len();
            self.complete_after = forgotten;
        }
    }

    /// The commits after a revision; `None` if they are not all known.
    fn after(&self, seen: Revision) -> Option<Vec<(Revision, Arc<[StoredKey]>)>> {
        if seen < self.complete_after {
            return None;
        }
        let from = self.commits.partition_point(|(revision, _)| *revision <= seen);
        Some(self.commits.range(from..).cloned().collect())
    }
}

impl Watcher {
    /// The next changes, and the watcher that goes on; `None` when there is nothing to come any more.
    async fn step(watcher: Option<Self>) -> Option<(Vec<Result<Change>>, Option<Self>)> {
        let mut watcher = watcher?;
        loop {
            // What is published from here on wakes the wait below.
            watcher.latest.mark_unchanged();
            let Some(commits) = watcher.recent.lock().after(watcher.seen) else {
                return Some((vec![Err(too_old(watcher.seen))], None));
            };
            if let Some((latest, _)) = commits.last() {
                watcher.seen = *latest;
                return Some((flatten(&commits), Some(watcher)));
            }
            watcher.latest.changed().await.ok()?;
        }
    }
}

fn flatten(commits: &[(Revision, Arc<[StoredKey]>)]) -> Vec<Result<Change>> {
    let changes = commits.iter().flat_map(|(revision, keys)| {
        keys.iter().map(|key| {
            Ok(Change {
                key: key.clone(),
                revision: *revision,
            })
        })
    });
    changes.collect()
}

fn too_old(seen: Revision) -> Error {
    let text = format!(
        "the changes after revision {} are no longer known: read everything again",
        seen.0
    );
    Error::new(ErrorKind::Conflict, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> StoredKey {
        StoredKey::root().with(name.as_bytes())
    }

    fn told(item: Option<Result<Change>>) -> (StoredKey, u64) {
        let change = item.expect("a change").unwrap();
        (change.key, change.revision.0)
    }

    #[tokio::test]
    async fn what_was_and_what_comes_is_told_in_order() {
        let changes = Changes::since(Revision(4), 10);
        changes.publish(Revision(5), [key("a")]);
        changes.publish(Revision(6), [key("b"), key("c")]);
        let mut stream = changes.watch(Revision(5));
        assert_eq!(told(stream.next().await), (key("b"), 6));
        changes.publish(Revision(7), [key("d")]);
        assert_eq!(told(stream.next().await), (key("c"), 6));
        assert_eq!(told(stream.next().await), (key("d"), 7));
        drop(changes);
        assert!(stream.next().await.is_none());
    }

    #[tokio::test]
    async fn a_watcher_that_sleeps_is_woken_by_a_change() {
        let changes = Changes::since(Revision(0), 10);
        let mut stream = changes.watch(Revision(0));
        let next = tokio::spawn(async move { stream.next().await });
        tokio::task::yield_now().await;
        changes.publish(Revision(1), [key("a")]);
        assert_eq!(told(next.await.unwrap()), (key("a"), 1));
    }

    #[tokio::test]
    async fn changes_that_are_forgotten_are_an_error_and_never_a_hole() {
        let changes = Changes::since(Revision(0), 2);
        let mut slow = changes.watch(Revision(0));
        for revision in 1..=3 {
            changes.publish(Revision(revision), [key("a")]);
        }
        let error = slow.next().await.expect("an answer").expect_err("an error");
        assert_eq!(error.kind(), ErrorKind::Conflict);
        assert!(slow.next().await.is_none());
        assert_eq!(told(changes.watch(Revision(1)).next().await), (key("a"), 2));
    }
}
