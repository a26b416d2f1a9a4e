//! Giving one of the old shares; with the last one come the new shares.

use client::{Answer, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::key::Share;
use super::kind::Kind;
use super::progress::Progress;
use super::{NONCE, verification};
use crate::failure::{Context, Exit, Failure};
use crate::output::Format;
use crate::session::Session;

/// The new shares.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct NewShares {
    nonce: String,
    complete: bool,
    keys: Vec<String>,
    keys_base64: Vec<String>,
    pgp_fingerprints: Option<Vec<String>>,
    backup: bool,
    verification_required: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    verification_nonce: String,
}

/// Gives a share.
pub(super) fn give_share(session: &mut Session<'_>, kind: &Kind) -> Result<Exit, Failure> {
    let progress = Progress::read(session, kind)?;
    if !progress.started {
        return Err(Failure::misuse(kind.hint(session.program)));
    }
    let share = Share::read(session, &NONCE, &progress.nonce)?;
    let request = Request::put(&kind.path("update")).json(&json!({"key": share.key, "nonce": share.nonce}));
    let answer = session
        .send(request)
        .context(|| "Error posting unseal key".to_owned())?;
    if answer.member("complete") != Some(&Value::Bool(true)) {
        return Progress::read(session, kind)?.show(session);
    }
    let shares = new_shares(&answer);
    if session.format != Format::Table {
        return session.show_value(&shares);
    }
    session.terminal.say(&for_people(&shares));
    if shares.verification_required {
        session.terminal.warn(
            "Again, these key shares are _not_ valid until verification is performed.\n\
             Do not lose or discard your current key shares until after verification is\n\
             complete, or you will be unable to unseal. If you cancel, or seal the server,\n\
             before that, the new shares will be discarded and the current ones remain valid.",
        );
        return verification::show(session, kind);
    }
    Ok(Exit::Success)
}

fn new_shares(answer: &Answer) -> NewShares {
    answer
        .data()
        .and_then(|data| NewShares::deserialize(data).ok())
        .unwrap_or_default()
}

fn for_people(shares: &NewShares) -> String {
    let mut text = String::from("\n");
    for (n, key) in shares.keys_base64.iter().enumerate() {
        let fingerprint = shares
            .pgp_fingerprints
            .as_ref()
            .and_then(|fingerprints| fingerprints.get(n));
        let fingerprint = fingerprint
            .map(|fingerprint| format!(" fingerprint: {fingerprint};"))
            .unwrap_or_default();
        text.push_str(&format!("Key {}{fingerprint}: {key}\n", n + 1));
    }
    let validity = if shares.verification_required {
        "These will not be active until after verification is complete."
    } else {
        "The old ones no longer open anything."
    };
    text.push_str(&format!(
        "\nOperation nonce: {}\n\nVault has created new unseal keys, {} of them. {validity}\nPlease securely distribute the key shares printed above.\n",
        shares.nonce,
        shares.keys_base64.len()
    ));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_without_a_verification_nonce_shows_none() {
        let shares: NewShares =
            serde_json::from_str(r#"{"keys": ["00"], "complete": true}"#).expect("shares");
        assert!(
            !serde_json::to_string(&shares)
                .expect("JSON")
                .contains("verification_nonce")
        );
    }
}
