//! `auth`: who asks, and what was decided. Also the token that an answer hands out.

use super::{Entry, Part};
use crate::json::{self, Object};
use crate::subject::{Decision, NewToken};
use logical::{AuthInfo, Caller, CallerKind, TokenType};

impl Entry<'_> {
    /// Writes `auth` of a line. A login's closing line shows the token it made.
    pub(super) fn caller(&self, out: &mut Vec<u8>, part: Part<'_>) {
        let mut auth = Object::begin(out);
        let login = match part {
            Part::Opening => None,
            Part::Closing(outcome) => outcome.login,
        };
        match login {
            Some(login) => self.login(&mut auth, login),
            None => self.who_asks(&mut auth, part),
        }
        auth.end();
    }

    /// Writes a token that an answer hands out.
    pub(super) fn handed_out(&self, out: &mut Vec<u8>, token: &AuthInfo) {
        let mut auth = Object::begin(out);
        self.token(&mut auth, token);
        metadata(&mut auth, token.metadata.iter().flatten());
        auth.number_if_any("num_uses", token.num_uses);
        auth.text_if_any("entity_id", &token.entity_id);
        life(&mut auth, token);
        auth.end();
    }

    fn login(&self, auth: &mut Object<'_>, login: NewToken<'_>) {
        self.token(auth, login.auth);
        metadata(auth, login.auth.metadata.iter().flatten());
        auth.text_if_any("entity_id", &login.auth.entity_id);
        if login.entity_created {
            auth.plain("entity_created", true);
        }
        life(auth, login.auth);
    }

    fn token(&self, auth: &mut Object<'_>, token: &AuthInfo) {
        self.redactor
            .secret(auth.member("client_token"), token.client_token.expose());
        if !token.accessor.is_empty() {
            self.redactor.accessor(auth.member("accessor"), &token.accessor);
        }
        auth.text_if_any("display_name", &token.display_name);
        auth.texts_if_any("policies", &token.policies);
        auth.texts_if_any("token_policies", &token.token_policies);
        auth.texts_if_any("identity_policies", &token.identity_policies);
    }

    fn who_asks(&self, auth: &mut Object<'_>, part: Part<'_>) {
        let caller = self.common.subject.caller;
        if caller.kind == CallerKind::Token && !self.token.is_empty() {
            auth.member("client_token").extend_from_slice(&self.token);
        }
        if !self.accessor.is_empty() {
            auth.member("accessor").extend_from_slice(&self.accessor);
        }
        auth.text_if_any("display_name", &caller.display_name);
        policies(auth, caller);
        self.decision(auth, part);
        metadata(auth, caller.metadata.iter());
        if let Some(left) = caller.uses_left {
            // Vault counts before this request is spent, we after.
            auth.plain("remaining_uses", left.max(0).saturating_add(1));
        }
        auth.text_if_any(
            "entity_id",
            caller.entity.as_ref().map_or("", |entity| &entity.id),
        );
        auth.text(
            "token_type",
            caller.token_type.map_or("default", TokenType::as_str),
        );
        auth.number_if_any("token_ttl", caller.token_ttl_seconds);
        if let Some(issued) = caller.token_issued {
            json::plain(auth.member("token_issue_time"), format_args!("\"{issued:.0}\""));
        }
    }

    fn decision(&self, auth: &mut Object<'_>, part: Part<'_>) {
        let subject = self.common.subject;
        let granting = match subject.decision {
            Decision::Unasked => return,
            Decision::Denied => None,
            // A login that failed says no more that it was allowed to try; so it is in Vault.
            Decision::Granted(_)
                if self.error_of(part).is_some() && subject.caller.kind == CallerKind::Anonymous =>
            {
                return;
            }
            Decision::Granted(policies) => Some(policies),
        };
        let mut results = Object::begin(auth.member("policy_results"));
        results.plain("allowed", granting.is_some());
        if let Some(policies @ [_, ..]) = granting {
            let names = policies.iter().map(String::as_str);
            json::list(results.member("granting_policies"), names, granting_policy);
        }
        results.end();
    }
}

fn policies(auth: &mut Object<'_>, caller: &Caller) {
    if caller.identity_policies.is_empty() {
        auth.texts_if_any("policies", &caller.token_policies);
    } else {
        auth.texts_if_any("policies", &caller.policies());
    }
    auth.texts_if_any("token_policies", &caller.token_policies);
    auth.texts_if_any("identity_policies", &caller.identity_policies);
}

fn granting_policy(out: &mut Vec<u8>, name: &str) {
    let mut policy = Object::begin(out);
    policy.text("name", name);
    policy.text("namespace_id", "root");
    policy.text("type", "acl");
    policy.end();
}

/// What a login said about the caller. In the clear, as in Vault: it is what policies and people go by.
fn metadata<'a>(auth: &mut Object<'_>, pairs: impl Iterator<Item = (&'a String, &'a String)>) {
    let mut pairs = pairs.peekable();
    if pairs.peek().is_none() {
        return;
    }
    let mut metadata = Object::begin(auth.member("metadata"));
    for (name, value) in pairs {
        json::text(metadata.named(name), value);
    }
    metadata.end();
}

fn life(auth: &mut Object<'_>, token: &AuthInfo) {
    auth.text("token_type", token.token_type.as_str());
    auth.number_if_any("token_ttl", token.duration.as_secs());
}
