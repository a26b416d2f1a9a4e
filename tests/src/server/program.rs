//! Which `strongroom` is run: the one that `$STRONGROOM_BIN` names, or the one that cargo builds from these sources.

use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};

use crate::workspace;

/// Returns the program. Cargo is asked each time, once a process: what lies in the target folder may be of yesterday.
///
/// # Panics
/// If it cannot be built: then no test that asks for it can say anything.
#[must_use]
pub fn binary() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let named = env::var_os("STRONGROOM_BIN").filter(|path| !path.is_empty());
    match named {
        Some(path) => path.into(),
        None => BUILT.get_or_init(|| build().expect("the server builds")).clone(),
    }
}

/// Builds into the target folder that the calling test was built into.
fn build() -> Result<PathBuf> {
    let caller = env::current_exe().context("find the test's own program")?;
    let folder = caller
        .parent()
        .filter(|folder| folder.ends_with("deps"))
        .and_then(|deps| deps.parent())
        .context("find the target folder")?;
    let target = folder.parent().context("find the target folder")?;
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args(["build", "--quiet", "--package", "server", "--bin", "strongroom"])
        .arg("--target-dir")
        .arg(target)
        .current_dir(workspace());
    if folder.ends_with("release") {
        cargo.arg("--release");
    }
    let built = cargo.output().context("run cargo")?;
    if !built.status.success() {
        bail!(
            "build the server: {}",
            String::from_utf8_lossy(&built.stderr).trim()
        );
    }
    Ok(folder.join("strongroom"))
}
