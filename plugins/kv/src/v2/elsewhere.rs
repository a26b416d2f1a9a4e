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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::version_2;
    use logical::ErrorKind;
    use logical::testing::{Answer, Bench};
    use serde_json::json;

    const UNSUPPORTED: &str = "unsupported operation";

    async fn warned(operation: Operation, path: &str) -> String {
        let bench = Bench::new(version_2());
        let nothing = Answer::Missing(json!({}));
        assert_eq!(
            bench.ask(operation, path, json!({ "a": 1 })).await,
            nothing,
            "{operation} {path}"
        );
        bench.warnings(operation, path, json!({ "a": 1 })).await.concat()
    }

    #[tokio::test]
    async fn paths_of_version_1_are_answered_with_the_way() {
        for (operation, verb) in TRIED {
            for path in ["app", "app/deep/", "Data/app", "config/x", ""] {
                let text = warned(operation, path).await;
                assert!(
                    text.contains(&format!("use 'vault kv {verb}' for")),
                    "{operation} {path}: {text}"
                );
            }
        }
        assert!(warned(Operation::Create, "app").await.contains("'vault kv put'"));
        assert!(
            warned(Operation::List, "config/")
                .await
                .contains("'vault kv list'")
        );
        assert!(
            warned(Operation::Read, "subkeys")
                .await
                .contains("'vault kv get'")
        );
    }

    #[tokio::test]
    async fn paths_without_a_name_are_answered_so() {
        for root in ["data", "metadata", "delete", "undelete", "destroy"] {
            for operation in [
                Operation::Read,
                Operation::Update,
                Operation::Patch,
                Operation::Delete,
            ] {
                assert!(
                    warned(operation, root)
                        .await
                        .starts_with("Non-listing operations")
                );
            }
        }
    }

    #[tokio::test]
    async fn a_right_path_refuses_what_it_cannot_do() {
        let bench = Bench::new(version_2());
        for (operation, path) in [
            (Operation::List, "data/"),
            (Operation::List, "subkeys/s/"),
            (Operation::Read, "delete/app"),
            (Operation::Patch, "destroy/app"),
            (Operation::Delete, "undelete/"),
            (Operation::Update, "subkeys/s"),
            (Operation::Patch, "config"),
        ] {
            let refused = Answer::Refused(ErrorKind::Unsupported, UNSUPPORTED.to_owned());
            assert_eq!(
                bench.ask(operation, path, json!({})).await,
                refused,
                "{operation} {path}"
            );
        }
    }

    #[test]
    fn the_manifest_explains_itself() {
        logical::testing::check_manifest(logical::Plugin::manifest(&version_2()));
    }
}
