//! Longer lives: of tokens, whose auth method is asked, and of credentials, whose plugin is.

use logical::{
    AuthInfo, Batch, Error, Grant, LeaseInfo, Lifetime, Login, Mounted, Operation, Result, secret::SecretText,
};
use server_leases::{LeaseId, Leases};
use server_tokens::{Known, Token};
use std::sync::Arc;
use std::time::Duration;

use crate::house::House;
use crate::login::normal_policies;

/// A token that lives longer once the batch is durable.
pub struct Renewed {
    /// As the answer shows it.
    pub auth: AuthInfo,
    /// What must be durable first.
    pub batch: Batch,
    /// What the client should know of it.
    pub warnings: Vec<String>,
}

impl House {
    /// Extends a token's life. `limits` are those of the token role that made it, if one did; a login's method is asked.
    pub async fn renew_token(
        &self,
        known: &Known,
        text: SecretText,
        limits: Option<Lifetime>,
        increment: Option<Duration>,
    ) -> Result<Renewed> {
        let token = &known.token;
        let accessor = known
            .accessor
            .ok_or_else(|| Error::invalid("batch tokens cannot be renewed"))?;
        if !token.renewable || token.expires.is_none() {
            return Err(Error::invalid("lease is not renewable"));
        }
        let now = self.now();
        let lifetime = match limits {
            Some(limits) => Lifetime {
                asked: increment,
                ..limits
            },
            None => Lifetime {
                asked: increment,
                ..self.limits_of(token).await?
            },
        };
        let grant = lifetime
            .grant(token.issued, now)
            .ok_or_else(|| Error::invalid("past the max TTL, cannot renew"))?;
        let next = Token {
            expires: Some(now + grant.ttl),
            renewed: Some(now),
            ..(**token).clone()
        };
        let mut batch = self.rooms.tokens.rewrite(known, &next)?;
        Leases::move_token(&mut batch, accessor, token.expires, now + grant.ttl)?;
        let caller = self.caller(known).await?;
        let auth = AuthInfo {
            client_token: text,
            accessor: accessor.to_string(),
            policies: normal_policies(caller.policies()),
            token_policies: token.policies.to_vec(),
            identity_policies: caller.identity_policies.to_vec(),
            metadata: token.metadata.as_deref().cloned(),
            display_name: token.display_name.clone(),
            duration: grant.ttl,
            renewable: true,
            entity_id: token.entity_id.clone(),
            token_type: token.kind,
            orphan: token.parent.is_none(),
            num_uses: token.uses_left.unwrap_or(0),
        };
        Ok(Renewed {
            auth,
            batch,
            warnings: grant.warnings,
        })
    }

    /// Extends a credential's life: its plugin does what is needed outside first.
    pub async fn renew_lease(
        &self,
        id: &LeaseId,
        increment: Option<Duration>,
    ) -> Result<(LeaseInfo, Batch, Vec<String>)> {
        let now = self.now();
        let found = self.rooms.leases.get(id).await?;
        let (record, revision) = found.ok_or_else(|| Error::invalid("lease not found"))?;
        if !record.renewable {
            return Err(Error::invalid("lease is not renewable"));
        }
        if record.expires <= now || record.trouble.is_some() {
            return Err(Error::invalid("lease expired"));
        }
        let mount = self.mount_of(id, &record)?;
        let cx = self.own_cx(&mount, Operation::Renew, &id.path).cx;
        let renewal = mount
            .mounted
            .plugin()
            .renew(cx, record.lease(id, increment))
            .await?;
        let lifetime = Lifetime {
            asked: increment,
            role: renewal.ttl,
            role_max: renewal.max_ttl.or(record.max_ttl),
            mount_default: mount.facts.default_lease_ttl,
            mount_max: mount.facts.max_lease_ttl,
            ..Lifetime::default()
        };
        let Grant { ttl, warnings } = lifetime
            .grant(record.issued, now)
            .ok_or_else(|| Error::invalid("past the max TTL, cannot renew"))?;
        let grant = Grant {
            ttl,
            warnings: Vec::new(),
        };
        let (batch, next) = Leases::extend(id, (&record, revision), &grant, now)?;
        let duration = Duration::try_from(next.expires.duration_since(now)).unwrap_or(ttl);
        Ok((
            LeaseInfo {
                id: id.to_string(),
                renewable: true,
                duration,
            },
            batch,
            warnings,
        ))
    }

    /// What decides about a token's renewal: its method's word for a login, its mount's times for any other.
    async fn limits_of(&self, token: &Token) -> Result<Lifetime> {
        let Some((accessor, login)) = token.login() else {
            return Ok(self.token_mount_limits(token));
        };
        let mount = self.rooms.mounts.by_accessor(&accessor);
        let mount = mount.ok_or_else(|| Error::invalid("the auth method of this token is gone"))?;
        let Mounted::Auth(method) = &mount.mounted else {
            return Err(Error::internal("a login from what is no auth method"));
        };
        let policies = normal_policies(login.policies.iter().cloned());
        let cx = self.own_cx(&mount, Operation::Renew, &token.path).cx;
        let answer: Login = Arc::clone(method).renew_login(cx, login).await?;
        if normal_policies(answer.policies.iter().cloned()) != policies {
            return Err(Error::invalid("policies do not match"));
        }
        Ok(Lifetime {
            asked: None,
            role: answer.terms.ttl,
            role_max: answer.terms.max_ttl,
            period: answer.terms.period,
            explicit_max: token.explicit_max_ttl,
            mount_default: mount.facts.default_lease_ttl,
            mount_max: mount.facts.max_lease_ttl,
        })
    }

    /// The times of the token mount, for tokens that no login made.
    pub fn token_mount_limits(&self, token: &Token) -> Lifetime {
        let limits = self.rooms.mounts.limits();
        let facts = self
            .rooms
            .mounts
            .at("auth/token/")
            .map(|mount| Arc::clone(&mount.facts));
        Lifetime {
            period: token.period,
            explicit_max: token.explicit_max_ttl,
            mount_default: facts
                .as_ref()
                .map_or(limits.default_lease_ttl, |facts| facts.default_lease_ttl),
            mount_max: facts
                .as_ref()
                .map_or(limits.max_lease_ttl, |facts| facts.max_lease_ttl),
            ..Lifetime::default()
        }
    }
}
