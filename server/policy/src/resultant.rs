//! A caller's rules after merging, as user interfaces ask for them.

use crate::Capability;
use crate::acl::Acl;
use crate::grant::Grant;
use crate::parameters::Listed;
use crate::pattern::Pattern;
use serde_json::{Map, Value, json};

/// Vault lists the younger capabilities last here, and nowhere else.
const ORDER: [Capability; 8] = [
    Capability::Create,
    Capability::Delete,
    Capability::List,
    Capability::Read,
    Capability::Sudo,
    Capability::Update,
    Capability::Patch,
    Capability::Scan,
];

impl Acl {
    /// The merged rules, for `sys/internal/ui/resultant-acl`. Rules with a plus sign are not shown, as in Vault.
    pub fn resultant(&self) -> Value {
        if self.is_root() {
            return json!({ "root": true });
        }
        let mut exact = Map::new();
        let mut glob = Map::new();
        let rules_count = self.without_rules().is_none();
        for grant in self.grants.iter().filter(|_| rules_count) {
            match &grant.pattern {
                Pattern::Exact(path) => {
                    exact.insert(path.to_string(), described(grant));
                }
                Pattern::Wild(wild) => {
                    if let Some(prefix) = wild.prefix() {
                        glob.insert(prefix.to_owned(), described(grant));
                    }
                }
            }
        }
        json!({ "root": false, "exact_paths": exact, "glob_paths": glob })
    }
}

fn described(grant: &Grant) -> Value {
    let terms = &grant.terms;
    let mut rule = Map::new();
    rule.insert("capabilities".to_owned(), capabilities(grant).into());
    for (key, lists) in [
        ("allowed_parameters", &terms.parameters.allowed),
        ("denied_parameters", &terms.parameters.denied),
    ] {
        if !lists.is_empty() {
            rule.insert(key.to_owned(), object(lists));
        }
    }
    if !terms.parameters.required.is_empty() {
        rule.insert(
            "required_parameters".to_owned(),
            terms.parameters.required.clone().into(),
        );
    }
    for (key, ttl) in [
        ("min_wrapping_ttl", terms.wrapping.min),
        ("max_wrapping_ttl", terms.wrapping.max),
    ] {
        if !ttl.is_zero() {
            rule.insert(key.to_owned(), ttl.as_secs().into());
        }
    }
    Value::Object(rule)
}

fn capabilities(grant: &Grant) -> Vec<&'static str> {
    let all = grant.terms.capabilities;
    if all.grant_nothing() {
        return all.names();
    }
    let granted = ORDER.into_iter().filter(|capability| all.has(*capability));
    granted.map(Capability::as_str).collect()
}

fn object(lists: &Listed) -> Value {
    lists
        .iter()
        .map(|(name, values)| (name.clone(), Value::from(values.clone())))
        .collect()
}
