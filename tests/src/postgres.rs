//! A PostgreSQL server of our own: a fresh cluster on a free loopback port, with a random superuser password.

mod database;
mod program;

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::Signal;

pub use self::database::Database;
use self::program::Programs;
use crate::part::Part;
use crate::random;

/// How long a new cluster may take to answer; seconds on an idle machine.
const START: Duration = Duration::from_secs(60);

/// A port that is free now may be taken when the server binds it, so a start is tried more than once.
const ATTEMPTS: usize = 3;

/// A running PostgreSQL server. Dropping it stops the server and removes its files.
#[derive(Debug)]
pub struct Postgres {
    part: Part,
    port: u16,
    password: String,
}

impl Postgres {
    /// Starts a server and waits until it answers; blocks for a second or two.
    ///
    /// # Errors
    /// If PostgreSQL is not installed or does not start.
    pub fn start() -> Result<Self> {
        let programs = Programs::find()?;
        let mut attempt = 1;
        loop {
            match Self::try_start(&programs) {
                Err(_) if attempt < ATTEMPTS => attempt += 1,
                result => return result,
            }
        }
    }

    /// Returns the server that all tests of this process share, started on first use.
    ///
    /// # Panics
    /// If it cannot be started: then no test that asks for it can say anything.
    #[must_use]
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Postgres> = OnceLock::new();
        SHARED.get_or_init(|| Self::start().expect("PostgreSQL starts; `cargo xtask setup` installs it"))
    }

    /// Returns the superuser's URL, password included.
    #[must_use]
    pub fn url(&self) -> String {
        format!(
            "postgres://postgres:{}@{}/postgres",
            self.password,
            self.address()
        )
    }

    /// Returns the host and port.
    #[must_use]
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Makes a database and an administrator that nobody else uses.
    ///
    /// # Errors
    /// If the server refuses.
    pub fn database(&self) -> Result<Database> {
        Database::create(&self.url(), &self.address())
    }

    fn try_start(programs: &Programs) -> Result<Self> {
        let dir = tempfile::Builder::new()
            .prefix("strongroom-postgres-")
            .tempdir()?;
        programs.give(dir.path())?;
        let password = random::hex()?;
        create_cluster(programs, dir.path(), &password)?;
        let port = free_port()?;
        let mut command = serve(programs, dir.path(), port);
        // SIGQUIT is PostgreSQL's immediate shutdown: nobody will read these files again.
        let mut postgres = Self {
            part: Part::start("postgres", dir, &mut command, Signal::QUIT)?,
            port,
            password,
        };
        let url = postgres.url();
        postgres
            .part
            .wait_until(START, || query(&url, "SELECT 1").is_ok())?;
        Ok(postgres)
    }
}

/// Tells whether PostgreSQL's programs are on this machine.
#[must_use]
pub fn is_installed() -> bool {
    Programs::find().is_ok()
}

/// Runs SQL with `psql` and returns the rows as text.
///
/// # Errors
/// With the server's message, if it refuses.
pub fn query(url: &str, sql: &str) -> Result<Vec<Vec<String>>> {
    let output = Command::new("psql")
        .args([url, "-XAtq", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", sql])
        .output()
        .context("run psql")?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let text = String::from_utf8(output.stdout).context("read what psql printed")?;
    Ok(text
        .lines()
        .map(|line| line.split('\t').map(str::to_owned).collect())
        .collect())
}

fn create_cluster(programs: &Programs, dir: &Path, password: &str) -> Result<()> {
    let file = dir.join("password");
    fs::write(&file, password)?;
    programs.give(&file)?;
    let output = programs
        .command("initdb", dir)
        .args([
            "--auth=scram-sha-256",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ])
        .arg("--pgdata")
        .arg(dir.join("data"))
        .arg("--pwfile")
        .arg(&file)
        .output()
        .context("run initdb")?;
    fs::remove_file(&file)?;
    if !output.status.success() {
        bail!("initdb: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}

fn serve(programs: &Programs, dir: &Path, port: u16) -> Command {
    let mut command = programs.command("postgres", dir);
    command.arg("-D").arg(dir.join("data")).arg("-k").arg(dir).args([
        "-h",
        "127.0.0.1",
        "-p",
        &port.to_string(),
    ]);
    // Durability would only cost time: the cluster never survives its process.
    for setting in [
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
        "max_connections=300",
    ] {
        command.args(["-c", setting]);
    }
    command
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("find a free port")?;
    Ok(listener.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_answers_its_superuser_and_nobody_else() {
        let postgres = Postgres::start().unwrap();
        assert_eq!(query(&postgres.url(), "SELECT 1, 'a'").unwrap(), [["1", "a"]]);
        let stranger = postgres.url().replace(&postgres.password, "wrong");
        let refusal = query(&stranger, "SELECT 1").unwrap_err().to_string();
        assert!(refusal.contains("password authentication failed"), "{refusal}");
    }

    #[test]
    fn a_dropped_server_no_longer_answers() {
        let postgres = Postgres::start().unwrap();
        let url = postgres.url();
        drop(postgres);
        assert!(query(&url, "SELECT 1").is_err());
    }
}
