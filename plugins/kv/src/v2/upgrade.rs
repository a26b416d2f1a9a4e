//! How the values of a version 1 mount become version 1 of their secrets.
//!
//! What is still to do is what still lies where version 1 keeps its values, so there is no other progress to lose: each
//! batch moves some of them, whole, and a crash between two batches costs nothing. Until none is left, requests are
//! answered as Vault answers them: it takes a moment, try again.

use super::Kv2;
use super::rows::{Rows, data_key, secrets};
use super::secret::Secret;
use super::settings::Settings;
use crate::v1;
use crate::walk::walk;
use logical::{Batch, Cx, Error, ErrorKind, Id, Next, Result, Span, Storage};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The most values that one batch moves, and the bytes after which it takes no more.
const VALUES_MAX: usize = 64;
const BYTES_MAX: usize = 1 << 20;

impl Kv2 {
    /// The rows of the mount, unless it is still being upgraded.
    pub(super) async fn rows(&self, cx: &Cx) -> Result<Rows> {
        if !self.upgraded.load(Ordering::Acquire) {
            if is_pending(&*cx.storage).await? {
                return Err(Error::invalid(
                    "Upgrading from non-versioned to versioned data. This backend will be unavailable for a brief \
                     period and will resume service shortly.",
                ));
            }
            self.upgraded.store(true, Ordering::Release);
        }
        Ok(Rows::new(Arc::clone(&cx.storage)))
    }

    /// Moves the next values. Asks to be called again as long as there may be more.
    pub(super) async fn upgrade(self: Arc<Self>, cx: Cx) -> Result<Next> {
        if !is_pending(&*cx.storage).await? {
            self.upgraded.store(true, Ordering::Release);
            return Ok(Next::Never);
        }
        let batch = next_batch(&cx).await?;
        let rows = batch.writes.len();
        match cx.services.commit(batch).await {
            Ok(_) => {
                tracing::info!(
                    mount.path = cx.mount.path,
                    rows,
                    "moved values of version 1 to version 2"
                );
                Ok(Next::At(cx.now))
            }
            // A last write of version 1 came between; the next look sees it.
            Err(error) if error.kind() == ErrorKind::Conflict => Ok(Next::At(cx.now)),
            Err(error) => Err(error),
        }
    }
}

async fn is_pending(storage: &dyn Storage) -> Result<bool> {
    Ok(!storage.range(&Span::under(v1::values()), 1).await?.is_empty())
}

async fn next_batch(cx: &Cx) -> Result<Batch> {
    let mut batch = Batch::new();
    let mut bytes = 0;
    for path in walk(&*cx.storage, &v1::values(), VALUES_MAX).await? {
        bytes += move_value(cx, &path, &mut batch).await?;
        if bytes > BYTES_MAX {
            break;
        }
    }
    tracing::debug!(
        mount.path = cx.mount.path,
        values = batch.writes.len() / 3,
        "upgrade moves values"
    );
    Ok(batch)
}

/// Adds to a batch what makes a value a version; gives the value's size.
async fn move_value(cx: &Cx, path: &str, batch: &mut Batch) -> Result<usize> {
    let (old, new) = (v1::values().path(path), secrets().path(path));
    let Some(value) = cx.storage.get(&old).await? else {
        return Ok(0);
    };
    let row = cx.storage.get(&new).await?;
    batch.expect(old.clone(), Some(value.revision));
    batch.expect(new.clone(), row.as_ref().map(|row| row.revision));
    // A secret that is there already gets a version more: nothing that was acknowledged is lost.
    let mut secret = match row {
        Some(row) => row.json()?,
        // Vault counts the oldest from one here, and from zero elsewhere.
        None => Secret {
            oldest: 1,
            ..Secret::new(cx.now)
        },
    };
    let id = Id::new(cx.now, cx.services.random());
    secret.add(id, &Settings::default(), cx.now);
    batch.put(data_key(id), (*value.value).clone());
    batch.put_json(new, &secret)?;
    batch.delete(old);
    Ok(value.value.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{version_1, version_2};
    use logical::Operation::{List, Read, Update};
    use logical::testing::{Answer, Bench};
    use serde_json::{Value, json};

    async fn of_version_1(values: &[(&str, Value)]) -> Bench {
        let bench = Bench::new(version_1());
        for (path, value) in values {
            assert_eq!(bench.ask(Update, path, value.clone()).await, Answer::Empty);
        }
        bench
    }

    async fn finish(bench: &Bench) -> usize {
        for rounds in 0..10 {
            if bench.work().await.unwrap() == Next::Never {
                return rounds;
            }
        }
        panic!("an upgrade comes to an end");
    }

    #[tokio::test]
    async fn every_value_becomes_version_1_of_its_secret() {
        let deep = (0..200).fold(json!(1), |inner, _| json!({ "n": inner }));
        let values = [
            ("a", json!({ "x": [1, null] })),
            ("dir/b", json!({ "ttl": "5m" })),
            ("data/c", deep),
        ];
        let bench = of_version_1(&values).await.remounted(version_2());
        finish(&bench).await;
        for (path, value) in values {
            let answer = bench
                .ask(Read, &format!("data/{path}"), json!({}))
                .await
                .members();
            assert_eq!(
                (&answer["data"], &answer["metadata"]["version"]),
                (&value, &json!(1))
            );
        }
        assert_eq!(
            bench.ask(List, "metadata/", json!({})).await,
            Answer::keys(&["a", "data/", "dir/"])
        );
        let metadata = bench.ask(Read, "metadata/a", json!({})).await.members();
        assert_eq!(
            (&metadata["oldest_version"], &metadata["current_version"]),
            (&json!(1), &json!(1))
        );
    }

    #[tokio::test]
    async fn requests_wait_until_the_last_value_is_moved() {
        let names: Vec<String> = (0..200).map(|n| format!("dir{}/{n}", n % 3)).collect();
        let values: Vec<(&str, Value)> = names
            .iter()
            .map(|name| (name.as_str(), json!({ "x": 1 })))
            .collect();
        let bench = of_version_1(&values).await.remounted(version_2());
        let Answer::Refused(ErrorKind::Invalid, text) = bench.ask(Read, "config", json!({})).await else {
            panic!("the mount is being upgraded");
        };
        assert!(text.starts_with("Upgrading from non-versioned to versioned data."));
        assert_eq!(bench.work().await.unwrap(), Next::At(bench.now));
        let moved = Answer::Refused(ErrorKind::Invalid, text);
        assert_eq!(
            bench.ask(Read, "data/dir0/0", json!({})).await,
            moved,
            "some are moved, not all"
        );
        assert_eq!(finish(&bench).await, 3, "64 at a time");
        assert!(matches!(
            bench.ask(Read, "data/dir0/0", json!({})).await,
            Answer::Data(_)
        ));
        assert_eq!(bench.memory().keys().len(), 400);
    }

    #[tokio::test]
    async fn an_upgrade_goes_on_after_a_crash() {
        let names: Vec<String> = (0..70).map(|n| n.to_string()).collect();
        let values: Vec<(&str, Value)> = names
            .iter()
            .map(|name| (name.as_str(), json!({ "x": 1 })))
            .collect();
        let bench = of_version_1(&values).await.remounted(version_2());
        bench.work().await.unwrap();
        let bench = bench.remounted(version_2());
        assert!(matches!(
            bench.ask(List, "metadata/", json!({})).await,
            Answer::Refused(..)
        ));
        finish(&bench).await;
        assert!(
            matches!(bench.ask(List, "metadata/", json!({})).await, Answer::Keys(keys) if keys.len() == 70)
        );
    }

    #[tokio::test]
    async fn a_late_write_of_version_1_becomes_a_version_more() {
        let bench = of_version_1(&[("a", json!({ "x": 1 }))])
            .await
            .remounted(version_2());
        finish(&bench).await;
        let bench = bench.remounted(version_1());
        bench.ask(Update, "a", json!({ "x": 2 })).await;
        let bench = bench.remounted(version_2());
        finish(&bench).await;
        let answer = bench.ask(Read, "data/a", json!({})).await.members();
        assert_eq!(
            (&answer["data"], &answer["metadata"]["version"]),
            (&json!({ "x": 2 }), &json!(2))
        );
    }

    #[tokio::test]
    async fn a_value_that_changes_while_it_is_moved_is_moved_later() {
        let mut bench = of_version_1(&[("a", json!({ "x": 1 }))]).await;
        let batch = next_batch(&bench.cx(Update, "")).await.unwrap();
        bench.ask(Update, "a", json!({ "x": 2 })).await;
        assert!(bench.memory().apply(batch).is_err());
        bench = bench.remounted(version_2());
        finish(&bench).await;
        let answer = bench.ask(Read, "data/a", json!({})).await.members();
        assert_eq!(answer["data"], json!({ "x": 2 }));
    }

    #[tokio::test]
    async fn a_mount_that_was_always_version_2_has_no_work() {
        assert_eq!(Bench::new(version_2()).work().await.unwrap(), Next::Never);
    }
}
