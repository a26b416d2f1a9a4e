//! Recovery: what a process that is gone left behind, and what nobody knows the outcome of.
//!
//! The order is the point. A statement of the process that is gone may still be running; so its sessions are ended
//! first, until none is seen, and only then is anything looked at.

use crate::creds::later;
use crate::ending::{Ending, look};
use crate::engine::Database;
use crate::error::DatabaseError;
use crate::input::Stored;
use crate::intent::Intent;
use crate::roles::Role;
use crate::rotate_root;
use crate::session::{Session, TRANSACTION};
use crate::sessions::{self, Whose};
use crate::statements::Script;
use futures_util::future::join_all;
use logical::{Batch, Cx, Id, Key, Next, Page, Result, Span};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// How often one looks.
const INTERVAL: Duration = Duration::from_secs(60);

/// How many intents are looked at in one go; the rest comes with the next.
const AT_ONCE: usize = 1000;

/// The intents of one connection, oldest first.
type Left = Vec<(Id, Stored<Intent>)>;

/// Recovers after unsealing, and then each minute. One connection does not wait for another.
pub(crate) async fn work(database: Arc<Database>, cx: Cx) -> Result<Next> {
    let left = left_behind(&database, &cx).await?;
    let logins = left.into_iter().map(|(config, intents)| {
        let (database, cx) = (Arc::clone(&database), cx.clone());
        async move { recover_all(&database, &cx, &config, intents).await }
    });
    let rotations = cx.storage.list(&Key::of("rotation"), &Page::all()).await?;
    let rotations = rotations
        .iter()
        .map(|config| rotate_root::settle_left(&database, &cx, config));
    futures_util::join!(join_all(logins), join_all(rotations));
    Ok(Next::At(later(cx.now, INTERVAL)))
}

/// Intents of a process that is gone, or past their deadline, by connection.
async fn left_behind(database: &Database, cx: &Cx) -> Result<BTreeMap<String, Left>> {
    let rows = cx.storage.range(&Span::under(Key::of("intent")), AT_ONCE).await?;
    let mut left: BTreeMap<String, Left> = BTreeMap::new();
    for row in rows {
        let record: Intent = row.record.json()?;
        // There is one process for now: every other one is gone.
        let is_left = record.process != database.process(cx) || record.deadline <= cx.now;
        if let (true, Some(id)) = (is_left, row.id(0)) {
            let intents = left.entry(record.config.clone()).or_default();
            intents.push((
                id,
                Stored {
                    record,
                    revision: row.record.revision,
                },
            ));
        }
    }
    Ok(left)
}

async fn recover_all(database: &Database, cx: &Cx, config: &str, intents: Left) {
    for (id, intent) in intents {
        if let Err(error) = recover(database, cx, id, intent).await {
            // It stays, and is tried again. The others wait for the same database.
            tracing::warn!(intent.id = %id, connection = config, %error, "a login left behind is not yet recovered");
            return;
        }
    }
}

/// Claims an intent, so that no lease can come of it any more, and ends what there is of its login.
async fn recover(database: &Database, cx: &Cx, id: Id, intent: Stored<Intent>) -> Result<()> {
    let Stored { record, revision } = intent;
    let claimed = Intent {
        process: database.process(cx),
        deadline: later(cx.now, 2 * TRANSACTION),
        ..record
    };
    let (_, connection) = database.connection(cx, &claimed.config).await?;
    let session = connection.session().await?;
    session.begin("strongroom recovery").await?;
    let mut batch = Batch::new();
    batch
        .expect(Intent::key(id), Some(revision))
        .put_json(Intent::key(id), &claimed)?;
    let revision = cx.services.commit(batch).await?;

    end_sessions(&session, id).await?;
    let role = Role::find(cx, &claimed.role)
        .await?
        .map(|found| found.record)
        .unwrap_or_default();
    let found = look(&session, &claimed.username).await?;
    // A role of the same name that bears no such mark is somebody else's, perhaps with a lease.
    if found.is_some_and(|found| found.comment.ends_with(&Intent::mark(id))) {
        let ending = Ending {
            connection: &connection,
            username: &claimed.username,
            statements: &Script::parse(&role.revocation_statements)?,
            ownership: role.ownership,
        };
        ending.run(&session).await?;
    }
    session.finish().await;
    let mut batch = Batch::new();
    batch
        .expect(Intent::key(id), Some(revision))
        .delete(Intent::key(id));
    cx.services.commit(batch).await.map(drop)
}

/// Ends sessions that run under an intent's name.
pub(crate) async fn end_sessions(session: &Session, id: Id) -> Result<(), DatabaseError> {
    session.trust_catalog_only().await?;
    sessions::end(session, &Whose::Application(id.as_str())).await
}
