//! How far an attempt is.

use client::Answer;
use serde::{Deserialize, Serialize};

use crate::failure::{Exit, Failure};
use crate::output::{Format, Table};
use crate::session::Session;

/// An attempt to make a root token. What the server leaves out is empty.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Attempt {
    /// Its nonce.
    pub(super) nonce: String,
    /// Whether there is one.
    pub(super) started: bool,
    progress: u64,
    required: u64,
    complete: bool,
    encoded_token: String,
    encoded_root_token: String,
    pgp_fingerprint: String,
    otp: String,
    /// How long a one-time password is.
    pub(super) otp_length: usize,
}

impl Attempt {
    /// Reads it from an answer.
    pub(super) fn parse(answer: &Answer) -> Self {
        answer
            .data()
            .and_then(|data| Self::deserialize(data).ok())
            .unwrap_or_default()
    }

    /// Shows it.
    pub(super) fn show(&self, session: &mut Session<'_>) -> Result<Exit, Failure> {
        if session.format != Format::Table {
            return session.show_value(self);
        }
        let mut table = Table::new(["Key", "Value"]);
        table.pair("Nonce", &self.nonce);
        table.pair("Started", &self.started);
        table.pair("Progress", &format!("{}/{}", self.progress, self.required));
        table.pair("Complete", &self.complete);
        let encoded = if self.encoded_token.is_empty() {
            &self.encoded_root_token
        } else {
            &self.encoded_token
        };
        for (name, text) in [
            ("PGP Fingerprint", &self.pgp_fingerprint),
            ("Encoded Token", encoded),
            ("OTP", &self.otp),
        ] {
            if !text.is_empty() {
                table.pair(name, &text);
            }
        }
        if self.otp_length > 0 {
            table.pair("OTP Length", &self.otp_length);
        }
        session.terminal.say(&table.draw_rows());
        Ok(Exit::Success)
    }
}
