//! Whether the caller may: only `policy` can say so.

use logical::{Access, Fields, Operation, Reply, Result};
use server_policy::{Acl, Permit, Question};

use crate::corridor::Asked;
use crate::house::House;
use crate::status;
use std::sync::Arc;

/// A request that may go on, and what it turned out to want.
pub(crate) struct Verdict {
    /// The proof. Only `policy` makes one.
    pub(crate) permit: Permit,
    /// What is wanted, now that creating and updating are told apart.
    pub(crate) operation: Operation,
    /// What it was judged by; `None` where everybody may come.
    acl: Option<Arc<Acl>>,
}

impl Verdict {
    /// The names of the policies that allowed it.
    pub(crate) fn granting(&self) -> Arc<[String]> {
        self.permit
            .granting()
            .iter()
            .map(|name| name.as_ref().to_owned())
            .collect()
    }
}

impl Verdict {
    /// The members of the request, with the page that a policy limits listings to.
    pub(crate) fn limited(&self, mut data: Fields) -> Fields {
        if let Some(limit) = self.permit.limit() {
            data.insert("limit", limit);
        }
        data
    }

    /// The reply, without the names of a listing that a policy does not show.
    pub(crate) fn filtered(&self, reply: Reply, path: &str) -> Reply {
        match (reply, &self.acl) {
            (Reply::Keys { mut keys, mut info }, Some(acl)) if self.permit.is_filtered() => {
                keys.retain(|key| self.permit.shows(acl, path, key));
                info.retain(|key, _| keys.contains(key));
                Reply::Keys { keys, info }
            }
            (reply, _) => reply,
        }
    }
}

impl House {
    /// Whether the caller may do this. What it is was found out before.
    pub(crate) async fn authorize(&self, asked: Asked<'_>, operation: Operation) -> Result<Verdict> {
        let Asked {
            request,
            route,
            standing,
        } = asked;
        if route.access() == Access::Public {
            let permit = route
                .facts()
                .and_then(Permit::public)
                .ok_or_else(logical::Error::denied)?;
            return Ok(Verdict {
                permit,
                operation,
                acl: None,
            });
        }
        let now = self.now();
        let acl = self.rooms.policies.acl(&standing.caller, now).await?;
        let path = route.path.as_str();
        let question = Question {
            path,
            operation,
            data: &request.data,
            wrap_ttl: request.wrap_ttl,
            now,
        };
        match server_policy::authorize(&acl, &question, route.access()) {
            Ok(permit) => Ok(Verdict {
                permit,
                operation,
                acl: Some(acl),
            }),
            Err(denied) => {
                tracing::debug!(request.id = request.id, path, reason = %denied, "denied");
                Err(status::denied_by_policy())
            }
        }
    }

    /// Where policies tell creating from updating, the mount says whether the thing exists.
    pub(crate) async fn create_or_update(&self, asked: Asked<'_>) -> Result<Operation> {
        let Asked { request, route, .. } = asked;
        let asks = matches!(request.operation, Operation::Create | Operation::Update);
        let tells = route.facts().is_some_and(|facts| facts.tells_create);
        let (Some(mount), Some(matched), true) = (&route.mount, &route.matched, asks && tells) else {
            return Ok(request.operation);
        };
        let cx = self.cx(mount, asked, Operation::Update).cx;
        let exists = mount
            .mounted
            .plugin()
            .exists(cx, matched.route, matched.captures.clone())
            .await?;
        Ok(if exists == Some(false) {
            Operation::Create
        } else {
            Operation::Update
        })
    }
}
