//! The real parts that tests stand on: a PostgreSQL and a Kubernetes API server, on the loopback, gone after the run.
//!
//! Integration tests of every crate and `xtask` start them through here, so there is one way to do it.
//! Nothing here may depend on a crate of the server: the workshop must build when the server does not.
//! Nothing here may outlive the process that started it, not even one that is killed.
//!
//! Start reading at [`part`], then [`postgres`] and [`kubelab`].

pub mod cache;
pub mod kubelab;
pub mod part;
pub mod postgres;
mod random;

use std::path::{Path, PathBuf};

/// Returns the root of the source tree.
#[must_use]
pub fn workspace() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests).to_path_buf()
}
