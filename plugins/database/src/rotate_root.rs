//! Changing the administrator's password, so that only we know it.
//!
//! At every moment one of the passwords that are written down works: the new one is durable before it is set, and the
//! old one is forgotten only when it is known not to work any more.

use crate::config::{self, Config};
use crate::creds::later;
use crate::dialer::Dialer;
use crate::engine::Database;
use crate::error::DatabaseError;
use crate::input::{NameInput, Stored};
use crate::password::Password;
use crate::recovery::end_sessions;
use crate::rotation::Rotation;
use crate::session::TRANSACTION;
use crate::statements::Script;
use logical::secret::SecretText;
use logical::{Batch, Cx, Done, Error, ErrorKind, Id, Result, Revision};
use std::sync::Arc;

const DEFAULT: &str = r#"ALTER ROLE "{{username}}" WITH PASSWORD '{{password}}'"#;

/// Answers `rotate-root/{name}`.
pub(crate) async fn rotate(database: Arc<Database>, cx: Cx, input: NameInput) -> Result<Done> {
    let name = input.name.as_str();
    let busy = || Error::new(ErrorKind::Conflict, "a rotation of this connection is under way");
    let _reserved = database.reserve(name).ok_or_else(busy)?;
    if let Some(pending) = Rotation::find(&cx, name).await? {
        settle(&database, &cx, name, pending).await?;
    }
    let (config, connection) = database.connection(&cx, name).await?;
    let (password, statements) = planned(&cx, &config.record).await?;
    let session = connection.session().await.map_err(DatabaseError::verifying)?;
    let rotation = Rotation::new(
        Id::new(cx.now, cx.services.random()),
        later(cx.now, 2 * TRANSACTION),
        database.process(&cx),
        &password.text,
    );
    let mut batch = Batch::new();
    batch
        .expect(Rotation::key(name), None)
        .put_json(Rotation::key(name), &rotation)?;
    let written = cx.services.commit(batch).await?;
    session.begin(rotation.id.as_str()).await?;
    match session.transact(&statements).await {
        Ok(()) => {
            let replaced = replace(&cx, name, config, &password.text, written).await;
            // The sessions of the old password go, whether the new one could be written down again or not.
            database.forget(name);
            replaced?;
        }
        Err(error) => {
            if !matches!(error, DatabaseError::NoAnswer { .. }) {
                forget(&cx, name, written).await?;
            }
            database.forget(name);
            let masked = error.masked(&password.secrets());
            return Err(masked.into());
        }
    }
    Ok(Done::empty())
}

/// Settles a rotation that was left behind, or whose outcome nobody knows.
pub(crate) async fn settle_left(database: &Arc<Database>, cx: &Cx, name: &str) {
    let Some(_reserved) = database.reserve(name) else {
        return;
    };
    let outcome = match Rotation::find(cx, name).await {
        Ok(Some(pending)) => settle(database, cx, name, pending).await,
        Ok(None) => Ok(()),
        Err(error) => Err(error),
    };
    if let Err(error) = outcome {
        // Until then both passwords are tried.
        tracing::warn!(connection = name, %error, "a rotation left behind is not yet settled");
    }
}

/// Finds out which of the two passwords works. The sessions that may still be setting one are ended first.
async fn settle(database: &Database, cx: &Cx, name: &str, pending: Stored<Rotation>) -> Result<()> {
    let (config, connection) = database.connection(cx, name).await?;
    let session = connection.session().await?;
    session.begin("strongroom recovery").await?;
    end_sessions(&session, pending.record.id).await?;
    session.finish().await;

    let mut settings = config.record.settings()?;
    settings.password = pending.record.password();
    match Dialer::new(&settings, None).await?.verify().await {
        Ok(()) => replace(cx, name, config, &settings.password, pending.revision).await?,
        // That the new one is refused proves nothing: the server may refuse everybody. That the old one works does.
        Err(DatabaseError::Connect { is_refusal: true, .. }) => {
            let old = config.record.settings()?;
            Dialer::new(&old, None).await?.verify().await?;
            forget(cx, name, pending.revision).await?;
        }
        Err(error) => return Err(error.into()),
    }
    database.forget(name);
    Ok(())
}

/// The new password, and the statements that set it.
async fn planned(cx: &Cx, config: &Config) -> Result<(Password, Vec<SecretText>)> {
    let settings = config.settings()?;
    if settings.username.is_empty() {
        return Err(DatabaseError::NotRotated("no username in configuration").into());
    }
    if settings.password.is_empty() {
        return Err(DatabaseError::NotRotated("no password in configuration").into());
    }
    let password = Password::make(cx, &config.password_policy, settings.hashes).await?;
    let own = Script::parse(&config.rotation_statements)?;
    let script = if own.is_empty() {
        Script::parse(&[DEFAULT.to_owned()])?
    } else {
        own
    };
    let statements = script.fill(&[
        ("name", &settings.username),
        ("username", &settings.username),
        ("password", password.in_statements.expose()),
    ])?;
    Ok((password, statements))
}

/// The new password takes the place of the old one, and the rotation is over.
async fn replace(
    cx: &Cx,
    name: &str,
    config: Stored<Config>,
    password: &SecretText,
    rotation: Revision,
) -> Result<()> {
    let Stored { mut record, revision } = config;
    record.details.insert("password", password.expose());
    let mut batch = Batch::new();
    batch
        .expect(config::key(name), Some(revision))
        .expect(Rotation::key(name), Some(rotation))
        .delete(Rotation::key(name));
    record.put(&mut batch, name)?;
    cx.services.commit(batch).await.map(drop)
}

/// The old password stays, and the rotation is over.
async fn forget(cx: &Cx, name: &str, rotation: Revision) -> Result<()> {
    let mut batch = Batch::new();
    batch
        .expect(Rotation::key(name), Some(rotation))
        .delete(Rotation::key(name));
    cx.services.commit(batch).await.map(drop)
}
