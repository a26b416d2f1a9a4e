//! `kill -9` under load: what was acknowledged is there, what was revoked stays revoked, nothing is left behind.

mod audit_file;
mod logins;
mod secrets;
mod tokens;

use std::env;
use std::io;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use harness::postgres::Postgres;
use harness::server::{Server, accepted};
use serde_json::json;
use storage_conformance::Dice;

use self::audit_file::AuditFile;
use self::logins::Logins;
use self::secrets::Secrets;
use self::tokens::Tokens;
use crate::desk::Desk;
use crate::logins_in;

const ROUNDS: u64 = 6;
const WRITERS: usize = 4;
const TOKEN_MAKERS: usize = 2;
const LOGIN_MAKERS: usize = 2;
/// Within this time after unsealing nothing is left of what nobody has a lease for.
const RECOVERED: Duration = Duration::from_secs(30);

/// Somebody who changes what the server keeps, and keeps a book of what was acknowledged.
trait Client: Send {
    /// Does one thing. An error is a lost connection: nobody knows whether that thing was done.
    fn act(&mut self, desk: &mut Desk) -> io::Result<()>;

    /// Compares the book with a server that was started again; what nobody knew is known then.
    fn check(&mut self, desk: &mut Desk) -> io::Result<()>;
}

type Staff<'a> = Vec<(Box<dyn Client + 'a>, Desk)>;

#[test]
fn a_killed_server_has_lost_nothing_that_it_acknowledged_and_left_nothing_behind() {
    let (seed, rounds) = (setting("KILL_SEED", 7), setting("KILL_ROUNDS", ROUNDS));
    println!("KILL_SEED={seed} KILL_ROUNDS={rounds}");
    let mut dice = Dice::new(seed);
    let database = Postgres::shared().database().unwrap();
    let mut server = Server::start().unwrap();
    prepare(&server);
    logins_in::connect(&mut server.root(), &database, "1h");
    let mut staff = Staff::new();
    let mut hire = |client| staff.push((client, Desk::new(server.root(), dice.roll())));
    (0..WRITERS).for_each(|writer| hire(Box::new(Secrets::new(writer))));
    (0..TOKEN_MAKERS).for_each(|_| hire(Box::<Tokens>::default()));
    (0..LOGIN_MAKERS).for_each(|_| hire(Box::new(Logins::new(&database))));

    let mut audit = AuditFile::new(server.audit_file());
    for round in 1..=rounds {
        let answers = work_until_killed(&mut server, &mut staff, &mut dice);
        println!("round {round}: killed after {answers} answers");
        restart(&mut server);
        if dice.once_in(4) {
            println!("round {round}: killed again while it recovers");
            server.kill();
            restart(&mut server);
        }
        audit.check(staff.iter_mut().flat_map(|(_, desk)| desk.answered.drain(..)));
        for (client, desk) in &mut staff {
            client.check(desk).unwrap();
        }
    }
    logins::check_nothing_left(&mut server.root(), &database, RECOVERED);
    assert!(!server.log().contains("panicked"), "{}", server.log());
}

fn prepare(server: &Server) {
    let mut root = server.root();
    let family = r#"path "auth/token/create" { capabilities = ["update"] }"#;
    for (path, body) in [
        (
            "sys/mounts/secret",
            json!({ "type": "kv", "options": { "version": "2" } }),
        ),
        ("sys/policies/acl/family", json!({ "policy": family })),
    ] {
        accepted(root.post(path, &body)).unwrap();
    }
}

fn restart(server: &mut Server) {
    server.start_again().unwrap();
    server.unseal().unwrap();
}

/// Lets everybody work, and kills the server at a moment of chance. Returns how many requests were answered by then.
fn work_until_killed(server: &mut Server, staff: &mut Staff<'_>, dice: &mut Dice) -> usize {
    let (counter, answers) = mpsc::channel();
    let first = if dice.once_in(4) { 10 } else { 400 };
    let (answers_before, pause) = (1 + dice.below(first), dice.below(4000));
    thread::scope(|scope| {
        for (client, desk) in staff.iter_mut() {
            desk.counter = Some(counter.clone());
            scope.spawn(|| {
                while client.act(desk).is_ok() {}
                desk.counter = None;
            });
        }
        drop(counter);
        let pause = Duration::from_micros(pause.try_into().unwrap());
        let seen = count(&answers, answers_before, pause);
        server.kill();
        seen
    })
}

/// Counts answers up to a number, and a little longer, so that death does not always follow an answer.
fn count(answers: &Receiver<()>, enough: usize, longer: Duration) -> usize {
    let mut seen = answers.iter().take(enough).count();
    let deadline = Instant::now() + longer;
    while answers
        .recv_timeout(deadline.saturating_duration_since(Instant::now()))
        .is_ok()
    {
        seen += 1;
    }
    seen
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long a test runs is no setting of the server"
)]
fn setting(name: &str, default: u64) -> u64 {
    let text = env::var(name).ok();
    text.map_or(default, |text| text.parse().expect("a number"))
}
