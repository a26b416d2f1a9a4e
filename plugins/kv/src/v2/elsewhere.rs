//! Paths that lead nowhere in version 2, above all those of version 1: the answer says where to go instead.

use super::Kv2;
use logical::{Call, Cx, Done, Fields, Operation, Reply, Result};
use std::sync::Arc;

/// Operations that clients of version 1 try, and how the command line calls them.
pub(super) const TRIED: [(Operation, &str); 6] = [
    (Operation::Read, "get"),
    (Operation::Update, "put"),
    (Operation::Patch, "patch"),
    (Operation::Delete, "delete"),
    (Operation::List, "list"),
    (Operation::Scan, "scan"),
];

impl Kv2 {
    pub(super) async fn wrong_path(self: Arc<Self>, _cx: Cx, call: Call) -> Result<Done> {
        let tried = match call.operation {
            Operation::Create => Operation::Update,
            operation => operation,
        };
        let verb = TRIED.iter().find(|(operation, _)| *operation == tried);
        let verb = verb.map_or("get", |(_, verb)| verb);
        Ok(missing(format!(
            "Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API endpoints to \
             use. If using the Vault CLI, use 'vault kv {verb}' for this operation."
        )))
    }

    pub(super) async fn without_name(self: Arc<Self>, _cx: Cx, _call: Call) -> Result<Done> {
        let text = "Non-listing operations on the root of a K/V v2 mount are not supported.";
        Ok(missing(text.to_owned()))
    }
}

/// A 404 that says nothing but its warning; Vault's command line recognises version 2 by it.
fn missing(warning: String) -> Done {
    Done::reply(Reply::Missing(Fields::new())).warn(warning)
}
