//! `sys/seal`, `sys/rotate`, `sys/key-status`: what needs the seal or the barrier.

use logical::{Access, Done, Operation, Shape, Table};
use serde_json::json;

use crate::Sys;
use crate::mounts::Nothing;

pub(crate) fn routes(table: Table<Sys>) -> Table<Sys> {
    table
        .route("seal", Access::Sudo, |r| {
            r.on(
                Operation::Update,
                "Seal the server.",
                |sys, _, _: Nothing| async move {
                    sys.operator.seal().await?;
                    Ok(Done::empty())
                },
            );
        })
        .route("rotate", Access::Sudo, |r| {
            r.on(
                Operation::Update,
                "Make a new data key.",
                |sys, _, _: Nothing| async move {
                    sys.operator.rotate().await?;
                    Ok(Done::empty())
                },
            );
        })
        .route("rotate/keyring", Access::Sudo, |r| {
            r.on(
                Operation::Update,
                "Make a new data key.",
                |sys, _, _: Nothing| async move {
                    sys.operator.rotate().await?;
                    Ok(Done::empty())
                },
            );
        })
        .route("key-status", Access::Token, |r| {
            r.shape(Shape::Doubled).on(
                Operation::Read,
                "Read which data key is used.",
                |sys, _, _: Nothing| async move {
                    let (term, installed) = sys.operator.key_status()?;
                    Ok(Done::data(
                        json!({ "term": term, "install_time": installed.to_string(), "encryptions": 0 }),
                    ))
                },
            );
        })
}
