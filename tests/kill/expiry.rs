//! Logins end on time in a real PostgreSQL, also when the server was down at that moment.

use std::time::{Duration, Instant};

use harness::http::Caller;
use harness::postgres::{Database, Postgres};
use harness::server::{Server, accepted};
use harness::wait;

use crate::logins_in::{connect, logins};

const TTL: Duration = Duration::from_secs(2);
/// How late a login may end.
const LATE: Duration = Duration::from_secs(2);
/// How long after unsealing one is gone that should have ended before.
const MADE_UP_FOR: Duration = Duration::from_secs(5);

fn start() -> (Server, Database) {
    let database = Postgres::shared().database().unwrap();
    let server = Server::start().unwrap();
    connect(&mut server.root(), &database, "2s");
    (server, database)
}

/// Makes a login; returns the moment by which its life began.
fn make(root: &mut Caller, database: &Database) -> Instant {
    accepted(root.get(&format!("database/creds/{}", database.tag))).unwrap();
    assert_eq!(logins(database).len(), 1);
    Instant::now()
}

#[test]
fn a_login_is_gone_from_the_database_soon_after_its_end_and_not_before() {
    let (server, database) = start();
    let asked = Instant::now();
    let made = make(&mut server.root(), &database);
    wait::until(TTL + LATE, || logins(&database).is_empty()).expect("the login ends");
    assert!(asked.elapsed() >= TTL, "it ended after {:?}", asked.elapsed());
    assert!(
        made.elapsed() <= TTL + LATE,
        "it ended after {:?}",
        made.elapsed()
    );
}

#[test]
fn a_login_whose_end_came_while_the_server_was_down_is_gone_soon_after_unsealing() {
    let (mut server, database) = start();
    let made = make(&mut server.root(), &database);
    server.kill();
    wait::until(TTL * 2, || made.elapsed() > TTL).unwrap();
    server.start_again().unwrap();
    assert_eq!(logins(&database).len(), 1, "nobody can end it while it is sealed");
    server.unseal().unwrap();
    let took = wait::until(MADE_UP_FOR, || logins(&database).is_empty());
    assert!(
        took.is_some(),
        "the login is still there {MADE_UP_FOR:?} after unsealing"
    );
}
