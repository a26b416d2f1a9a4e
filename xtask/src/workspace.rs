//! What cargo knows about our crates.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::program;

/// The program that the workspace is there to make.
pub(crate) const PROGRAM: &str = "strongroom";

/// The answer of `cargo metadata`, as far as it is used.
#[derive(Debug, Deserialize)]
pub(crate) struct Workspace {
    /// Our crates; the registry's are not among them.
    pub(crate) packages: Vec<Package>,
    target_directory: PathBuf,
}

/// One of our crates.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) manifest_path: PathBuf,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) targets: Vec<Target>,
}

/// A line of a crate's manifest that names another crate.
#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    kind: Option<String>,
}

/// A library, program or test that a crate consists of.
#[derive(Debug, Deserialize)]
pub(crate) struct Target {
    name: String,
    pub(crate) kind: Vec<String>,
    pub(crate) src_path: PathBuf,
}

impl Workspace {
    /// Asks cargo.
    pub(crate) fn load() -> Result<Self> {
        let text = program::read(program::cargo().args(["metadata", "--format-version=1", "--no-deps"]))?;
        serde_json::from_str(&text).context("read what cargo metadata printed")
    }

    /// Tells whether any crate builds the program yet.
    pub(crate) fn has_program(&self) -> bool {
        let builds = |target: &Target| target.name == PROGRAM && target.kind.iter().any(|kind| kind == "bin");
        self.packages
            .iter()
            .any(|package| package.targets.iter().any(builds))
    }

    /// Returns the path of the program in the release profile, built or not.
    pub(crate) fn program(&self) -> PathBuf {
        self.target_directory.join("release").join(PROGRAM)
    }
}

impl Package {
    /// Returns the crate's folder.
    pub(crate) fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(&self.manifest_path)
    }
}

impl Dependency {
    /// Tells whether only the crate's own tests see it.
    pub(crate) fn is_for_tests(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }
}

/// Builds the program in the release profile and returns its path.
pub(crate) fn build_program() -> Result<PathBuf> {
    program::run(program::cargo().args(["build", "--release", "--bin", PROGRAM]))?;
    Ok(Workspace::load()?.program())
}
