//! The end of tokens.

use logical::{Access, Call, Cx, Done, Error, Operation, Result, Table, TokenType};
use server_tokens::Known;

use super::{AccessorInput, has_sudo, token_in};
use crate::Sys;

pub(super) fn routes(table: Table<Sys>) -> Table<Sys> {
    table
        .route("revoke", Access::Token, |r| {
            r.on_call(
                Operation::Update,
                "End a token and all that hangs on it.",
                |sys, _, call| async move { revoke(&sys, &call).await },
            );
        })
        .route("revoke-self", Access::Token, |r| {
            r.on_call(
                Operation::Update,
                "End this token and all that hangs on it.",
                |sys, cx, _| async move { revoke_self(&sys, &cx).await },
            );
        })
        .route("revoke-accessor", Access::Token, |r| {
            r.on(
                Operation::Update,
                "End the token of an accessor and all that hangs on it.",
                |sys, _, input: AccessorInput| async move {
                    let known = input.known(&sys).await?;
                    end(&sys, &known).await
                },
            );
        })
        .route("revoke-orphan", Access::Token, |r| {
            r.on_call(
                Operation::Update,
                "End a token; its children live on.",
                |sys, cx, call| async move { revoke_orphan(&sys, &cx, &call).await },
            );
        })
}

async fn revoke(sys: &Sys, call: &Call) -> Result<Done> {
    let text = token_in(&call.data)?.ok_or_else(|| Error::invalid("missing token ID"))?;
    // What is no token is ended already.
    match sys.house.rooms.tokens.find(&text).await? {
        Some(known) => end(sys, &known).await,
        None => Ok(Done::empty()),
    }
}

async fn revoke_self(sys: &Sys, cx: &Cx) -> Result<Done> {
    if cx.caller.token_type == Some(TokenType::Batch) {
        return Err(Error::invalid("batch tokens cannot be revoked"));
    }
    end(sys, &super::own(sys, cx).await?).await
}

async fn revoke_orphan(sys: &Sys, cx: &Cx, call: &Call) -> Result<Done> {
    let text = token_in(&call.data)?.ok_or_else(|| Error::invalid("missing token ID"))?;
    if !has_sudo(sys, cx).await? {
        return Err(Error::invalid(
            "root or sudo privileges required to revoke and orphan",
        ));
    }
    let known = sys.house.rooms.tokens.identify(&text, sys.house.now()).await?;
    let known = known.ok_or_else(|| Error::invalid("token to revoke not found"))?;
    let accessor = known
        .accessor
        .ok_or_else(|| Error::invalid("batch tokens cannot be revoked"))?;
    sys.house.orphan_children(accessor).await?;
    end(sys, &known).await
}

/// The token is dead when this returns, and what hung on it is ended or tried again until it is.
async fn end(sys: &Sys, known: &Known) -> Result<Done> {
    let accessor = known
        .accessor
        .ok_or_else(|| Error::invalid("batch tokens cannot be revoked"))?;
    sys.house.revoke_token(accessor).await?;
    Ok(Done::empty())
}
