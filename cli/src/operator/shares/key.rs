//! A key share that is given, and to what.

use crate::failure::Failure;
use crate::flags::Flag;
use crate::operator::ASKED;
use crate::session::Session;

/// A key share for an attempt.
pub(in crate::operator) struct Share {
    /// The share.
    pub(in crate::operator) key: String,
    /// The attempt's nonce.
    pub(in crate::operator) nonce: String,
}

impl Share {
    /// Reads the share from the argument, from standard input, or asks for it.
    ///
    /// Whoever is asked sees which attempt it is for; whoever is not must have said so.
    pub(in crate::operator) fn read(
        session: &mut Session<'_>,
        nonce: &Flag,
        current: &str,
    ) -> Result<Self, Failure> {
        let given = session.flags.text(nonce).to_owned();
        let (key, nonce) = match session.argument(0).trim() {
            "-" => (session.read_input()?, given),
            "" => (ask(session, current)?, current.to_owned()),
            key => (key.to_owned(), given),
        };
        if nonce.is_empty() {
            return Err(Failure::misuse(
                "Missing nonce value: specify it via the -nonce flag",
            ));
        }
        Ok(Self {
            key: key.trim().to_owned(),
            nonce,
        })
    }
}

fn ask(session: &mut Session<'_>, nonce: &str) -> Result<String, Failure> {
    if session.terminal.can_ask() {
        session.terminal.say(&format!("Operation nonce: {nonce}"));
    }
    session.terminal.ask(ASKED).map_err(|error| {
        Failure::misuse(format!(
            "Error asking for an unseal key: {error}.\nRun the command in a terminal, or pipe the key into it and give \"-\" as its argument."
        ))
    })
}
