//! A heavy library has one owner, so that replacing it is the work of one crate.

use super::{Problem, Workspace};

/// Libraries and the crates that may name them. Tests may name any.
const OWNERS: [(&str, &[&str]); 14] = [
    ("axum", &["server-http"]),
    ("sqlx", &["storage-postgres"]),
    ("rusqlite", &["storage-embedded"]),
    ("tokio-postgres", &["plugins-database"]),
    ("ring", &["crypto"]),
    ("aes-gcm", &["crypto"]),
    ("aes-siv", &["crypto"]),
    ("sha2", &["crypto"]),
    ("sha3", &["crypto"]),
    ("jsonwebtoken", &["crypto"]),
    ("pgp", &["crypto"]),
    ("clap", &["cli", "server"]),
    ("reqwest", &["server-outbound"]),
    ("ureq", &["client"]),
];

pub(super) fn check(workspace: &Workspace) -> Vec<Problem> {
    let mut problems = Vec::new();
    for package in workspace
        .packages
        .iter()
        .filter(|package| package.name != "tests")
    {
        for dependency in package.dependencies.iter().filter(|one| !one.is_for_tests()) {
            if let Some(owners) = owners(&dependency.name)
                && !owners.contains(&package.name.as_str())
            {
                let what = format!(
                    "names {}, which belongs to {}",
                    dependency.name,
                    owners.join(" and ")
                );
                problems.push(Problem::new(&package.name, what));
            }
        }
    }
    problems
}

fn owners(library: &str) -> Option<&'static [&'static str]> {
    OWNERS
        .iter()
        .find(|(name, _)| *name == library)
        .map(|(_, owners)| *owners)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(package: &str, dependency: &str, kind: &str) -> Workspace {
        let text = format!(
            r#"{{"target_directory": "/t", "packages": [{{"name": "{package}", "manifest_path": "/r/Cargo.toml",
                "targets": [], "dependencies": [{{"name": "{dependency}", "kind": {kind}}}]}}]}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn a_library_is_named_by_its_owner_and_by_tests_alone() {
        assert_eq!(check(&workspace("server-http", "axum", "null")), []);
        assert_eq!(check(&workspace("server-sys", "axum", r#""dev""#)), []);
        assert_eq!(check(&workspace("tests", "axum", "null")), []);
        let problem = Problem::new("server-sys", "names axum, which belongs to server-http");
        assert_eq!(check(&workspace("server-sys", "axum", "null")), [problem]);
    }
}
