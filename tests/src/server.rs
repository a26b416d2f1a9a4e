//! Our own program as a process: configured, started, initialised, killed, started again on what it left.

mod program;

use std::fs;
use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;

pub use self::program::binary;
use crate::http::{Answer, Caller};
use crate::part::Part;

/// How long a start may take; well under a second on an idle machine.
const START: Duration = Duration::from_secs(60);

/// What an operator keeps after initialisation.
#[derive(Clone, Debug)]
struct Keys {
    share: String,
    root: String,
}

/// A server with a folder of its own. Dropping it stops the server and removes the folder.
#[derive(Debug)]
pub struct Server {
    part: Option<Part>,
    home: Arc<TempDir>,
    address: String,
    keys: Option<Keys>,
}

impl Server {
    /// Starts a server that is initialised and unsealed, with an audit file.
    ///
    /// # Errors
    /// If it does not start.
    pub fn start() -> Result<Self> {
        let home = home()?;
        let data = home.path().join("data");
        Self::start_in(home, &data)
    }

    /// Starts one that keeps its store in `data`.
    ///
    /// # Errors
    /// If it does not start.
    pub fn start_with_data(data: &Path) -> Result<Self> {
        Self::start_in(home()?, data)
    }

    /// Returns a caller with the root token.
    ///
    /// # Panics
    /// If the server was never initialised.
    #[must_use]
    pub fn root(&self) -> Caller {
        Caller::new(&self.address, Some(&self.keys().root))
    }

    /// Returns the host and port.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Returns the file that every request is recorded in.
    #[must_use]
    pub fn audit_file(&self) -> PathBuf {
        self.home.path().join("audit.log")
    }

    /// Returns what the server has said since it was first started.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.home.path().join("log")).unwrap_or_default()
    }

    /// Returns the configuration's file.
    #[must_use]
    pub fn config(&self) -> PathBuf {
        self.home.path().join("config.hcl")
    }

    /// Kills the server, as `kill -9` does.
    pub fn kill(&mut self) {
        if let Some(part) = self.part.take() {
            part.kill();
        }
    }

    /// Stops the server with SIGTERM and waits for its end.
    pub fn stop(&mut self) {
        self.part = None;
    }

    /// Starts the server again on its folder, still sealed.
    ///
    /// # Errors
    /// If it does not start.
    pub fn start_again(&mut self) -> Result<()> {
        self.stop();
        let mut command = command(&self.config());
        command.current_dir(self.home.path());
        let mut part = Part::start("strongroom", Arc::clone(&self.home), &mut command, Signal::TERM)?;
        let mut nobody = Caller::new(&self.address, None);
        part.wait_until(START, || nobody.get("sys/seal-status").is_ok())?;
        self.part = Some(part);
        Ok(())
    }

    /// Unseals the server.
    ///
    /// # Errors
    /// If it stays sealed.
    pub fn unseal(&self) -> Result<()> {
        let share = json!({ "key": self.keys().share });
        let answer = accepted(Caller::new(&self.address, None).post("sys/unseal", &share))?;
        match answer.body.get("sealed") {
            Some(Value::Bool(false)) => Ok(()),
            _ => bail!("the server stays sealed: {answer:?}"),
        }
    }

    fn start_in(home: TempDir, data: &Path) -> Result<Self> {
        let address = free_address()?;
        let mut server = Self {
            part: None,
            home: Arc::new(home),
            address,
            keys: None,
        };
        let audit = format!(
            "audit \"file\" \"file\" {{ options = {{ file_path = {:?} }} }}\n",
            server.audit_file()
        );
        fs::write(server.config(), configuration(data, &server.address) + &audit)?;
        server.start_again()?;
        server.initialize()?;
        server.unseal()?;
        Ok(server)
    }

    fn initialize(&mut self) -> Result<()> {
        let shares = json!({ "secret_shares": 1, "secret_threshold": 1 });
        let answer = accepted(Caller::new(&self.address, None).post("sys/init", &shares))?;
        self.keys = Some(Keys {
            share: answer.text("/keys_base64/0"),
            root: answer.text("/root_token"),
        });
        Ok(())
    }

    fn keys(&self) -> &Keys {
        self.keys.as_ref().expect("the server was initialised")
    }
}

/// Returns a configuration of a server that keeps its store in `data` and listens at `address`.
#[must_use]
pub fn configuration(data: &Path, address: &str) -> String {
    format!(
        "storage \"file\" {{ path = {data:?} }}\n\
         listener \"tcp\" {{\n  address     = {address:?}\n  tls_disable = true\n}}\n"
    )
}

/// Returns an address on the loopback that nobody listens at now.
///
/// # Errors
/// If there is none.
pub fn free_address() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").context("find a free port")?;
    Ok(listener.local_addr()?.to_string())
}

/// Runs a server that is expected to refuse to start, and returns how it ended.
///
/// # Errors
/// If it does not end within a minute.
pub fn refusal(config: &Path) -> Result<Output> {
    let mut child = command(config)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("start strongroom")?;
    if crate::wait::until(START, || !matches!(child.try_wait(), Ok(None))).is_none() {
        let _already_gone = child.kill();
        let output = child.wait_with_output()?;
        bail!("a server started that should have refused: {output:?}");
    }
    Ok(child.wait_with_output()?)
}

/// Returns a successful answer, or an error that shows the other one.
///
/// # Errors
/// If there was no answer, or a refusal.
pub fn accepted(answer: io::Result<Answer>) -> Result<Answer> {
    let answer = answer?;
    if !answer.is_success() {
        bail!("the server refused: {answer:?}");
    }
    Ok(answer)
}

/// The variables of the caller would change what the configuration says.
fn command(config: &Path) -> Command {
    let mut command = Command::new(binary());
    command
        .arg("server")
        .arg(format!("-config={}", config.display()))
        .env_remove("VAULT_LOCAL_CONFIG")
        .env_remove("BAO_LOCAL_CONFIG");
    command
}

fn home() -> Result<TempDir> {
    let home = tempfile::Builder::new().prefix("strongroom-server-").tempdir();
    home.context("make the server's folder")
}
