//! A server on embedded storage, and the command line that talks to it, with everything printed as a reader types it.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use harness::part::Part;
use harness::postgres;
use rustix::process::Signal;
use serde_json::Value;

use crate::program;

const START: Duration = Duration::from_secs(20);

/// A running server, and who talks to it.
pub(crate) struct Stage {
    server: Part,
    program: PathBuf,
    address: String,
    token: String,
    prints: Prints,
}

/// Whether a reader watches.
#[derive(Clone, Copy, PartialEq)]
enum Prints {
    Everything,
    Nothing,
}

impl Stage {
    /// Starts a server that keeps its store and its audit log in a folder of its own.
    pub(crate) fn open(program: &Path) -> Result<Self> {
        let dir = tempfile::Builder::new().prefix("strongroom-demo-").tempdir()?;
        let listener = TcpListener::bind("127.0.0.1:0").context("find a free port")?;
        let address = listener.local_addr()?.to_string();
        drop(listener);
        let config = dir.path().join("server.hcl");
        fs::write(&config, configuration(dir.path(), &address))?;
        let mut command = Command::new(program);
        command.arg("server").arg("-config").arg(&config);
        let mut server = Part::start("strongroom", dir, &mut command, Signal::TERM)?;
        server.wait_until(START, || std::net::TcpStream::connect(&address).is_ok())?;
        Ok(Self {
            server,
            program: program.to_path_buf(),
            address: format!("http://{address}"),
            token: String::new(),
            prints: Prints::Everything,
        })
    }

    /// The same, for commands that nobody reads.
    pub(crate) fn quiet(program: &Path) -> Result<Self> {
        Ok(Self {
            prints: Prints::Nothing,
            ..Self::open(program)?
        })
    }

    /// Returns the server's URL.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Says what comes.
    pub(crate) fn tell(&self, what: &str) {
        println!("# {what}\n");
    }

    /// Uses another token from now on.
    pub(crate) fn become_(&mut self, token: String) {
        self.token = token;
    }

    /// Returns the token in use.
    pub(crate) fn token(&self) -> String {
        self.token.clone()
    }

    /// Where the audit device writes.
    pub(crate) fn log(&self) -> PathBuf {
        self.server.dir().join("audit.log")
    }

    /// Writes a file where commands run, and returns its name.
    pub(crate) fn file(&self, name: &str, text: &str) -> Result<String> {
        fs::write(self.server.dir().join(name), text).with_context(|| format!("write {name}"))?;
        Ok(name.to_owned())
    }

    /// Runs a command and prints what it says.
    pub(crate) fn run(&self, words: &[&str]) -> Result<()> {
        self.output(words).map(drop)
    }

    /// Runs a command line without blanks in its words, and reads its JSON.
    pub(crate) fn json(&self, line: &str) -> Result<Value> {
        self.json_of(&line.split(' ').collect::<Vec<_>>())
    }

    /// Runs a command and reads its JSON.
    pub(crate) fn json_of(&self, words: &[&str]) -> Result<Value> {
        let text = self.output(words)?;
        serde_json::from_str(&text).with_context(|| format!("read what {words:?} printed"))
    }

    /// Asks PostgreSQL with a login, and prints what it says.
    pub(crate) fn query(&self, what: &str, url: &str) {
        println!("$ psql … -c 'SELECT id FROM orders'      ({what})");
        match postgres::query(url, "SELECT id FROM orders") {
            Ok(rows) => rows.iter().for_each(|row| println!("{}\n", row.join(" "))),
            Err(error) => println!("{error}\n"),
        }
    }

    fn print(&self, text: &str) {
        if self.prints == Prints::Everything {
            println!("{text}");
        }
    }

    fn output(&self, words: &[&str]) -> Result<String> {
        self.print(&format!("$ strongroom {}", shown(words)));
        let errors = self.server.dir().join("errors");
        let output = Command::new(&self.program)
            .args(words)
            .current_dir(self.server.dir())
            .env("HOME", self.server.dir())
            .env("VAULT_ADDR", &self.address)
            .env("VAULT_TOKEN", &self.token)
            .stdin(Stdio::null())
            .stderr(File::create(&errors)?)
            .output()
            .with_context(|| format!("run {}", program::show(Command::new(&self.program).args(words))))?;
        let text = String::from_utf8(output.stdout).context("read what the command line printed")?;
        self.print(&text);
        ensure!(
            output.status.success(),
            "strongroom {}: {}",
            shown(words),
            fs::read_to_string(errors)?
        );
        Ok(text)
    }
}

fn configuration(dir: &Path, address: &str) -> String {
    let dir = dir.display();
    format!(
        "storage \"file\" {{ path = \"{dir}/data\" }}\n\
         listener \"tcp\" {{ address = \"{address}\" tls_disable = true }}\n\
         audit \"file\" \"log\" {{ options = {{ file_path = \"{dir}/audit.log\" }} }}\n"
    )
}

/// The words as a shell takes them, with long ones cut.
fn shown(words: &[&str]) -> String {
    const LONGEST: usize = 110;
    let word = |word: &&str| {
        let cut = match word.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", word.get(..end).unwrap_or(word)),
            None => (*word).to_owned(),
        };
        match cut.contains([' ', '"', '{']) {
            true => format!("'{}'", cut.replace('\'', "'\\''")),
            false => cut,
        }
    };
    words.iter().map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_shown_as_a_shell_takes_them() {
        assert_eq!(shown(&["kv", "put", "a=b c"]), "kv put 'a=b c'");
        assert_eq!(shown(&["it's here"]), "'it'\\''s here'");
        assert!(shown(&[&"x".repeat(200)]).ends_with('…'));
    }
}
