//! A crate is called as its folder, takes versions and lints from the workspace, and says nothing twice.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::{Problem, Workspace};

pub(super) fn check(workspace: &Workspace) -> Result<Vec<Problem>> {
    let root = harness::workspace();
    let mut problems = Vec::new();
    for package in &workspace.packages {
        let folder = package.folder().strip_prefix(&root).unwrap_or(package.folder());
        if name(folder) != package.name {
            problems.push(Problem::new(
                &package.name,
                format!("lies in {}, so it is {}", folder.display(), name(folder)),
            ));
        }
        let text = fs::read_to_string(&package.manifest_path)
            .with_context(|| format!("read {}", package.manifest_path.display()))?;
        let place = folder.join("Cargo.toml").display().to_string();
        problems.extend(
            manifest(&text)
                .into_iter()
                .map(|what| Problem::new(place.clone(), what)),
        );
    }
    Ok(problems)
}

fn name(folder: &Path) -> String {
    folder.to_string_lossy().replace('/', "-")
}

fn manifest(text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let mut section = "";
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line.trim_matches(['[', ']']);
        } else if section.ends_with("dependencies")
            && line.contains('=')
            && !line.contains("workspace = true")
        {
            problems.push(format!("takes no version from the workspace: {line}"));
        }
    }
    if !text.contains("[lints]\nworkspace = true") {
        problems.push("takes no lints from the workspace".to_owned());
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINTS: &str = "[lints]\nworkspace = true\n";

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(manifest(text), expected);
    }

    #[test]
    fn versions_and_lints_come_from_the_workspace() {
        check(
            &format!("{LINTS}[dependencies]\na.workspace = true\nb = {{ workspace = true }}\n"),
            &[],
        );
        let own = format!("{LINTS}[dev-dependencies]\na = \"1\"\n");
        check(&own, &["takes no version from the workspace: a = \"1\""]);
        check(
            "[package]\nname = \"a\"\n",
            &["takes no lints from the workspace"],
        );
    }

    #[test]
    fn a_crate_is_called_as_its_folder() {
        assert_eq!(name(Path::new("storage/embedded")), "storage-embedded");
    }
}
