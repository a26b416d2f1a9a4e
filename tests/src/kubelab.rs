//! A Kubernetes API server with its etcd in one process, built from `tests/kubelab`; see there for what it has and lacks.

mod program;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::Signal;

pub use self::program::binary;
use crate::part::Part;

/// How long the API server may take; about ten seconds on an idle machine.
const START: Duration = Duration::from_secs(150);

/// A running Kubernetes API server. Dropping it stops the server and removes its files.
#[derive(Debug)]
pub struct Kubelab {
    part: Part,
}

impl Kubelab {
    /// Starts an API server and waits until it is ready; builds the program first if the cache has none.
    ///
    /// # Errors
    /// If it cannot be built or does not start.
    pub fn start() -> Result<Self> {
        let program = binary()?;
        let dir = tempfile::Builder::new().prefix("strongroom-kubelab-").tempdir()?;
        let ready = dir.path().join("ready");
        let mut command = Command::new(program);
        command.arg("-dir").arg(dir.path()).current_dir(dir.path());
        let mut kubelab = Self {
            part: Part::start("kubelab", dir, &mut command, Signal::TERM)?,
        };
        kubelab.part.wait_until(START, || ready.exists())?;
        Ok(kubelab)
    }

    /// Returns the API server that all tests of this process share, started on first use.
    ///
    /// # Panics
    /// If it cannot be started: then no test that asks for it can say anything.
    #[must_use]
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Kubelab> = OnceLock::new();
        SHARED.get_or_init(|| {
            Self::start().expect("kubelab starts; `cargo xtask setup` installs what its build needs")
        })
    }

    /// Returns the folder with `kubeconfig`, `ca.crt`, `admin.crt`, `admin.key`, `sa.key` and `address`.
    #[must_use]
    pub fn dir(&self) -> &Path {
        self.part.dir()
    }

    /// Returns the API server's URL.
    ///
    /// # Errors
    /// If the file that has it cannot be read.
    pub fn address(&self) -> Result<String> {
        let text = fs::read_to_string(self.dir().join("address")).context("read kubelab's address")?;
        Ok(text.trim().to_owned())
    }
}
