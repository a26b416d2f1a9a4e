//! From a login to a token.

use logical::{
    Alias, AuthInfo, Body, Error, Lifetime, Login, Origin, Request, Response, Result, Time, TokenType,
};
use server_leases::{Last, LeaseId, Leases};
use server_mounts::Mount;
use server_tokens::{Birth, Born, LoginRecord, Token};
use std::sync::Arc;
use std::time::Duration;

use crate::house::House;
use crate::serve::{LoggedIn, Undo};
use crate::settle::Settled;

/// Policies as they are kept: trimmed, in lower case, sorted, each once.
pub fn normal_policies(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = names.into_iter().map(|name| name.trim().to_lowercase()).collect();
    names.retain(|name| !name.is_empty());
    names.sort();
    names.dedup();
    names
}

/// The policies of a login: those of the role, and `default` unless the role does without.
pub fn policies_of(login: &Login) -> Vec<String> {
    let default = (!login.terms.no_default_policy).then(|| "default".to_owned());
    normal_policies(login.policies.iter().cloned().chain(default))
}

/// A token that was made, as the answer shows it.
pub fn auth_info(born: &Born, ttl: Duration) -> AuthInfo {
    let token = &born.token;
    AuthInfo {
        client_token: born.text.clone(),
        accessor: born
            .accessor
            .map(|accessor| accessor.to_string())
            .unwrap_or_default(),
        policies: token.policies.to_vec(),
        token_policies: token.policies.to_vec(),
        identity_policies: Vec::new(),
        metadata: token.metadata.as_deref().cloned(),
        display_name: token.display_name.clone(),
        duration: ttl,
        renewable: token.renewable,
        entity_id: token.entity_id.clone(),
        token_type: token.kind,
        orphan: token.parent.is_none(),
        num_uses: token.uses_left.unwrap_or(0),
    }
}

impl House {
    /// Makes the token of a login, in the commit of the login itself.
    pub(crate) async fn log_in(
        &self,
        settled: &mut Settled,
        mount: &Arc<Mount>,
        login: Login,
        request: &Request,
    ) -> Result<()> {
        let now = self.now();
        let entity = match &login.alias {
            Some(alias) => Some(self.behind(settled, mount, alias, now).await?),
            None => None,
        };
        let (token, warnings, ttl) = new_token(mount, login, request, now)?;
        let entity_created = entity.as_ref().is_some_and(|(_, created)| *created);
        let identity_policies = entity
            .as_ref()
            .map(|(entity, _)| entity.policies.clone())
            .unwrap_or_default();
        let entity_id = entity.map(|(entity, _)| entity.id.clone()).unwrap_or_default();
        let birth = Birth {
            token: Token { entity_id, ..token },
            text: None,
        };
        let born = self.rooms.tokens.mint(birth, now, self.random()).await?;
        let mut auth = auth_info(&born, ttl);
        auth.policies = normal_policies(auth.policies.into_iter().chain(identity_policies.iter().cloned()));
        auth.identity_policies = identity_policies;
        self.follow(settled, &born)?;
        settled.response = Response::new(&request.id, 200, Body::Data(None));
        settled.response.auth = Some(Box::new(auth.clone()));
        settled.response.warnings = warnings;
        settled.undo = born.accessor.map(Undo::Token);
        settled.login = Some(LoggedIn { auth, entity_created });
        Ok(())
    }

    /// Adds a new token's rows, and those of its end.
    fn follow(&self, settled: &mut Settled, born: &Born) -> Result<()> {
        settled.batch.merge(self.rows_of(born)?);
        let expiry = Arc::clone(&self.expiry);
        settled.after.push(Box::new(move || expiry.wake()));
        Ok(())
    }

    /// A new token's rows, and those of its end.
    pub fn rows_of(&self, born: &Born) -> Result<logical::Batch> {
        let mut batch = born.batch.clone();
        if let (Some(accessor), Some(expires), Some(lease)) =
            (born.accessor, born.token.expires, lease_of(&born.token))
        {
            Leases::follow_token(&mut batch, &lease, accessor, expires)?;
        }
        Ok(batch)
    }

    /// The entity behind an alias, and whether it is met for the first time.
    async fn behind(
        &self,
        settled: &mut Settled,
        mount: &Mount,
        alias: &Alias,
        now: Time,
    ) -> Result<(Arc<logical::Entity>, bool)> {
        let accessor = &mount.entry.accessor;
        let behind =
            server_identity::behind(self.store.as_ref(), accessor, alias, now, self.random()).await?;
        if behind.entity.disabled {
            return Err(Error::denied());
        }
        settled.batch.merge(behind.batch);
        Ok((behind.entity, behind.created))
    }
}

/// The id of a token's lease; one without an end has none.
pub(crate) fn lease_of(token: &Token) -> Option<LeaseId> {
    token.lease.map(|digest| LeaseId {
        path: token.path.clone(),
        last: Last::Token(digest),
    })
}

fn new_token(
    mount: &Mount,
    login: Login,
    request: &Request,
    now: Time,
) -> Result<(Token, Vec<String>, Duration)> {
    let policies = policies_of(&login);
    if policies.iter().any(|policy| policy == "root") {
        return Err(Error::invalid("auth methods cannot create root tokens"));
    }
    let terms = &login.terms;
    let lifetime = Lifetime {
        asked: None,
        role: terms.ttl,
        role_max: terms.max_ttl,
        period: terms.period,
        explicit_max: terms.explicit_max_ttl,
        mount_default: mount.facts.default_lease_ttl,
        mount_max: mount.facts.max_lease_ttl,
    };
    let grant = lifetime
        .grant(now, now)
        .ok_or_else(|| Error::internal("a new token has no time to live"))?;
    let kind = kind_of(mount, terms.token_type)?;
    let mut bound_cidrs = terms.bound_cidrs.clone();
    if terms.strictly_bind_ip {
        bound_cidrs = vec![request.remote.address.into()];
    }
    let path = request.path.bare().to_owned();
    let nothing = || (kind == TokenType::Service).then_some(());
    let token = Token {
        hash: None,
        kind,
        path,
        policies: policies.into(),
        parent: None,
        issued: now,
        creation_ttl: grant.ttl,
        expires: Some(now + grant.ttl),
        renewed: None,
        period: nothing().and(terms.period),
        explicit_max_ttl: nothing().and(terms.explicit_max_ttl),
        uses_left: nothing().and(Some(terms.num_uses).filter(|uses| *uses > 0)),
        display_name: display_name(mount, &login.display_name),
        metadata: Some(Arc::new(login.metadata)).filter(|metadata| !metadata.is_empty()),
        entity_id: String::new(),
        renewable: kind == TokenType::Service && !terms.not_renewable,
        role: String::new(),
        bound_cidrs,
        origin: login.origin.map(|origin| Arc::new(stamped(origin, mount))),
        chosen: false,
        lease: None,
        login: Some(Arc::new(LoginRecord {
            mount_accessor: mount.entry.accessor.clone(),
            alias: login.alias.map(|alias| alias.name),
            policies: login.policies,
            ttl: terms.ttl,
            max_ttl: terms.max_ttl,
            group_aliases: login.group_aliases,
            internal: login.internal.take(),
        })),
    };
    Ok((token, grant.warnings, grant.ttl))
}

/// Vault puts the mount's path before the name that the method gives.
fn display_name(mount: &Mount, name: &str) -> String {
    let path = mount.entry.shown_path().trim_end_matches('/').replace('/', "-");
    if name.is_empty() {
        path
    } else {
        format!("{path}-{name}")
    }
}

fn stamped(origin: Origin, mount: &Mount) -> Origin {
    Origin {
        method: mount.entry.kind.clone(),
        mount_accessor: mount.entry.accessor.clone(),
        ..origin
    }
}

/// The kind of a token: the mount's where it insists, else the role's, else the mount's default.
fn kind_of(mount: &Mount, wish: Option<TokenType>) -> Result<TokenType> {
    let mounts = mount.entry.config.tuning.token_type.as_deref().unwrap_or("");
    Ok(match (mounts, wish) {
        ("service", _) => TokenType::Service,
        ("batch", _) => TokenType::Batch,
        (_, Some(wish)) => wish,
        ("default-batch", None) => TokenType::Batch,
        _ => TokenType::Service,
    })
}
