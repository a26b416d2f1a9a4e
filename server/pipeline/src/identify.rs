//! Who asks: from a token to a caller.

use logical::{Access, Caller, CallerKind, Error, ErrorKind, Request, Result, Time};
use server_tokens::{Known, Token};
use std::sync::Arc;

use crate::house::House;
use crate::route::Route;

/// Tries to spend one use while others do the same.
const ATTEMPTS_MAX: usize = 128;

/// How a caller stands before us.
#[derive(Default)]
pub(crate) struct Standing {
    /// Who asks, as policies, plugins and the audit log see it.
    pub(crate) caller: Arc<Caller>,
    /// The token, as it is stored.
    pub(crate) known: Option<Known>,
    /// Whether a token was sent and is one.
    pub(crate) recognised: bool,
    /// Whether a use of a limited token was spent on this request.
    pub(crate) spent: bool,
}

impl House {
    /// Recognises the caller. Where everybody may come, a token that is none is no obstacle, and no use is spent.
    pub(crate) async fn identify(&self, request: &Request, route: &Route) -> Result<Standing> {
        let public = route.access() == Access::Public;
        let now = self.now();
        let known = match &request.token {
            Some(token) => self.rooms.tokens.identify(token, now).await?,
            None => None,
        };
        let Some(known) = known else {
            return if public {
                Ok(Standing::default())
            } else {
                Err(unrecognised(request))
            };
        };
        if !may_come_from(&known.token, request) {
            return if public {
                Ok(Standing::default())
            } else {
                Err(Error::denied())
            };
        }
        let (known, spent) = if public {
            (known, false)
        } else {
            self.spend(known, request, now).await?
        };
        let caller = Arc::new(self.caller(&known).await?);
        Ok(Standing {
            caller,
            known: Some(known),
            recognised: true,
            spent,
        })
    }

    /// Spends one use of a limited token, before anything else happens: of a hundred requests at once, as many come
    /// through as there are uses.
    async fn spend(&self, mut known: Known, request: &Request, now: Time) -> Result<(Known, bool)> {
        for _ in 0..ATTEMPTS_MAX {
            let Some((batch, spent)) = self.rooms.tokens.spend(&known)? else {
                return Ok((known, false));
            };
            match self.commit(batch).await {
                Ok(revision) => return Ok((Known { revision, ..spent }, true)),
                Err(error) if error.kind() == ErrorKind::Conflict => {}
                Err(error) => return Err(error),
            }
            let again = match &request.token {
                Some(token) => self.rooms.tokens.identify(token, now).await?,
                None => None,
            };
            known = again.ok_or_else(Error::denied)?;
        }
        Err(Error::unavailable(
            "too many requests with one token at once; try again",
        ))
    }

    /// A token as a caller.
    pub async fn caller(&self, known: &Known) -> Result<Caller> {
        let token = &known.token;
        let entity = if token.entity_id.is_empty() {
            None
        } else {
            server_identity::find(self.store.as_ref(), &token.entity_id)
                .await?
                .map(Arc::new)
        };
        if entity.as_ref().is_some_and(|entity| entity.disabled) {
            return Err(Error::denied());
        }
        Ok(Caller {
            kind: CallerKind::Token,
            accessor: known.accessor,
            token_type: Some(token.kind),
            display_name: token.display_name.clone(),
            token_policies: Arc::clone(&token.policies),
            identity_policies: entity
                .as_ref()
                .map(|entity| entity.policies.clone().into())
                .unwrap_or_default(),
            entity,
            metadata: token.metadata.clone().unwrap_or_default(),
            origin: token.origin.clone(),
            uses_left: token.uses_left.and_then(|left| i64::try_from(left).ok()),
            token_ttl_seconds: token.creation_ttl.as_secs(),
            token_issued: Some(token.issued),
        })
    }
}

/// Vault says which: no token at all, or one that is none. Neither says more.
fn unrecognised(request: &Request) -> Error {
    match &request.token {
        Some(_) => Error::denied(),
        None => Error::new(ErrorKind::Denied, "permission denied"),
    }
}

fn may_come_from(token: &Token, request: &Request) -> bool {
    token.bound_cidrs.is_empty()
        || token
            .bound_cidrs
            .iter()
            .any(|net| net.contains(&request.remote.address))
}
