//! `cargo xtask kubelab`: the path of the Kubernetes API server of the tests, built if the cache has none.

use anyhow::Result;

/// Prints the path alone on its line, so that a shell can use it.
pub(crate) fn run() -> Result<()> {
    println!("{}", harness::kubelab::binary()?.display());
    Ok(())
}
