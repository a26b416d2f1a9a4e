//! What needs the seal or the barrier: sealing, data keys, key shares.

mod backup;
mod generate_root;
mod given;
mod keyholders;
mod rekey;
mod rotation;

use logical::{Access, Done, Operation, Shape, Table};
use serde_json::json;

use crate::Sys;
use crate::mounts::Nothing;
pub use backup::ShareBackup;
pub use keyholders::{
    Keyholders, NewShares, Offer, RekeyAttempt, RekeyPlan, Rekeyed, Rekeying, RootAttempt, RootGeneration,
    RootPlan, Verification, Verified,
};
pub use rotation::RotationSettings;

pub(crate) fn routes(table: Table<Sys>) -> Table<Sys> {
    let table = rotation::routes(table);
    let table = rekey::routes(table);
    let table = backup::routes(table);
    let table = generate_root::routes(table);
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
        .route("key-status", Access::Token, |r| {
            r.shape(Shape::Doubled).on(
                Operation::Read,
                "Read which data key is used.",
                |sys, _, _: Nothing| async move {
                    let key = sys.operator.key_status()?;
                    Ok(Done::data(json!({
                        "term": key.term,
                        "install_time": key.installed.to_string(),
                        "encryptions": key.encryptions,
                    })))
                },
            );
        })
}
