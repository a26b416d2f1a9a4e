//! `sys/leases/*`, and the older `sys/renew`, `sys/revoke`, `sys/revoke-prefix`, `sys/revoke-force`.

use logical::field::{Flag, Integer, PageInput, Text, Ttl};
use logical::{Access, Cx, Done, Error, Fields, Operation, Reply, Result, Route, Table};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use server_leases::{Last, LeaseId};
use std::sync::Arc;

use crate::Sys;

#[derive(Deserialize, JsonSchema)]
struct LeaseInput {
    /// The lease's id.
    #[serde(default)]
    lease_id: Text,
    /// The lease's id, where the path names it.
    #[serde(default)]
    url_lease_id: Text,
    /// How much longer it should live, from now on.
    #[serde(default)]
    increment: Option<Ttl>,
    /// Whether to answer only when the credential has ended.
    sync: Option<Flag>,
}

#[derive(Deserialize, JsonSchema)]
struct Prefix {
    /// The beginning of the leases' ids, up to a slash.
    prefix: String,
    /// Whether to answer only when the credentials have ended.
    sync: Option<Flag>,
}

#[derive(Deserialize, JsonSchema)]
struct Below {
    /// The path below which leases are listed.
    #[serde(default)]
    prefix: String,
    /// Only entries that sort behind this one are shown.
    after: Option<Text>,
    /// The most entries that are shown. Zero or less shows all.
    limit: Option<Integer>,
}

pub(crate) fn routes(table: Table<Sys>) -> Table<Sys> {
    let table = table
        .route("leases/lookup", Access::Token, |r| {
            r.on(Operation::Update, "Read a lease.", |sys, _, input| async move { look_up(&sys, &input).await });
        })
        .route("leases/lookup/{prefix*}", Access::Sudo, |r| {
            r.on(Operation::List, "List leases below a path.", |sys, _, input| async move { list(&sys, &input).await });
        })
        .route("leases/tidy", Access::Sudo, |r| {
            r.on(Operation::Update, "Look for leases that lead nowhere.", |_, _, _: super::mounts::Nothing| async {
                Ok(Done::reply(Reply::Accepted(Fields::new()))
                    .warn("Tidy operation successfully started. Any information from the operation will be printed to Vault's server logs."))
            });
        });
    let renew = |r: &mut Route<Sys>| {
        r.on(
            Operation::Update,
            "Extend a credential's life.",
            |sys, cx, input| async move { renew(&sys, &cx, &input).await },
        );
    };
    let revoke = |r: &mut Route<Sys>| {
        r.on(
            Operation::Update,
            "End a credential.",
            |sys, _, input| async move { revoke(&sys, &input).await },
        );
    };
    let revoke_prefix = |r: &mut Route<Sys>| {
        r.on(
            Operation::Update,
            "End all credentials below a path.",
            |sys, _, input| async move { revoke_prefix(&sys, &input).await },
        );
    };
    let revoke_force = |r: &mut Route<Sys>| {
        r.on(
            Operation::Update,
            "Forget leases below a path, whether their credentials end or not.",
            |sys, _, input| async move { revoke_force(&sys, &input).await },
        );
    };
    table
        .route("leases/renew", Access::Token, renew)
        .route("leases/renew/{url_lease_id*}", Access::Token, renew)
        .route("renew", Access::Token, renew)
        .route("renew/{url_lease_id*}", Access::Token, renew)
        .route("leases/revoke", Access::Token, revoke)
        .route("leases/revoke/{url_lease_id*}", Access::Token, revoke)
        .route("revoke", Access::Token, revoke)
        .route("revoke/{url_lease_id*}", Access::Token, revoke)
        .route("leases/revoke-prefix/{prefix*}", Access::Sudo, revoke_prefix)
        .route("revoke-prefix/{prefix*}", Access::Sudo, revoke_prefix)
        .route("leases/revoke-force/{prefix*}", Access::Sudo, revoke_force)
        .route("revoke-force/{prefix*}", Access::Sudo, revoke_force)
}

impl LeaseInput {
    fn id(&self) -> Result<LeaseId> {
        let named = [&self.lease_id, &self.url_lease_id]
            .into_iter()
            .find(|id| !id.as_str().is_empty());
        named
            .ok_or_else(|| Error::invalid("lease_id must be specified"))?
            .as_str()
            .parse()
    }
}

async fn look_up(sys: &Sys, input: &LeaseInput) -> Result<Done> {
    let id = input.id()?;
    let now = sys.house.now();
    let invalid = || Error::invalid("invalid lease");
    if let Last::Token(_) = id.last {
        let accessor = sys.house.rooms.leases.token(&id).await?.ok_or_else(invalid)?;
        let known = sys
            .house
            .rooms
            .tokens
            .living(accessor, now)
            .await?
            .ok_or_else(invalid)?;
        let token = &known.token;
        return Ok(Done::data(json!({
            "id": id.to_string(),
            "path": id.path,
            "issue_time": token.issued.to_string(),
            "expire_time": token.expires.map(|expires| expires.to_string()),
            "last_renewal": token.renewed.map(|renewed| renewed.to_string()),
            "renewable": token.renewable,
            "ttl": token.seconds_left(now),
        })));
    }
    let (record, _) = sys.house.rooms.leases.get(&id).await?.ok_or_else(invalid)?;
    let mut shown = Fields::of(json!({
        "id": id.to_string(),
        "path": id.path,
        "issue_time": record.issued.to_string(),
        "expire_time": record.expires.to_string(),
        "last_renewal": record.renewed.map(|renewed| renewed.to_string()),
        "renewable": record.renewable,
        "ttl": record.seconds_left(now),
    }));
    if let Some(trouble) = &record.trouble {
        shown.insert("revoke_error", trouble.error.clone());
        shown.insert("revoke_attempts", trouble.attempts);
    }
    Ok(Done::reply(Reply::Data(shown)))
}

async fn list(sys: &Sys, input: &Below) -> Result<Done> {
    let path = input.prefix.trim_end_matches('/');
    let page = PageInput {
        after: input.after.clone(),
        limit: input.limit,
    };
    Ok(Done::keys(sys.house.rooms.leases.list(path, &page.page()).await?))
}

async fn renew(sys: &Sys, cx: &Cx, input: &LeaseInput) -> Result<Done> {
    let id = input.id()?;
    if let Last::Token(_) = id.last {
        return Err(Error::invalid("tokens cannot be renewed through this endpoint"));
    }
    let increment = input.increment.map(|ttl| ttl.0).filter(|ttl| !ttl.is_zero());
    let (lease, batch, warnings) = sys.house.renew_lease(&id, increment).await?;
    let mut response = Sys::response(&cx.request.id, None);
    response.lease = Some(lease);
    response.warnings = warnings;
    Ok(Sys::answer(response).commit(batch))
}

async fn revoke(sys: &Sys, input: &LeaseInput) -> Result<Done> {
    let id = input.id()?;
    finish(sys, vec![id], input.sync).await
}

async fn revoke_prefix(sys: &Sys, input: &Prefix) -> Result<Done> {
    let prefix = checked(&input.prefix)?;
    let leases = sys.house.rooms.leases.below(prefix, usize::MAX).await?;
    finish(sys, leases, input.sync).await
}

/// Ends credentials: before the answer, unless the client does not want to wait.
async fn finish(sys: &Sys, leases: Vec<LeaseId>, sync: Option<Flag>) -> Result<Done> {
    if sync == Some(Flag(false)) {
        let house = Arc::clone(&sys.house);
        sys.house.tasks.spawn(async move {
            for lease in leases {
                // A failure is noted with the lease, which is tried again.
                drop(house.end_lease(&lease).await);
            }
        });
        return Ok(Done::reply(Reply::Accepted(Fields::new()))
            .warn("The lease was revoked asynchronously; look it up to see when it is gone"));
    }
    let mut failed = None;
    for lease in leases {
        if let Err(error) = sys.house.end_lease(&lease).await {
            failed = Some(error);
        }
    }
    failed.map_or_else(|| Ok(Done::empty()), Err)
}

async fn revoke_force(sys: &Sys, input: &Prefix) -> Result<Done> {
    for lease in sys
        .house
        .rooms
        .leases
        .below(checked(&input.prefix)?, usize::MAX)
        .await?
    {
        if sys.house.end_lease(&lease).await.is_err()
            && let Some((record, _)) = sys.house.rooms.leases.get(&lease).await?
        {
            tracing::warn!(
                lease.path = lease.path,
                "an operator forgets a lease whose credential could not be ended"
            );
            sys.house.forget_lease(&lease, &record).await?;
        }
    }
    Ok(Done::empty())
}

/// The whole tree is asked for by its parts, never by an empty prefix.
fn checked(prefix: &str) -> Result<&str> {
    let prefix = prefix.trim_end_matches('/');
    if prefix.is_empty() {
        Err(Error::invalid("prefix must be specified"))
    } else {
        Ok(prefix)
    }
}
