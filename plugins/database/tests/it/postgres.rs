//! A PostgreSQL server for these tests, gone with the process. Replaced by `tests::postgres` when that is there.

use std::fs;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const PROGRAMS: &str = "/usr/lib/postgresql/15/bin";

/// Runs a server until its standard input ends, which it does when the test process does, however it ends.
const GUARD: &str =
    r#"exec 3<&0; "$0" "$@" </dev/null & cat <&3 >/dev/null; kill -QUIT $!; wait; rm -rf "$PWD""#;

pub(crate) struct Postgres {
    _child: Child,
    pub(crate) port: u16,
}

/// A database with an administrator of its own, who may create roles.
pub(crate) struct Database {
    pub(crate) tag: String,
    pub(crate) name: String,
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) port: u16,
}

impl Postgres {
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<Postgres> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    fn start() -> Self {
        let dir = TempDir::new().unwrap();
        let data = dir.path().join("data");
        give(dir.path());
        let made = program("initdb", dir.path())
            .args([
                "-A",
                "trust",
                "-U",
                "postgres",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
                "-D",
            ])
            .arg(&data)
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(made.success());
        let hba = "local all postgres trust\nhost all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n";
        fs::write(data.join("pg_hba.conf"), hba).unwrap();
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let dir = dir.keep();
        let child = program("sh", &dir)
            .args(["-c", GUARD])
            .arg(Path::new(PROGRAMS).join("postgres"))
            .arg("-D")
            .arg(&data)
            .args(["-k", "", "-h", "127.0.0.1", "-p", &port.to_string()])
            .args(["-c", "fsync=off", "-c", "max_connections=200"])
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let postgres = Self { _child: child, port };
        let patience = Instant::now() + Duration::from_secs(60);
        while psql(&postgres.super_url("postgres"), "SELECT 1").is_err() {
            assert!(Instant::now() < patience, "PostgreSQL does not start");
        }
        postgres
    }

    fn super_url(&self, database: &str) -> String {
        format!("postgresql://postgres@127.0.0.1:{}/{database}", self.port)
    }

    pub(crate) fn database(&self) -> Database {
        use logical::Random;
        let mut bytes = [0; 4];
        crypto::SystemRandom::new().fill(&mut bytes);
        let tag = format!("{:08x}", u32::from_be_bytes(bytes));
        let database = Database {
            name: format!("db_{tag}"),
            user: format!("admin_{tag}"),
            password: format!("CANARY-{tag}"),
            port: self.port,
            tag,
        };
        let Database {
            name, user, password, ..
        } = &database;
        let server = self.super_url("postgres");
        psql(
            &server,
            &format!("CREATE ROLE {user} LOGIN CREATEROLE PASSWORD '{password}'"),
        )
        .unwrap();
        psql(&server, &format!("CREATE DATABASE {name} OWNER {user}")).unwrap();
        database
    }
}

impl Database {
    /// Runs SQL as the superuser, in this database.
    pub(crate) fn superuser(&self, sql: &str) -> Vec<String> {
        psql(
            &format!("postgresql://postgres@127.0.0.1:{}/{}", self.port, self.name),
            sql,
        )
        .unwrap()
    }

    /// Runs SQL as the administrator.
    pub(crate) fn query(&self, sql: &str) -> Vec<String> {
        self.query_as(&self.user, &self.password, sql).unwrap()
    }

    /// Runs SQL as somebody.
    pub(crate) fn query_as(&self, user: &str, password: &str, sql: &str) -> Result<Vec<String>, String> {
        psql(
            &format!(
                "postgresql://{user}:{password}@127.0.0.1:{}/{}",
                self.port, self.name
            ),
            sql,
        )
    }

    pub(crate) fn can_log_in(&self, user: &str, password: &str) -> bool {
        self.query_as(user, password, "SELECT 1").is_ok()
    }

    pub(crate) fn has_role(&self, name: &str) -> bool {
        let name = name.replace('\'', "''");
        !self
            .superuser(&format!("SELECT 1 FROM pg_roles WHERE rolname = '{name}'"))
            .is_empty()
    }

    /// A session that somebody has open.
    pub(crate) fn session(&self, user: &str, password: &str, sql: &str) -> Child {
        Command::new("psql")
            .arg(format!(
                "postgresql://{user}:{password}@127.0.0.1:{}/{}",
                self.port, self.name
            ))
            .args(["-X", "-c", sql])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// Waits until SQL of the superuser's answers something.
    pub(crate) fn wait_for(&self, sql: &str) {
        let patience = Instant::now() + Duration::from_secs(30);
        while self.superuser(sql).is_empty() {
            assert!(Instant::now() < patience, "{sql} never answers");
        }
    }
}

fn psql(url: &str, sql: &str) -> Result<Vec<String>, String> {
    let output = Command::new("psql")
        .args([url, "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql])
        .output()
        .unwrap();
    if output.status.success() {
        Ok(String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect())
    } else {
        Err(String::from_utf8(output.stderr).unwrap())
    }
}

/// PostgreSQL does not run as root.
fn program(name: &str, dir: &Path) -> Command {
    let path = Path::new(PROGRAMS).join(name);
    let mut command = Command::new(if path.exists() { path } else { name.into() });
    command.current_dir(dir).env("PGTZ", "UTC");
    if let Some((uid, gid)) = postgres_user() {
        command.uid(uid).gid(gid);
    }
    command
}

/// Lets PostgreSQL write in a folder.
fn give(path: &Path) {
    if let Some((uid, gid)) = postgres_user() {
        std::os::unix::fs::chown(path, Some(uid), Some(gid)).unwrap();
    }
}

fn postgres_user() -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt;
    let is_root = fs::metadata("/proc/self").unwrap().uid() == 0;
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let line = users.lines().find(|line| line.starts_with("postgres:"))?;
    let mut ids = line.split(':').skip(2).map(|id| id.parse().unwrap());
    is_root.then_some((ids.next()?, ids.next()?))
}
