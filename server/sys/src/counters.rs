//! `sys/internal/counters/*`: how many tokens and entities there are.

use logical::{Access, Done, Error, ErrorKind, Operation, Result, Table};
use serde_json::json;

use crate::Sys;
use crate::mounts::Nothing;

/// Tokens that are read at once.
const CHUNK: usize = 1_000;

pub(crate) fn routes(table: Table<Sys>) -> Table<Sys> {
    table
        .route("internal/counters/tokens", Access::Token, |r| {
            r.on(
                Operation::Read,
                "Count service tokens. Batch tokens are nowhere, so nobody can count them.",
                |sys, _, _: Nothing| async move {
                    let total = tokens(&sys).await?;
                    Ok(Done::data(
                        json!({ "counters": { "service_tokens": { "total": total } } }),
                    ))
                },
            );
        })
        .route("internal/counters/entities", Access::Token, |r| {
            r.on(
                Operation::Read,
                "Count entities.",
                |sys, _, _: Nothing| async move {
                    let total = server_identity::count(sys.house.store.as_ref()).await?;
                    Ok(Done::data(
                        json!({ "counters": { "entities": { "total": total } } }),
                    ))
                },
            );
        })
        .route("internal/counters/requests", Access::Token, |r| {
            r.on(
                Operation::Read,
                "Say that requests are not counted.",
                |_, _, _: Nothing| async move {
                    let text = "The functionality has been removed on this path";
                    Err(Error::new(ErrorKind::NotFound, text))
                },
            );
        })
}

async fn tokens(sys: &Sys) -> Result<usize> {
    let (mut total, mut after) = (0, None);
    loop {
        let chunk = sys.house.rooms.tokens.accessors(after, CHUNK).await?;
        total += chunk.len();
        after = chunk.last().copied();
        if chunk.len() < CHUNK {
            return Ok(total);
        }
    }
}
