//! Extending a login's life: the database lets it in for longer.

use crate::creds::{Login, expiration};
use crate::engine::Database;
use crate::roles::Role;
use crate::statements::Script;
use logical::{Cx, Error, Lease, Lifetime, Renewal, Result};
use std::sync::Arc;
use std::time::Duration;

const DEFAULT: &str = r#"ALTER ROLE "{{name}}" VALID UNTIL '{{expiration}}'"#;

/// Extends a login, by its role as it is now.
pub(crate) async fn renew(database: Arc<Database>, cx: Cx, lease: Arc<Lease>) -> Result<Renewal> {
    let login: Login = lease.internal.read()?;
    let (_, connection) = database.connection(&cx, &login.config).await?;
    let role = Role::find(&cx, &login.role).await?;
    let gone = || {
        Error::invalid(format!(
            "error during renew: could not find role with name {:?}",
            login.role
        ))
    };
    let role = role.ok_or_else(gone)?.record;
    let asked = lease.increment.filter(|increment| !increment.is_zero());
    let life = Lifetime {
        asked,
        role: Some(role.default_ttl),
        role_max: Some(role.max_ttl),
        mount_default: cx.mount.default_lease_ttl,
        mount_max: cx.mount.max_lease_ttl,
        ..Lifetime::default()
    };
    let over = || Error::invalid("the longest life of this login is over");
    let grant = life.grant(lease.issued, cx.now).ok_or_else(over)?;

    let own = Script::parse(&role.renew_statements)?;
    let script = if own.is_empty() {
        Script::parse(&[DEFAULT.to_owned()])?
    } else {
        own
    };
    let until = expiration(cx.now, grant.ttl);
    let filled = script.fill(&[
        ("name", &login.username),
        ("username", &login.username),
        ("expiration", &until),
    ])?;
    let session = connection.session().await?;
    session.begin("strongroom renewal").await?;
    session.transact(&filled).await?;
    session.finish().await;

    let some = |duration: Duration| Some(duration).filter(|d| !d.is_zero());
    Ok(Renewal {
        ttl: asked.or(some(role.default_ttl)),
        max_ttl: some(role.max_ttl),
        internal: None,
    })
}
