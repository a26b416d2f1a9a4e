//! Encrypted shares that the server keeps for an emergency.

use client::{Request, Secret};

use super::kind::Kind;
use crate::failure::{Context, Exit, Failure};
use crate::session::Session;

/// Shows them.
pub(super) fn retrieve(session: &mut Session<'_>, kind: &Kind) -> Result<Exit, Failure> {
    let answer = session.send(Request::get(&kind.path("backup")));
    let answer = answer.context(|| format!("Error retrieving {} backed up keys", kind.noun))?;
    Secret::parse(&answer).map_or(Ok(Exit::Success), |secret| session.show(&secret))
}

/// Deletes them.
pub(super) fn delete(session: &mut Session<'_>, kind: &Kind) -> Result<Exit, Failure> {
    let sent = session.send(Request::delete(&kind.path("backup")));
    sent.context(|| format!("Error deleting {} backed up keys", kind.noun))?;
    session
        .terminal
        .say("Success! Deleted backed up keys (if they existed)");
    Ok(Exit::Success)
}
