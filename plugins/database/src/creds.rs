//! Making a login: written down first, then made in one transaction, then handed out with its lease.

use crate::config::Config;
use crate::credential::Credential;
use crate::engine::Database;
use crate::error::DatabaseError;
use crate::grants::Turns;
use crate::input::NameInput;
use crate::intent::Intent;
use crate::password::Password;
use crate::roles::{Ownership, Role};
use crate::session::{Session, TRANSACTION};
use crate::sql;
use crate::statements::Script;
use crate::template::Scope;
use logical::secret::SecretText;
use logical::{Batch, Cx, Done, Error, Fields, Id, LeaseTerms, Reply, Result, Revision, Time};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// How much longer the database lets a login in than its lease lives: a clock may be slow, and a renewal on its way.
const GRACE: Duration = Duration::from_secs(5);

/// What a lease keeps of a login, to renew and to end it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Login {
    pub(crate) username: String,
    pub(crate) config: String,
    pub(crate) role: String,
    /// As they were when it was made; they count when the role is gone.
    pub(crate) revocation_statements: Vec<String>,
    pub(crate) ownership: Ownership,
}

/// A login that is about to be made.
struct Draft {
    username: String,
    password: Password,
    statements: Vec<SecretText>,
}

/// Answers `creds/{name}`.
pub(crate) async fn make(database: Arc<Database>, cx: Cx, input: NameInput) -> Result<Done> {
    let name = input.name.as_str();
    let role = Role::find(&cx, name).await?;
    let role = role
        .ok_or_else(|| Error::invalid(format!("unknown role: {name}")))?
        .record;
    let (config, connection) = database.connection(&cx, &role.db_name).await?;
    let draft = draft(&cx, name, &role, &config.record).await?;
    // A database that is down costs no intent.
    let session = connection.session().await?;
    let id = Id::new(cx.now, cx.services.random());
    let intent = Intent {
        config: role.db_name.clone(),
        role: name.to_owned(),
        username: draft.username.clone(),
        deadline: later(cx.now, 2 * TRANSACTION),
        process: database.process(&cx),
        origin: cx.caller.origin.as_deref().cloned(),
    };
    let mut batch = Batch::new();
    batch
        .expect(Intent::key(id), None)
        .put_json(Intent::key(id), &intent)?;
    let written = cx.services.commit(batch).await?;
    match create(&session, &connection.turns, id, &draft).await {
        Ok(()) => session.finish().await,
        Err(error) => return Err(given_up(&cx, id, written, error, &draft).await),
    }
    let mut batch = Batch::new();
    batch
        .expect(Intent::key(id), Some(written))
        .delete(Intent::key(id));
    Ok(Done::reply(handed_out(name, role, &draft)?).commit(batch))
}

/// The end of a login in PostgreSQL's terms, for a lease that lives this long from now on.
pub(crate) fn expiration(now: Time, ttl: Duration) -> String {
    later(now, ttl + GRACE)
        .strftime("%Y-%m-%d %H:%M:%S%z")
        .to_string()
}

/// A moment, a while later; the last one that there is where there is none.
pub(crate) fn later(now: Time, after: Duration) -> Time {
    now.checked_add(after).unwrap_or(Time::MAX)
}

/// Everything that can be refused is refused here, before anything has happened.
async fn draft(cx: &Cx, name: &str, role: &Role, config: &Config) -> Result<Draft> {
    config.allow(name)?;
    let policy = match &role.credential {
        Credential::Password { policy } if !policy.is_empty() => policy,
        Credential::Password { .. } => &config.password_policy,
        Credential::RsaPrivateKey { .. } => {
            return Err(Error::invalid("unsupported credential_type: \"rsa_private_key\""));
        }
    };
    let script = Script::parse(&role.creation_statements)?;
    if script.is_empty() {
        return Err(DatabaseError::NoStatements.into());
    }
    let settings = config.settings()?;
    let username = settings.template.name(&Scope {
        display_name: &cx.caller.display_name,
        role_name: name,
        now: cx.now,
        random: cx.services.random(),
    })?;
    let password = Password::make(cx, policy, settings.hashes).await?;
    let expiration = expiration(cx.now, lifetime(cx, role));
    let statements = script.fill(&[
        ("name", &username),
        ("username", &username),
        ("password", password.in_statements.expose()),
        ("expiration", &expiration),
    ])?;
    Ok(Draft {
        username,
        password,
        statements,
    })
}

fn lifetime(cx: &Cx, role: &Role) -> Duration {
    let lifetime = logical::Lifetime {
        role: Some(role.default_ttl),
        role_max: Some(role.max_ttl),
        mount_default: cx.mount.default_lease_ttl,
        mount_max: cx.mount.max_lease_ttl,
        ..logical::Lifetime::default()
    };
    lifetime
        .grant(cx.now, cx.now)
        .map_or(Duration::ZERO, |grant| grant.ttl)
}

/// Runs the statements under the intent's name, and marks what they made as the intent's.
async fn create(session: &Session, turns: &Turns, id: Id, draft: &Draft) -> Result<(), DatabaseError> {
    session.begin(id.as_str()).await?;
    let mark = SecretText::new(mark(id, &draft.username));
    let statements: Vec<SecretText> = draft.statements.iter().cloned().chain([mark]).collect();
    turns.transact(session, &statements).await
}

/// Statements are believed, as in Vault: they need not make a role. If they do, this notes at the role whose it is.
fn mark(id: Id, username: &str) -> String {
    let (name, mark) = (sql::literal(username), sql::literal(&Intent::mark(id)));
    let body = format!(
        "DECLARE note text;
        BEGIN
          SELECT coalesce(pg_catalog.shobj_description(oid, 'pg_authid') || ' ', '') INTO note
            FROM pg_catalog.pg_roles WHERE rolname = {name}::text;
          IF FOUND THEN
            EXECUTE pg_catalog.format('COMMENT ON ROLE %I IS %L', {name}, note || {mark});
          END IF;
        END"
    );
    format!("DO {}", sql::literal(&body))
}

/// If nothing is left of the attempt, nothing is left of the intent. Otherwise recovery looks at once, and not at the
/// deadline.
async fn given_up(cx: &Cx, id: Id, written: Revision, error: DatabaseError, draft: &Draft) -> Error {
    let mut batch = Batch::new();
    batch.expect(Intent::key(id), Some(written));
    if !matches!(error, DatabaseError::NoAnswer { .. }) {
        batch.delete(Intent::key(id));
    } else if let Ok(Some(found)) = Intent::find(cx, id).await {
        let overdue = Intent {
            deadline: cx.now,
            ..found.record
        };
        if let Err(error) = batch.put_json(Intent::key(id), &overdue) {
            return error;
        }
    }
    // What cannot be written now is found at the deadline.
    if let Err(late) = cx.services.commit(batch).await {
        tracing::warn!(intent.id = %id, error = %late, "intent of a failed login stays until its deadline");
    }
    error.masked(&draft.password.secrets()).into()
}

fn handed_out(name: &str, role: Role, draft: &Draft) -> Result<Reply> {
    let some = |duration: Duration| Some(duration).filter(|d| !d.is_zero());
    let login = Login {
        username: draft.username.clone(),
        config: role.db_name,
        role: name.to_owned(),
        revocation_statements: role.revocation_statements,
        ownership: role.ownership,
    };
    Ok(Reply::Secret {
        data: Fields::of(json!({ "username": draft.username, "password": draft.password.text.expose() })),
        lease: LeaseTerms {
            ttl: some(role.default_ttl),
            max_ttl: some(role.max_ttl),
            renewable: true,
            internal: Fields::from_value(&login)?,
        },
    })
}
