//! `request`: what is asked for.

use super::{Entry, Part};
use crate::json::{self, Object};
use logical::{MountFacts, Remote};

impl Entry<'_> {
    /// Writes `request` of a line.
    pub(super) fn request(&self, out: &mut Vec<u8>, part: Part<'_>) {
        let subject = self.common.subject;
        let asked = subject.request;
        let mut request = Object::begin(out);
        request.text("id", &asked.id);
        request.text_if_any("client_id", self.common.client_id.as_deref().unwrap_or_default());
        request.text("operation", subject.operation.as_str());
        if let Some(mount) = subject.mount {
            self.mount(&mut request, mount, part, "mount_running_version");
        }
        if !self.token.is_empty() {
            request.member("client_token").extend_from_slice(&self.token);
        }
        if !self.accessor.is_empty() {
            request
                .member("client_token_accessor")
                .extend_from_slice(&self.accessor);
        }
        namespace(&mut request);
        request.text("path", subject.path);
        self.members_sent(&mut request);
        remote(&mut request, asked.remote);
        if let Some(ttl) = asked.wrap_ttl {
            request.number_if_any("wrap_ttl", ttl.as_secs());
        }
        self.headers_sent(&mut request);
        request.end();
    }

    fn members_sent(&self, request: &mut Object<'_>) {
        let members = self.common.subject.request.data.expose();
        if members.is_empty() {
            return;
        }
        let mut data = Object::begin(request.member("data"));
        self.redactor
            .members(&mut data, members, shown(self.common.subject.mount));
        data.end();
    }

    /// Headers that an operator asked for. Nothing is written if the request has none of them.
    fn headers_sent(&self, request: &mut Object<'_>) {
        let sent = &self.common.subject.request.headers.0;
        let mut found = self
            .common
            .headers
            .iter()
            .filter_map(|(name, hmac)| Some((name, hmac, sent.get(name)?)))
            .peekable();
        if found.peek().is_none() {
            return;
        }
        let mut headers = Object::begin(request.member("headers"));
        for (name, hmac, values) in found {
            json::list(headers.named(name), values.iter(), |out, value| {
                if hmac {
                    self.redactor.hashed(out, value.as_bytes());
                } else {
                    json::text(out, value);
                }
            });
        }
        headers.end();
    }
}

/// There is one namespace so far.
fn namespace(request: &mut Object<'_>) {
    let mut namespace = Object::begin(request.member("namespace"));
    namespace.text("id", "root");
    namespace.end();
}

/// Where it came from. What the house does by itself comes from nowhere: no address, no port.
fn remote(request: &mut Object<'_>, remote: Remote) {
    if remote.port == 0 && remote.address.is_unspecified() {
        return;
    }
    json::plain(
        request.member("remote_address"),
        format_args!("\"{}\"", remote.address),
    );
    request.number_if_any("remote_port", remote.port.into());
}

fn shown(mount: Option<&MountFacts>) -> &[String] {
    mount
        .and_then(|mount| mount.tuning.audit_non_hmac_request_keys.as_deref())
        .unwrap_or_default()
}
