//! The policy that a request needs.

use client::{Method, Request};

use super::sudo;

/// The rule for the request's path.
pub(super) fn policy(request: &Request) -> String {
    let lists = request
        .query
        .iter()
        .any(|(name, value)| matches!(name.as_str(), "list" | "scan") && value == "true");
    let mut capabilities = match request.method {
        Method::Get if lists => vec![if request.query.iter().any(|(name, _)| name == "scan") {
            "scan"
        } else {
            "list"
        }],
        Method::Get => vec!["read"],
        // Whether a write creates or updates is known to the server alone.
        Method::Put | Method::Post => vec!["create", "update"],
        Method::Patch => vec!["patch"],
        Method::Delete => vec!["delete"],
    };
    let path = request.path.trim_matches('/');
    if sudo::is_needed(path, lists) {
        capabilities.push("sudo");
    }
    let capabilities: Vec<String> = capabilities
        .iter()
        .map(|capability| format!("{capability:?}"))
        .collect();
    format!(
        "path {path:?} {{\n  capabilities = [{}]\n}}",
        capabilities.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(request: &Request, expected: &str) {
        assert_eq!(policy(request), expected);
    }

    #[test]
    fn methods_become_capabilities() {
        check(
            &Request::get("secret/x"),
            "path \"secret/x\" {\n  capabilities = [\"read\"]\n}",
        );
        check(
            &Request::list("secret"),
            "path \"secret\" {\n  capabilities = [\"list\"]\n}",
        );
        check(
            &Request::put("secret/x"),
            "path \"secret/x\" {\n  capabilities = [\"create\", \"update\"]\n}",
        );
        check(
            &Request::get("sys/audit"),
            "path \"sys/audit\" {\n  capabilities = [\"read\", \"sudo\"]\n}",
        );
    }
}
