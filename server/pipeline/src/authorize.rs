//! Whether the caller may: only `policy` can say so.

use logical::{Access, Operation, Request, Result};
use server_policy::{Permit, Question};

use crate::house::House;
use crate::identify::Standing;
use crate::route::Route;
use crate::status;
use std::sync::Arc;

/// A request that may go on, and what it turned out to want.
pub(crate) struct Verdict {
    /// The proof. Only `policy` makes one.
    pub(crate) permit: Permit,
    /// What is wanted, now that creating and updating are told apart.
    pub(crate) operation: Operation,
}

impl Verdict {
    /// The names of the policies that allowed it.
    pub(crate) fn granting(&self) -> Arc<[String]> {
        self.permit.granting()
    }
}

impl House {
    pub(crate) async fn authorize(
        &self,
        standing: &Standing,
        request: &Request,
        route: &Route,
    ) -> Result<Verdict> {
        if route.access() == Access::Public {
            return Ok(Verdict {
                permit: Permit::public(route.access()),
                operation: request.operation,
            });
        }
        let operation = self.create_or_update(standing, request, route).await?;
        let acl = self.rooms.policies.acl(&standing.caller).await?;
        let question = Question {
            path: route.path.as_str(),
            operation,
            data: &request.data,
            wrap_ttl: request.wrap_ttl,
        };
        match server_policy::authorize(&acl, &question, route.access()) {
            Ok(permit) => Ok(Verdict { permit, operation }),
            Err(denied) => {
                tracing::debug!(request.id = request.id, path = %route.path, reason = %denied, "denied");
                Err(status::denied_by_policy())
            }
        }
    }

    /// Where policies tell creating from updating, the mount says whether the thing exists.
    pub(crate) async fn create_or_update(
        &self,
        standing: &Standing,
        request: &Request,
        route: &Route,
    ) -> Result<Operation> {
        let tells = route.facts().is_some_and(|facts| facts.tells_create);
        let (Operation::Update, true) = (request.operation, tells) else {
            return Ok(request.operation);
        };
        let (Some(mount), Some(matched)) = (&route.mount, &route.matched) else {
            return Ok(request.operation);
        };
        let cx = self.cx(mount, &standing.caller, request, Operation::Update);
        let exists = mount
            .mounted
            .plugin()
            .exists(cx.cx, matched.route, matched.captures.clone())
            .await?;
        Ok(if exists == Some(false) {
            Operation::Create
        } else {
            Operation::Update
        })
    }
}
