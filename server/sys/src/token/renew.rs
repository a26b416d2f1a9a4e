//! Longer lives for tokens.

use logical::field::Ttl;
use logical::secret::SecretText;
use logical::{
    Access, Body, Call, Cx, Done, Error, ErrorKind, Fields, Operation, Response, Result, Table, TokenType,
};
use serde_json::Value;
use server_tokens::{Known, Token};
use std::sync::Arc;
use std::time::Duration;

use super::{AccessorInput, token_in};
use crate::Sys;

pub(super) fn routes(table: Table<Sys>) -> Table<Sys> {
    table
        .route("renew", Access::Token, |r| {
            r.on_call(
                Operation::Update,
                "Extend a token's life.",
                |sys, cx, call| async move { renew(&sys, &cx, &call).await },
            );
        })
        .route("renew-self", Access::Token, |r| {
            r.on_call(
                Operation::Update,
                "Extend this token's life.",
                |sys, cx, call| async move { renew_self(&sys, &cx, &call).await },
            );
        })
        .route("renew-accessor", Access::Token, |r| {
            r.on(
                Operation::Update,
                "Extend the life of the token of an accessor.",
                |sys, cx: Cx, input: AccessorInput| async move {
                    let known = input.known(&sys).await?;
                    let increment = input.increment.map(|ttl| ttl.0);
                    answer(&sys, &cx, &known, (SecretText::default(), increment)).await
                },
            );
        })
}

async fn renew(sys: &Sys, cx: &Cx, call: &Call) -> Result<Done> {
    let Some(text) = token_in(&call.data)? else {
        return Err(Error::invalid("missing token ID"));
    };
    let known = sys.house.rooms.tokens.identify(&text, sys.house.now()).await?;
    let known = known.ok_or_else(|| Error::new(ErrorKind::Denied, "token not found"))?;
    answer(sys, cx, &known, (text, increment(&call.data)?)).await
}

async fn renew_self(sys: &Sys, cx: &Cx, call: &Call) -> Result<Done> {
    let text = cx.own_token().ok_or_else(Error::denied)?;
    let known = sys
        .house
        .rooms
        .tokens
        .find(text)
        .await?
        .ok_or_else(Error::denied)?;
    answer(sys, cx, &known, (text.clone(), increment(&call.data)?)).await
}

async fn answer(
    sys: &Sys,
    cx: &Cx,
    known: &Known,
    (text, increment): (SecretText, Option<Duration>),
) -> Result<Done> {
    let token: &Token = &known.token;
    if token.kind == TokenType::Batch {
        return Err(Error::invalid("batch tokens cannot be renewed"));
    }
    let increment = increment.filter(|increment| !increment.is_zero());
    // A token that no login made lives again as long as it was made for.
    let limits = token.login.is_none().then(|| logical::Lifetime {
        role: Some(token.creation_ttl),
        ..sys.house.token_mount_limits(token)
    });
    let renewed = sys.house.renew_token(known, text, limits, increment).await?;
    let mut response = Response::new(&cx.request.id, 200, Body::Data(None));
    response.auth = Some(Box::new(renewed.auth));
    response.warnings = renewed.warnings;
    let expiry = Arc::clone(&sys.house.expiry);
    Ok(Sys::answer(response)
        .commit(renewed.batch)
        .then(move || expiry.wake()))
}

fn increment(data: &Fields) -> Result<Option<Duration>> {
    match data.get("increment") {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match serde_json::from_value::<Ttl>(value.clone()) {
            Ok(ttl) => Ok(Some(ttl.0)),
            Err(_) => Err(Error::invalid(
                "error converting input for field \"increment\": expected a duration such as 1h30m",
            )),
        },
    }
}
