//! Which headers of requests are written down.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The table behind `sys/config/auditing/request-headers`: lower-case names, and whether a header's values are hashed.
/// It is empty until an operator asks for a header.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditedHeaders(BTreeMap<String, HeaderRule>);

/// How one header is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct HeaderRule {
    /// Whether its values are hashed; they are even where a device logs the rest in the clear, as in Vault.
    hmac: bool,
}

impl AuditedHeaders {
    /// Has a header written down from now on. Its case does not matter.
    pub fn insert(&mut self, name: &str, hmac: bool) {
        self.0.insert(name.to_ascii_lowercase(), HeaderRule { hmac });
    }

    /// Has a header not written down any more.
    pub fn remove(&mut self, name: &str) {
        self.0.remove(&name.to_ascii_lowercase());
    }

    /// Whether a header's values are hashed; `None` if it is not written down.
    pub fn get(&self, name: &str) -> Option<bool> {
        self.0.get(&name.to_ascii_lowercase()).map(|rule| rule.hmac)
    }

    /// Every header that is written down, and whether its values are hashed.
    pub fn iter(&self) -> impl Iterator<Item = (&str, bool)> {
        self.0.iter().map(|(name, rule)| (name.as_str(), rule.hmac))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_case_of_a_header_does_not_matter() {
        let mut headers = AuditedHeaders::default();
        headers.insert("X-Secret", true);
        assert_eq!(headers.get("x-SECRET"), Some(true));
        assert_eq!(headers.iter().collect::<Vec<_>>(), [("x-secret", true)]);
        headers.remove("X-SECRET");
        assert_eq!(headers.get("x-secret"), None);
    }
}
