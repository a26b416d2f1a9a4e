//! The right to have one request done.

use crate::acl::Acl;
use crate::decision::{Allowed, Decision, Denied, Question};
use logical::Access;
use logical::table::RouteFacts;
use std::sync::Arc;

/// The right to have one request done. Dispatch consumes it, and only `authorize` makes one, or a route that lets
/// everybody in; so it has no `Clone` and no constructor.
#[derive(Debug)]
#[must_use = "a permit that is not used lets nothing happen"]
pub struct Permit {
    terms: Option<Allowed>,
}

/// Decides whether a caller may have a request done on a route.
///
/// # Errors
/// If the policies do not grant it; or not `sudo`, where the route asks for that.
pub fn authorize(acl: &Acl, question: &Question<'_>, access: Access) -> Result<Permit, Denied> {
    let allowed = match (access, acl.decide(question)) {
        // No policy closes what is open to callers without a token.
        (Access::Public, _) => return Ok(Permit { terms: None }),
        (_, Decision::Denied(denied)) => return Err(denied),
        (_, Decision::Allowed(allowed)) => allowed,
    };
    if access == Access::Sudo && !allowed.sudo {
        return Err(acl.lacks_sudo(question));
    }
    Ok(Permit { terms: Some(allowed) })
}

impl Permit {
    /// A permit for a caller without a token. `None` if the route does not let everybody in.
    pub fn public(route: &RouteFacts) -> Option<Self> {
        (route.access == Access::Public).then_some(Self { terms: None })
    }

    /// The names of the policies that grant it. Empty where none had to.
    pub fn granting(&self) -> &[Arc<str>] {
        self.terms.as_ref().map_or(&[], |terms| &terms.granting)
    }

    /// What the member `limit` of a listing becomes before the plugin sees it; zero is no limit. `None` leaves it.
    pub fn limit(&self) -> Option<u64> {
        self.terms.as_ref().and_then(|terms| terms.limit)
    }

    /// Whether names of a listing may have to be left out.
    pub fn is_filtered(&self) -> bool {
        self.terms.as_ref().is_some_and(|terms| !terms.filters.is_empty())
    }

    /// Whether a name in the listing of a path, which ends in a slash, may be shown.
    pub fn shows(&self, acl: &Acl, listing: &str, key: &str) -> bool {
        let filters = self.terms.as_ref().map_or(&[] as &[_], |terms| &terms.filters);
        filters.iter().all(|filter| acl.shows(filter, listing, key))
    }
}
