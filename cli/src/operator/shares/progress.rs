//! How far it is.

use client::{Answer, Request};
use serde::{Deserialize, Serialize};

use super::kind::Kind;
use crate::failure::{Context, Exit, Failure};
use crate::output::Table;
use crate::session::Session;

/// How many shares have been given, and what will come of it. What the server leaves out is empty.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Progress {
    /// Its nonce.
    pub(super) nonce: String,
    /// Whether it has been started.
    pub(super) started: bool,
    t: u64,
    n: u64,
    progress: u64,
    required: u64,
    pgp_fingerprints: Option<Vec<String>>,
    backup: bool,
    verification_required: bool,
    verification_nonce: String,
}

impl Progress {
    /// Asks the server.
    pub(super) fn read(session: &Session<'_>, kind: &Kind) -> Result<Self, Failure> {
        let answer = session.send(Request::get(&kind.path("init")));
        Ok(Self::parse(
            &answer.context(|| format!("Error reading {} status", kind.noun))?,
        ))
    }

    /// Reads it from an answer.
    pub(super) fn parse(answer: &Answer) -> Self {
        answer
            .data()
            .and_then(|data| Self::deserialize(data).ok())
            .unwrap_or_default()
    }

    /// Shows it.
    pub(super) fn show(&self, session: &mut Session<'_>) -> Result<Exit, Failure> {
        let mut table = Table::new(["Key", "Value"]);
        table.pair("Nonce", &self.nonce);
        table.pair("Started", &self.started);
        if self.started {
            table.pair("Progress", &format!("{}/{}", self.progress, self.required));
            table.pair("New Shares", &self.n);
            table.pair("New Threshold", &self.t);
            table.pair("Verification Required", &self.verification_required);
        }
        if let Some(fingerprints) = self
            .pgp_fingerprints
            .as_ref()
            .filter(|fingerprints| !fingerprints.is_empty())
        {
            table.pair("PGP Fingerprints", &format!("[{}]", fingerprints.join(" ")));
            table.pair("Backup", &self.backup);
        }
        session.show_table(&table, self)
    }
}
