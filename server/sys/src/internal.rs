//! `sys/internal/*`: what the command line and other tools ask before they act.

use logical::field::{Flag, Text};
use logical::{Access, Cx, Done, Error, ErrorKind, Operation, Reply, Result, Table};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use server_mounts::{Mount, TableKind};
use server_policy::Acl;
use std::sync::Arc;

use crate::Sys;
use crate::mounts::{Nothing, described, listed};

#[derive(Deserialize, JsonSchema)]
struct Below {
    /// A path below the mount.
    path: String,
}

#[derive(Deserialize, JsonSchema)]
struct OpenApi {
    /// Clients of the reference's interface send it.
    #[serde(default)]
    #[expect(dead_code, reason = "known, so that clients that send it are not warned")]
    context: Text,
    /// Kept for clients that send it; mounts are always shown by their paths.
    #[serde(default)]
    #[expect(dead_code, reason = "known, so that clients that send it are not warned")]
    generic_mount_paths: Flag,
}

pub(crate) fn routes(table: Table<Sys>) -> Table<Sys> {
    table
        .route("internal/ui/mounts", Access::Public, |r| {
            r.on(
                Operation::Read,
                "List the mounts that the caller may see.",
                |sys, cx: Cx, _: Nothing| async move { seen(&sys, &cx).await },
            );
        })
        .route("internal/ui/mounts/{path*}", Access::Public, |r| {
            r.on(
                Operation::Read,
                "Read how the mount of a path is mounted.",
                |sys, cx: Cx, input: Below| async move { of_path(&sys, &cx, &input).await },
            );
        })
        .route("internal/ui/resultant-acl", Access::Token, |r| {
            r.on(
                Operation::Read,
                "Read what the caller's policies amount to.",
                |sys, cx: Cx, _: Nothing| async move {
                    let acl = sys.house.rooms.policies.acl(&cx.caller, sys.house.now()).await?;
                    Ok(Done::data(acl.resultant()))
                },
            );
        })
        .route("internal/specs/openapi", Access::Public, |r| {
            r.on(
                Operation::Read,
                "Describe every path as OpenAPI 3.",
                |sys, cx: Cx, _: OpenApi| async move { specification(&sys, &cx) },
            )
            .on(
                Operation::Update,
                "Describe every path as OpenAPI 3.",
                |sys, cx: Cx, _: OpenApi| async move { specification(&sys, &cx) },
            );
        })
}

/// Every path of everything that is mounted, from the path tables alone.
fn specification(sys: &Sys, cx: &Cx) -> Result<Done> {
    if cx.caller.token_type.is_none() && cx.request.sent_token {
        return Err(Error::denied());
    }
    let document = server_pipeline::document(&sys.house.rooms.mounts.all());
    let body = serde_json::to_vec(&document).map_err(Error::internal)?;
    Ok(Done::reply(Reply::Raw {
        status: 200,
        media: "application/json",
        body,
    }))
}

/// With a token all that it may do something with; without one those that are tuned to be seen.
async fn seen(sys: &Sys, cx: &Cx) -> Result<Done> {
    let acl = acl(sys, cx).await?;
    let unauthenticated =
        |mount: &Mount| mount.entry.config.tuning.listing_visibility.as_deref() == Some("unauth");
    let shown = |table: TableKind| -> Value {
        match &acl {
            Some(acl) => Value::Object(listed(sys, table, |m| {
                unauthenticated(m) || acl.touches_mount(&m.entry.path)
            })),
            None => {
                let all = listed(sys, table, unauthenticated);
                Value::Object(
                    all.into_iter()
                        .map(|(path, shown)| (path, short(&shown)))
                        .collect(),
                )
            }
        }
    };
    Ok(Done::data(
        json!({ "secret": shown(TableKind::Secrets), "auth": shown(TableKind::Auth) }),
    ))
}

/// What strangers see of a mount.
fn short(shown: &Value) -> Value {
    let kept = ["type", "description", "options"];
    let members = kept
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), shown.get(name)?.clone())));
    Value::Object(members.collect::<Map<_, _>>())
}

/// What the command line asks before `kv`: which version is mounted there. Answered to whoever may do anything there.
async fn of_path(sys: &Sys, cx: &Cx, input: &Below) -> Result<Done> {
    let acl = acl(sys, cx).await?.ok_or_else(Error::denied)?;
    let path = format!("{}/", input.path.trim_end_matches('/'));
    let refused = || {
        let text = format!(
            "preflight capability check returned 403, please ensure client's policies grant access to path {path:?}"
        );
        Error::new(ErrorKind::Denied, text)
    };
    let mount = sys.house.rooms.mounts.find(&path).ok_or_else(refused)?;
    if !acl.touches_mount(&mount.entry.path) && !acl.touches_mount(&path) {
        return Err(refused());
    }
    let mut shown = described(&mount);
    shown.insert("path".to_owned(), json!(mount.entry.shown_path()));
    Ok(Done::data(Value::Object(shown)))
}

/// What the caller may do; `None` without a token. A token that is none is refused, though the path is open.
async fn acl(sys: &Sys, cx: &Cx) -> Result<Option<Arc<Acl>>> {
    if cx.caller.token_type.is_some() {
        return sys
            .house
            .rooms
            .policies
            .acl(&cx.caller, sys.house.now())
            .await
            .map(Some);
    }
    if cx.request.sent_token {
        Err(Error::denied())
    } else {
        Ok(None)
    }
}
