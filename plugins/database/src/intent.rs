//! An intent: that a login is about to be made, written down before anything is done to make it.

use crate::input::{self, Stored};
use logical::{Cx, Id, Key, Origin, Result, Time};
use serde::{Deserialize, Serialize};

/// A login that may exist, or may be coming into being.
///
/// It goes in the very commit that registers the login's lease. So while it is there no lease is, and when it has gone
/// there is one, or there is no login.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Intent {
    /// The connection.
    pub(crate) config: String,
    /// The role that makes the login.
    pub(crate) role: String,
    /// The login's final name.
    pub(crate) username: String,
    /// When whoever makes it has certainly given up.
    pub(crate) deadline: Time,
    /// The process that makes it, or recovers it.
    pub(crate) process: Id,
    /// Where the caller runs that it is made for.
    pub(crate) origin: Option<Origin>,
}

impl Intent {
    /// Its place.
    pub(crate) fn key(id: Id) -> Key {
        Key::of("intent").id(id)
    }

    /// Finds one.
    pub(crate) async fn find(cx: &Cx, id: Id) -> Result<Option<Stored<Self>>> {
        input::find(cx, &Self::key(id)).await
    }

    /// What marks a login as made by the intent of this id. It is written in the transaction that makes the login.
    pub(crate) fn mark(id: Id) -> String {
        format!("strongroom intent {id}")
    }
}
