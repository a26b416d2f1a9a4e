//! Looking at tokens.

use logical::field::format_block;
use logical::{Access, Call, Cx, Done, Error, ErrorKind, Fields, Operation, Reply, Result, Table, TokenType};
use serde_json::json;
use server_tokens::{Known, Token};

use super::{AccessorInput, token_in, unknown};
use crate::Sys;

pub(super) fn routes(table: Table<Sys>) -> Table<Sys> {
    table
        .route("lookup", Access::Token, |r| {
            r.on_call(
                Operation::Read,
                "Read what is known of a token.",
                |sys, cx, call| async move { look_up(&sys, &cx, &call).await },
            )
            .on_call(
                Operation::Update,
                "Read what is known of a token.",
                |sys, cx, call| async move { look_up(&sys, &cx, &call).await },
            );
        })
        .route("lookup-self", Access::Token, |r| {
            r.on_call(
                Operation::Read,
                "Read what is known of this token.",
                |sys, cx, call| async move { look_up_self(&sys, &cx, &call).await },
            )
            .on_call(
                Operation::Update,
                "Read what is known of this token.",
                |sys, cx, call| async move { look_up_self(&sys, &cx, &call).await },
            );
        })
        .route("lookup-accessor", Access::Token, |r| {
            r.on(
                Operation::Update,
                "Read what is known of the token of an accessor.",
                |sys, _, input: AccessorInput| async move {
                    let known = input.known(&sys).await?;
                    Ok(Done::reply(Reply::Data(shown(&sys, &known, "").await?)))
                },
            );
        })
}

async fn look_up(sys: &Sys, cx: &Cx, call: &Call) -> Result<Done> {
    let Some(text) = token_in(&call.data)? else {
        return look_up_self(sys, cx, call).await;
    };
    let known = sys.house.rooms.tokens.identify(&text, sys.house.now()).await?;
    let known = known.ok_or_else(|| Error::new(ErrorKind::Denied, "bad token"))?;
    let done = Done::reply(Reply::Data(shown(sys, &known, text.expose()).await?));
    Ok(match unknown(&call.data, &["token"]) {
        Some(warning) => done.warn(warning),
        None => done,
    })
}

async fn look_up_self(sys: &Sys, cx: &Cx, _: &Call) -> Result<Done> {
    let text = cx.own_token().ok_or_else(Error::denied)?;
    let known = sys
        .house
        .rooms
        .tokens
        .find(text)
        .await?
        .ok_or_else(Error::denied)?;
    Ok(Done::reply(Reply::Data(shown(sys, &known, text.expose()).await?)))
}

/// What look-ups show. `id` is the token itself, where whoever asks knows it already.
async fn shown(sys: &Sys, known: &Known, id: &str) -> Result<Fields> {
    let token: &Token = &known.token;
    let now = sys.house.now();
    let mut shown = Fields::of(json!({
        "accessor": known.accessor.map(|accessor| accessor.to_string()).unwrap_or_default(),
        "creation_time": token.issued.as_second(),
        "creation_ttl": token.creation_ttl.as_secs(),
        "display_name": token.display_name,
        "entity_id": token.entity_id,
        "expire_time": token.expires.map(|expires| expires.to_string()),
        "explicit_max_ttl": token.explicit_max_ttl.map_or(0, |max| max.as_secs()),
        "id": id,
        "issue_time": token.issued.to_string(),
        "meta": token.metadata.as_deref(),
        "num_uses": token.uses_left.unwrap_or(0),
        "orphan": token.parent.is_none(),
        "path": token.path,
        "policies": *token.policies,
        "renewable": token.renewable,
        "ttl": token.seconds_left(now),
        "type": token.kind.as_str(),
    }));
    if let Some(renewed) = token.renewed {
        shown.insert("last_renewal", renewed.to_string());
        shown.insert("last_renewal_time", renewed.as_second());
    }
    if let Some(period) = token.period.filter(|_| token.kind == TokenType::Service) {
        shown.insert("period", period.as_secs());
    }
    if !token.bound_cidrs.is_empty() {
        let cidrs: Vec<String> = token.bound_cidrs.iter().map(format_block).collect();
        shown.insert("bound_cidrs", cidrs);
    }
    let caller = sys.house.caller(known).await?;
    if !caller.identity_policies.is_empty() {
        shown.insert("identity_policies", caller.identity_policies.to_vec());
    }
    Ok(shown)
}
