//! Which mounts a caller gets to see.

use crate::acl::Acl;
use crate::pattern::Pattern;

impl Acl {
    /// Whether the policies grant anything at or below a mount, whose path ends in a slash: only then it is shown in
    /// `sys/internal/ui/mounts`.
    pub fn touches_mount(&self, mount: &str) -> bool {
        if let Some(everything) = self.without_rules() {
            return everything;
        }
        let grants = self
            .grants
            .iter()
            .filter(|grant| !grant.terms.capabilities.grant_nothing());
        let mut below = grants.filter(|grant| match &grant.pattern {
            Pattern::Exact(path) => path.starts_with(mount),
            // Of the prefixes that cover the whole mount only the longest counts, so these are left to the end.
            Pattern::Wild(wild) => match wild.prefix() {
                Some(prefix) => prefix.len() > mount.len() && prefix.starts_with(mount),
                None => wild.reaches_into(mount),
            },
        });
        below.next().is_some() || self.covers(mount)
    }

    fn covers(&self, mount: &str) -> bool {
        let prefixes = self.grants.iter().filter_map(|grant| match &grant.pattern {
            Pattern::Wild(wild) => Some((wild.prefix()?, grant)),
            Pattern::Exact(_) => None,
        });
        let longest = prefixes
            .filter(|(prefix, _)| mount.starts_with(prefix))
            .max_by_key(|(prefix, _)| prefix.len());
        longest.is_some_and(|(_, grant)| !grant.terms.capabilities.grant_nothing())
    }
}
