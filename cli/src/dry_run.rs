//! Requests that are shown instead of sent: as a call of curl, or as the policy that they need.

mod curl;
mod policy;
mod sudo;

use crate::flags::{Parsed, shared};
use crate::session::{Described, Session};

/// A request in the form that was asked for.
pub(crate) fn shown(session: &Session<'_>, described: &Described) -> String {
    match session.flags.switch(&shared::OUTPUT_POLICY) {
        true => policy::policy(&described.request),
        false => curl::curl(session.program, &described.prepared),
    }
}

/// The complaint about a command that has sent nothing that could be shown.
pub(crate) fn missed(flags: &Parsed) -> Option<&'static str> {
    if flags.switch(&shared::OUTPUT_POLICY) {
        return Some("Unable to generate policy from command");
    }
    flags
        .switch(&shared::OUTPUT_CURL_STRING)
        .then_some("Unable to generate cURL string from command")
}
