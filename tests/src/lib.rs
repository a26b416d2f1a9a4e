//! The real parts that tests stand on: a PostgreSQL, a Kubernetes API server and our own program, on the loopback,
//! gone after the run.
//!
//! Integration tests of every crate and `xtask` start them through here, so there is one way to do it.
//! Nothing here may depend on a crate of the server: the workshop must build when the server does not.
//! Nothing here may outlive the process that started it, not even one that is killed.
//!
//! Start reading at [`part`], then [`postgres`], [`kubelab`] and [`server`].

pub mod cache;
pub mod http;
pub mod kubelab;
pub mod part;
pub mod postgres;
mod random;
pub mod server;
pub mod wait;

use std::env;
use std::path::{Path, PathBuf};

/// Returns the root of the source tree.
///
/// It is looked for at run time: clones that share a target folder share what was compiled, so a path that was
/// written down by the compiler may be another clone's.
///
/// # Panics
/// If the program runs neither under cargo nor inside the source tree.
#[must_use]
pub fn workspace() -> PathBuf {
    let here = env::var_os("CARGO_MANIFEST_DIR")
        .map(PathBuf::from)
        .or_else(|| env::current_dir().ok());
    let root = here.as_deref().and_then(root_above);
    root.expect("tests and xtask run inside the source tree")
        .to_path_buf()
}

fn root_above(folder: &Path) -> Option<&Path> {
    folder
        .ancestors()
        .find(|above| above.join("Cargo.lock").is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_found_from_every_depth() {
        let root = tempfile::tempdir().unwrap();
        let deep = root.path().join("storage/embedded");
        std::fs::create_dir_all(&deep).unwrap();
        std::fs::write(root.path().join("Cargo.lock"), "").unwrap();
        assert_eq!(root_above(&deep), Some(root.path()));
        assert_eq!(root_above(root.path()), Some(root.path()));
        assert!(workspace().join("tests/kubelab/main.go").is_file());
    }
}
