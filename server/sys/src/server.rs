//! What a server tells of itself: its settings, its part in a cluster of one, what it does not have.

use logical::{Access, Done, Operation, Reply, Shape, Table};
use serde_json::json;

use crate::Sys;
use crate::mounts::Nothing;

pub(crate) fn routes(table: Table<Sys>) -> Table<Sys> {
    absent(table)
        .route("config/state/sanitized", Access::Token, |r| {
            r.on(
                Operation::Read,
                "Read the configuration, without what is secret in it.",
                |sys, _, _: Nothing| async move { Ok(Done::reply(Reply::Data(sys.operator.settings()))) },
            );
        })
        .route("host-info", Access::Token, |r| {
            r.on(
                Operation::Read,
                "Read facts about the machine.",
                |sys, _, _: Nothing| async move { Ok(Done::reply(Reply::Data(sys.operator.host()))) },
            );
        })
        .route("ha-status", Access::Token, |r| {
            r.shape(Shape::Doubled).on(
                Operation::Read,
                "List the nodes of the cluster, which is this one.",
                |sys, _, _: Nothing| async move { Ok(Done::data(json!({ "nodes": [sys.operator.node()] }))) },
            );
        })
        .route("step-down", Access::Sudo, |r| {
            r.on(
                Operation::Update,
                "Leave the lead to another node; where there is none, nothing happens.",
                |_, _, _: Nothing| async move { Ok(Done::empty()) },
            );
        })
}

/// What Vault has in other editions, and what clients ask before they use it.
fn absent(table: Table<Sys>) -> Table<Sys> {
    table
        .route("replication/status", Access::Public, |r| {
            r.on(
                Operation::Read,
                "Say that there is no replication.",
                |_, _, _: Nothing| async move {
                    let off = json!({ "mode": "disabled" });
                    Ok(Done::data(json!({ "dr": off, "performance": off })))
                },
            );
        })
        .route("experiments", Access::Token, |r| {
            r.on(
                Operation::Read,
                "Say that there are no experiments.",
                |_, _, _: Nothing| async move { Ok(Done::data(json!({ "available": [], "enabled": [] }))) },
            );
        })
        .route("internal/ui/feature-flags", Access::Public, |r| {
            r.shape(Shape::Bare).on(
                Operation::Read,
                "Say that there are no feature flags.",
                |_, _, _: Nothing| async move { Ok(Done::data(json!({ "feature_flags": [] }))) },
            );
        })
}
