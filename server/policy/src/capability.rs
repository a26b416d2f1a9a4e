//! What a rule can grant.

use logical::Operation;

/// One thing that a rule grants. In the order of the alphabet, which is how Vault lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Capability {
    /// Write what does not exist yet.
    Create,
    /// Remove.
    Delete,
    /// Nothing: it takes away whatever else the rule has.
    Deny,
    /// See the names below.
    List,
    /// Change some members.
    Patch,
    /// Read.
    Read,
    /// See the names below, and below these.
    Scan,
    /// Come to a route that asks for more than a right. Opens nothing by itself.
    Sudo,
    /// Write what exists.
    Update,
}

/// A set of capabilities. With `deny` in it there is nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capabilities(u16);

impl Capability {
    /// All of them, in order.
    pub const ALL: [Self; 9] = [
        Self::Create,
        Self::Delete,
        Self::Deny,
        Self::List,
        Self::Patch,
        Self::Read,
        Self::Scan,
        Self::Sudo,
        Self::Update,
    ];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Delete => "delete",
            Self::Deny => "deny",
            Self::List => "list",
            Self::Patch => "patch",
            Self::Read => "read",
            Self::Scan => "scan",
            Self::Sudo => "sudo",
            Self::Update => "update",
        }
    }

    /// The capability of a name; case counts.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|capability| capability.as_str() == name)
    }

    /// What an operation asks for; `None` for one that no policy can open.
    pub fn needed_for(operation: Operation) -> Option<Self> {
        match operation {
            Operation::Create => Some(Self::Create),
            Operation::Read => Some(Self::Read),
            Operation::Update => Some(Self::Update),
            Operation::Delete => Some(Self::Delete),
            Operation::List => Some(Self::List),
            Operation::Scan => Some(Self::Scan),
            Operation::Patch => Some(Self::Patch),
            // Renewing and revoking are the house's own work: no client asks for them as such.
            Operation::Header | Operation::Help | Operation::Renew | Operation::Revoke => None,
        }
    }

    fn bit(self) -> u16 {
        1 << (self as u16)
    }
}

impl Capabilities {
    /// Nothing.
    pub const NONE: Self = Self(0);

    /// What one of the old short forms `policy = "…"` stands for.
    pub(crate) fn of_short_form(name: &str) -> Option<Self> {
        use Capability::{Create, Delete, Deny, List, Read, Sudo, Update};
        let capabilities: &[Capability] = match name {
            "" => &[],
            "deny" => &[Deny],
            "read" => &[List, Read],
            "write" => &[Create, Delete, List, Read, Update],
            "sudo" => &[Create, Delete, List, Read, Sudo, Update],
            _ => return None,
        };
        Some(capabilities.iter().copied().collect())
    }

    /// Whether a capability is among them.
    pub fn has(self, capability: Capability) -> bool {
        self.0 & capability.bit() != 0
    }

    /// Whether they grant nothing at all.
    pub fn grant_nothing(self) -> bool {
        self == Self::NONE || self.has(Capability::Deny)
    }

    /// These and others; `deny` in either leaves nothing else.
    #[must_use]
    pub fn and(self, others: Self) -> Self {
        let all = Self(self.0 | others.0);
        if all.has(Capability::Deny) {
            Self(Capability::Deny.bit())
        } else {
            all
        }
    }

    /// Each of them, in order.
    pub fn iter(self) -> impl Iterator<Item = Capability> {
        Capability::ALL
            .into_iter()
            .filter(move |capability| self.has(*capability))
    }

    /// Their names in order, or `deny` where there are none.
    pub fn names(self) -> Vec<&'static str> {
        if self.grant_nothing() {
            return vec![Capability::Deny.as_str()];
        }
        self.iter().map(Capability::as_str).collect()
    }
}

impl FromIterator<Capability> for Capabilities {
    fn from_iter<I: IntoIterator<Item = Capability>>(capabilities: I) -> Self {
        let add = |all: Self, one: Capability| all.and(Self(one.bit()));
        capabilities.into_iter().fold(Self::NONE, add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(names: &[&str], expected: &[&str]) {
        let found: Capabilities = names
            .iter()
            .map(|name| Capability::parse(name).unwrap())
            .collect();
        assert_eq!(found.names(), expected, "{names:?}");
    }

    #[test]
    fn names_come_in_the_order_of_the_alphabet() {
        check(&["update", "read", "read"], &["read", "update"]);
        check(&["sudo", "scan", "patch"], &["patch", "scan", "sudo"]);
        check(&[], &["deny"]);
    }

    #[test]
    fn a_denial_leaves_nothing_else() {
        check(&["read", "deny", "list"], &["deny"]);
        check(&["deny"], &["deny"]);
    }

    #[test]
    fn root_and_write_are_no_capabilities() {
        for name in ["root", "write", "", "READ", "fly"] {
            assert_eq!(Capability::parse(name), None, "{name}");
        }
    }
}
