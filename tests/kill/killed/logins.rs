//! A maker of database logins, some of them with a session that is open when they end.

use std::io;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use harness::http::Caller;
use harness::postgres::Database;
use harness::server::accepted;
use harness::wait;
use serde_json::{Value, json};

use super::Client;
use crate::desk::{Desk, granted};
use crate::logins_in::{logins, orphaned_sessions};

/// Older ones are no longer looked at, and stay.
const REMEMBERED: usize = 30;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Alive,
    /// A revocation was asked for, and nobody knows.
    Unknown,
    Revoked,
}

struct Login {
    lease: String,
    username: String,
    password: String,
    fate: Fate,
    session: Option<Session>,
}

pub(super) struct Logins<'a> {
    database: &'a Database,
    made: Vec<Login>,
}

impl<'a> Logins<'a> {
    pub(super) fn new(database: &'a Database) -> Self {
        Self {
            database,
            made: Vec::new(),
        }
    }
}

impl Client for Logins<'_> {
    fn act(&mut self, desk: &mut Desk) -> io::Result<()> {
        let alive = self.made.iter_mut().filter(|login| login.fate == Fate::Alive);
        let mut alive: Vec<&mut Login> = alive.collect();
        if alive.is_empty() || desk.dice.once_in(2) {
            self.made.push(Login::make(desk, &self.database.tag)?);
            return Ok(());
        }
        let login = alive.swap_remove(desk.dice.below(alive.len()));
        match desk.dice.below(8) {
            0..4 => login.revoke(desk),
            4 => {
                login.session = Some(Session::open(self.database, login));
                Ok(())
            }
            _ => login.renew(desk),
        }
    }

    fn check(&mut self, desk: &mut Desk) -> io::Result<()> {
        let old = self.made.len().saturating_sub(REMEMBERED);
        self.made.drain(..old);
        for login in &mut self.made {
            if login.fate == Fate::Unknown {
                login.revoke_again(desk)?;
            }
            login.check_lease(desk)?;
        }
        let present = logins(self.database);
        for login in &self.made {
            let is_there = present.contains(&login.username);
            assert_eq!(is_there, login.fate == Fate::Alive, "{}", login.username);
        }
        Ok(())
    }
}

impl Login {
    fn make(desk: &mut Desk, role: &str) -> io::Result<Self> {
        let answer = granted(desk.call("GET", &format!("database/creds/{role}"), &Value::Null)?);
        Ok(Self {
            lease: answer.text("/lease_id"),
            username: answer.text("/data/username"),
            password: answer.text("/data/password"),
            fate: Fate::Alive,
            session: None,
        })
    }

    fn renew(&self, desk: &mut Desk) -> io::Result<()> {
        let renewal = json!({ "lease_id": self.lease, "increment": 3600 });
        granted(desk.call("POST", "sys/leases/renew", &renewal)?);
        Ok(())
    }

    fn revoke(&mut self, desk: &mut Desk) -> io::Result<()> {
        self.fate = Fate::Unknown;
        let revocation = json!({ "lease_id": self.lease, "sync": true });
        granted(desk.call("POST", "sys/leases/revoke", &revocation)?);
        self.fate = Fate::Revoked;
        Ok(())
    }

    /// A revocation that broke off has ended the login or not; repeated it has, unless its lease is gone already.
    fn revoke_again(&mut self, desk: &mut Desk) -> io::Result<()> {
        if self.look_up(desk)? == 200 {
            self.revoke(desk)?;
        }
        self.fate = Fate::Revoked;
        Ok(())
    }

    fn check_lease(&self, desk: &mut Desk) -> io::Result<()> {
        let expected = if self.fate == Fate::Alive { 200 } else { 400 };
        let found = self.look_up(desk)?;
        assert_eq!(
            found, expected,
            "the lease of {}, which is {:?}",
            self.username, self.fate
        );
        Ok(())
    }

    fn look_up(&self, desk: &mut Desk) -> io::Result<u16> {
        let lease = json!({ "lease_id": self.lease });
        Ok(desk.call("POST", "sys/leases/lookup", &lease)?.status)
    }
}

/// A session of `psql` that would outlast the test. It ends with its login, or when it is dropped.
struct Session(Child);

impl Session {
    fn open(database: &Database, login: &Login) -> Self {
        let url = database.url_of(&login.username, &login.password);
        let psql = Command::new("psql")
            .args([&url, "-XAtqc", "SELECT pg_sleep(3600)"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self(psql.unwrap())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _already_gone = self.0.kill();
        let _status = self.0.wait();
    }
}

/// Fails if, soon after unsealing, there are logins that no lease leads to, or sessions of logins that are gone.
pub(super) fn check_nothing_left(root: &mut Caller, database: &Database, within: Duration) {
    let leases = format!("sys/leases/lookup/database/creds/{}", database.tag);
    let listed = root.call("LIST", &leases, &Value::Null).unwrap();
    let leases = listed.body.pointer("/data/keys").and_then(Value::as_array);
    let leases = leases.map_or(0, Vec::len);
    let settled = wait::until(within, || {
        logins(database).len() == leases && orphaned_sessions(database) == 0
    });
    assert!(
        settled.is_some(),
        "{leases} leases, {} logins, {} sessions of none",
        logins(database).len(),
        orphaned_sessions(database)
    );
    let prefix = "sys/leases/revoke-prefix/database/creds";
    accepted(root.post(prefix, &json!({ "sync": true }))).unwrap();
    assert_eq!(logins(database), [""; 0], "logins without a lease");
    assert_eq!(orphaned_sessions(database), 0, "sessions of no login");
}
