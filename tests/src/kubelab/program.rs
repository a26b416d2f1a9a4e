//! Builds kubelab once for each state of its sources. Minutes of compiling, so the cache outlives clone and target folder.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::cache;

/// Returns the path of the program, after building it if the cache has none for these sources.
///
/// # Errors
/// If the sources cannot be read or Go is missing or fails.
pub fn binary() -> Result<PathBuf> {
    let sources = crate::workspace().join("tests/kubelab");
    let folder = cache::root()?.join("kubelab").join(name(&sources)?);
    let program = folder.join("kubelab");
    if program.exists() {
        return Ok(program);
    }
    fs::create_dir_all(&folder).with_context(|| format!("create {}", folder.display()))?;
    // Whoever comes second waits here and finds the program built. The lock goes with the file.
    let lock = File::create(folder.join("lock")).context("create the lock of kubelab's build")?;
    lock.lock().context("wait for another build of kubelab")?;
    if !program.exists() {
        build(&sources, &folder, &program)?;
    }
    Ok(program)
}

fn build(sources: &Path, folder: &Path, program: &Path) -> Result<()> {
    let unfinished = folder.join("unfinished");
    let status = Command::new("go")
        .args(["build", "-trimpath", "-mod=readonly", "-buildvcs=false", "-o"])
        .arg(&unfinished)
        .arg(".")
        .current_dir(sources)
        .env("CGO_ENABLED", "0")
        .status()
        .context("run go: `cargo xtask setup` installs it")?;
    ensure!(status.success(), "build kubelab: go ended with {status}");
    fs::rename(&unfinished, program).context("put kubelab into the cache")
}

fn name(sources: &Path) -> Result<String> {
    let mut files: Vec<PathBuf> = fs::read_dir(sources)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map(|entries| entries.iter().map(fs::DirEntry::path).collect())
        .with_context(|| format!("list {}", sources.display()))?;
    files.sort();
    let mut contents = Vec::new();
    for file in files.iter().filter(|file| file.is_file()) {
        contents.push(file.file_name().unwrap_or_default().as_encoded_bytes().to_vec());
        contents.push(fs::read(file).with_context(|| format!("read {}", file.display()))?);
    }
    Ok(cache::fingerprint(contents.iter().map(Vec::as_slice)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_changes_with_a_source_and_with_a_new_source() {
        let sources = tempfile::tempdir().unwrap();
        let write = |file: &str, text: &str| fs::write(sources.path().join(file), text).unwrap();
        write("main.go", "package main");
        let first = name(sources.path()).unwrap();
        assert_eq!(first, name(sources.path()).unwrap());
        write("main.go", "package  main");
        let changed = name(sources.path()).unwrap();
        write("more.go", "");
        let more = name(sources.path()).unwrap();
        assert!(first != changed && changed != more && first != more);
    }
}
