//! A service account, as a token claims it or as the API server vouches for it.

/// A service account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) uid: String,
}

impl Account {
    /// Whether every part is there.
    pub(crate) fn is_whole(&self) -> bool {
        !self.namespace.is_empty() && !self.name.is_empty() && !self.uid.is_empty()
    }

    /// Reads the name under which the API server knows service accounts; `None` for everybody else.
    pub(crate) fn from_username(username: &str, uid: &str) -> Option<Self> {
        let (namespace, name) = username.strip_prefix("system:serviceaccount:")?.split_once(':')?;
        let account = Self {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            uid: uid.to_owned(),
        };
        (account.is_whole() && !name.contains(':')).then_some(account)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(username: &str, uid: &str, expected: Option<(&str, &str)>) {
        let account = Account::from_username(username, uid);
        let parts = account
            .as_ref()
            .map(|account| (account.namespace.as_str(), account.name.as_str()));
        assert_eq!(parts, expected, "{username:?}");
    }

    #[test]
    fn only_service_accounts_have_a_namespace_and_a_name() {
        check("system:serviceaccount:prod:app", "u", Some(("prod", "app")));
        check("system:serviceaccount:prod:app", "", None);
        for other in [
            "",
            "jane",
            "system:user:prod:app",
            "system:serviceaccount:prod",
            "system:serviceaccount:prod:",
            "system:serviceaccount::app",
            "system:serviceaccount:prod:app:x",
        ] {
            check(other, "u", None);
        }
    }
}
