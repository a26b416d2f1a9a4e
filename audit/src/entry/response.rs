//! `response`: how it ended.

use super::{Entry, Part, moment};
use crate::json::{self, Object};
use crate::redactor::Shown;
use crate::subject::Outcome;
use logical::{Body, Fields, LeaseInfo, MountFacts, Operation, WrapInfo};
use serde_json::Value;
use std::collections::BTreeMap;

impl Entry<'_> {
    /// Writes `response` of a line. What is in a wrapped answer is written down when it is unwrapped.
    pub(super) fn response(&self, out: &mut Vec<u8>, outcome: &Outcome<'_>) {
        let answer = outcome.response;
        let mut response = Object::begin(out);
        if let (Some(auth), None) = (&answer.auth, &answer.wrap_info) {
            self.handed_out(response.member("auth"), auth);
        }
        if let Some(mount) = self.common.subject.mount {
            self.mount(
                &mut response,
                mount,
                Part::Closing(outcome),
                "mount_running_plugin_version",
            );
        }
        match &answer.wrap_info {
            Some(_) => response.texts_if_any("warnings", &answer.warnings),
            None => self.content(&mut response, outcome),
        }
        if let Some(wrap) = &answer.wrap_info {
            self.wrapping(response.member("wrap_info"), wrap);
        }
        headers(&mut response, &answer.headers);
        response.end();
    }

    fn content(&self, response: &mut Object<'_>, outcome: &Outcome<'_>) {
        let answer = outcome.response;
        if let Some(lease) = &answer.lease {
            secret(response.member("secret"), lease);
        }
        match &answer.body {
            Body::Empty | Body::Data(None) => {}
            Body::Data(Some(fields)) => self.data(response, fields),
            Body::Errors { errors, data } => self.refusal(response, outcome, errors, data.as_ref()),
            Body::Raw { media, bytes } => self.raw(response, answer.status, media, bytes),
        }
        response.texts_if_any("warnings", &answer.warnings);
    }

    fn data(&self, response: &mut Object<'_>, fields: &Fields) {
        if fields.is_empty() {
            return;
        }
        let mut data = Object::begin(response.member("data"));
        if self.style.elide_list_responses && self.common.subject.operation == Operation::List {
            self.elided(&mut data, fields);
        } else {
            self.redactor
                .members(&mut data, fields.expose(), shown(self.common.subject.mount));
        }
        data.end();
    }

    /// A listing, of which only the numbers of names are told.
    fn elided(&self, data: &mut Object<'_>, fields: &Fields) {
        let shown = shown(self.common.subject.mount);
        for (name, value) in fields.expose() {
            match (name.as_str(), value) {
                ("keys", Value::Array(names)) => json::plain(data.named(name), names.len()),
                ("key_info", Value::Object(names)) => json::plain(data.named(name), names.len()),
                _ => self
                    .redactor
                    .value(data.named(name), value, &Shown::under(name, shown)),
            }
        }
    }

    fn refusal(
        &self,
        response: &mut Object<'_>,
        outcome: &Outcome<'_>,
        errors: &[String],
        fields: Option<&Fields>,
    ) {
        let told = errors.join("\n");
        // Vault repeats in `data` what its plugins and policies say, not what its router says.
        let is_repeated = outcome.response.status != 403 && outcome.error == Some(&told);
        let error = (!told.is_empty() && !is_repeated).then_some(told);
        if error.is_none() && fields.is_none_or(Fields::is_empty) {
            return;
        }
        let shown = shown(self.common.subject.mount);
        let mut data = Object::begin(response.member("data"));
        if let Some(error) = error {
            self.redactor
                .text(data.member("error"), &error, &Shown::under("error", shown));
        }
        if let Some(fields) = fields {
            self.redactor.members(&mut data, fields.expose(), shown);
        }
        data.end();
    }

    fn raw(&self, response: &mut Object<'_>, status: u16, media: &str, bytes: &[u8]) {
        let shown = shown(self.common.subject.mount);
        let mut data = Object::begin(response.member("data"));
        self.redactor.text(
            data.member("http_content_type"),
            media,
            &Shown::under("http_content_type", shown),
        );
        self.redactor.secret_bytes(data.member("http_raw_body"), bytes);
        data.plain("http_status_code", status);
        data.end();
    }

    fn wrapping(&self, out: &mut Vec<u8>, wrap: &WrapInfo) {
        let mut info = Object::begin(out);
        info.number_if_any("ttl", wrap.ttl.as_secs());
        self.redactor.secret(info.member("token"), wrap.token.expose());
        self.redactor.accessor(info.member("accessor"), &wrap.accessor);
        moment(info.member("creation_time"), wrap.creation_time);
        info.text("creation_path", &wrap.creation_path);
        if !wrap.wrapped_accessor.is_empty() {
            self.redactor
                .accessor(info.member("wrapped_accessor"), &wrap.wrapped_accessor);
        }
        info.end();
    }
}

/// A lease's id stays readable, for it is what an operator revokes by.
fn secret(out: &mut Vec<u8>, lease: &LeaseInfo) {
    let mut secret = Object::begin(out);
    secret.text_if_any("lease_id", &lease.id);
    secret.end();
}

fn headers(response: &mut Object<'_>, sent: &[(String, String)]) {
    if sent.is_empty() {
        return;
    }
    let mut by_name: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in sent {
        by_name.entry(name).or_default().push(value);
    }
    let mut headers = Object::begin(response.member("headers"));
    for (name, values) in by_name {
        json::list(headers.named(name), values.iter(), |out, value| {
            json::text(out, value)
        });
    }
    headers.end();
}

fn shown(mount: Option<&MountFacts>) -> &[String] {
    mount
        .and_then(|mount| mount.tuning.audit_non_hmac_response_keys.as_deref())
        .unwrap_or_default()
}
