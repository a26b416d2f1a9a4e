//! The lines themselves: an opening entry before anything is done, a closing one before the answer leaves.
//!
//! Members and their order are Vault's, as recorded: what is empty is left out. `caller.rs` writes `auth`,
//! `request.rs` and `response.rs` the members of their names.

mod caller;
mod request;
mod response;

use crate::headers::AuditedHeaders;
use crate::json::{self, Object};
use crate::redactor::Redactor;
use crate::salt::QUOTED;
use crate::subject::{Outcome, Subject};
use crate::{client_id, config::Style};
use logical::{MountFacts, Time};

/// What the entries of a request have in common in all devices.
pub(crate) struct Common<'a> {
    pub(crate) subject: &'a Subject<'a>,
    pub(crate) headers: &'a AuditedHeaders,
    /// The version that every plugin has, being built in.
    pub(crate) plugin_version: &'a str,
    client_id: Option<String>,
}

/// The entries of one request in one device's hand.
pub(crate) struct Entry<'a> {
    common: &'a Common<'a>,
    style: &'a Style,
    redactor: Redactor<'a>,
    /// The caller's token and accessor as this device shows them, for each appears twice in every line.
    token: Vec<u8>,
    accessor: Vec<u8>,
}

/// Which of the two entries is written.
#[derive(Clone, Copy)]
enum Part<'a> {
    Opening,
    Closing(&'a Outcome<'a>),
}

impl<'a> Common<'a> {
    /// Works out what the devices share.
    pub(crate) fn new(
        subject: &'a Subject<'a>,
        headers: &'a AuditedHeaders,
        plugin_version: &'a str,
    ) -> Self {
        let client_id = subject.is_recognised().then(|| client_id::of(subject.caller));
        Self {
            subject,
            headers,
            plugin_version,
            client_id,
        }
    }
}

impl<'a> Entry<'a> {
    /// Prepares the entries of a request.
    pub(crate) fn new(common: &'a Common<'a>, style: &'a Style, redactor: Redactor<'a>) -> Self {
        let (mut token, mut accessor) = (Vec::with_capacity(QUOTED), Vec::with_capacity(QUOTED));
        if let Some(text) = &common.subject.request.token {
            redactor.secret(&mut token, text.expose());
        }
        if let Some(id) = &common.subject.caller.accessor {
            redactor.accessor(&mut accessor, id.as_str());
        }
        Self {
            common,
            style,
            redactor,
            token,
            accessor,
        }
    }

    /// Writes the opening line.
    pub(crate) fn opening(&self, out: &mut Vec<u8>, now: Time) {
        self.line(out, now, Part::Opening);
    }

    /// Writes the closing line.
    pub(crate) fn closing(&self, out: &mut Vec<u8>, now: Time, outcome: &Outcome<'_>) {
        self.line(out, now, Part::Closing(outcome));
    }

    fn line(&self, out: &mut Vec<u8>, now: Time, part: Part<'_>) {
        out.extend_from_slice(self.style.prefix.as_bytes());
        let mut line = Object::begin(out);
        moment(line.member("time"), now);
        line.text("type", part.name());
        self.caller(line.member("auth"), part);
        self.request(line.member("request"), part);
        if let Part::Closing(outcome) = part {
            self.response(line.member("response"), outcome);
        }
        line.text_if_any("error", self.error_of(part).unwrap_or_default());
        line.end();
        out.push(b'\n');
    }

    fn error_of(&self, part: Part<'a>) -> Option<&'a str> {
        match part {
            Part::Opening => self.common.subject.error,
            Part::Closing(outcome) => outcome.error,
        }
    }

    /// The mount's members; `version` is the name of the last but one, which differs between request and response.
    fn mount(&self, object: &mut Object<'_>, mount: &MountFacts, part: Part<'_>, version: &'static str) {
        object.text("mount_point", &mount.path);
        if mount.kind.is_empty() {
            // Where the path leads is known, but nobody has looked what is there.
            return;
        }
        object.text("mount_type", &mount.kind);
        let subject = self.common.subject;
        let names_accessor = match part {
            Part::Opening => subject.knew_accessor(),
            Part::Closing(_) => subject.learnt_accessor(),
        };
        if names_accessor {
            object.text_if_any("mount_accessor", &mount.accessor);
        }
        object.text(version, self.common.plugin_version);
        object.text("mount_class", if mount.is_auth { "auth" } else { "secret" });
    }
}

impl Part<'_> {
    fn name(self) -> &'static str {
        match self {
            Self::Opening => "request",
            Self::Closing(_) => "response",
        }
    }
}

/// Writes a moment, to the nanosecond.
fn moment(out: &mut Vec<u8>, moment: Time) {
    json::plain(out, format_args!("\"{moment}\""));
}
