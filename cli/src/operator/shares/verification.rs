//! Giving the new shares back, so that nobody is left with shares that were never written down.

use client::{Answer, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::NONCE;
use super::key::Share;
use super::kind::Kind;
use crate::failure::{Context, Exit, Failure};
use crate::output::Table;
use crate::session::Session;

/// How far it is.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct Verification {
    nonce: String,
    started: bool,
    t: u64,
    n: u64,
    progress: u64,
}

/// Shows how far it is.
pub(super) fn show(session: &mut Session<'_>, kind: &Kind) -> Result<Exit, Failure> {
    let verification = read(session, kind)?;
    display(session, &verification)
}

/// Gives a new share back.
pub(super) fn give_share(session: &mut Session<'_>, kind: &Kind) -> Result<Exit, Failure> {
    let verification = read(session, kind)?;
    if !verification.started {
        return Err(Failure::misuse("No verification is in progress."));
    }
    let share = Share::read(session, &NONCE, &verification.nonce)?;
    let request = Request::put(&kind.path("verify")).json(&json!({"key": share.key, "nonce": share.nonce}));
    let answer = session
        .send(request)
        .context(|| "Error posting unseal key".to_owned())?;
    if answer.member("complete") == Some(&Value::Bool(true)) {
        session.succeed("Success! The new shares are verified and count from now on.")?;
        return Ok(Exit::Success);
    }
    display(session, &parse(&answer))
}

fn read(session: &Session<'_>, kind: &Kind) -> Result<Verification, Failure> {
    let answer = session.send(Request::get(&kind.path("verify")));
    Ok(parse(
        &answer.context(|| "Error reading verification status".to_owned())?,
    ))
}

fn parse(answer: &Answer) -> Verification {
    answer
        .data()
        .and_then(|data| Verification::deserialize(data).ok())
        .unwrap_or_default()
}

fn display(session: &mut Session<'_>, verification: &Verification) -> Result<Exit, Failure> {
    let mut table = Table::new(["Key", "Value"]);
    table.pair("Started", &verification.started);
    table.pair("New Shares", &verification.n);
    table.pair("New Threshold", &verification.t);
    table.pair("Verification Nonce", &verification.nonce);
    table.pair(
        "Verification Progress",
        &format!("{}/{}", verification.progress, verification.t),
    );
    session.show_table(&table, verification)
}
