//! What was recorded of the reference.

use crate::ask::{decide, is_allowed, now, policy};
use serde::Deserialize;
use server_policy::{Acl, Facts, Policy};
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    label: String,
    #[serde(default)]
    policies: BTreeMap<String, String>,
    #[serde(default)]
    allowed: Vec<String>,
    #[serde(default)]
    denied: Vec<String>,
    #[serde(default)]
    capabilities: BTreeMap<String, String>,
    refused: Option<String>,
}

impl Case {
    fn acl(&self) -> Acl {
        let policies: Vec<_> = self
            .policies
            .iter()
            .map(|(name, text)| policy(name, text))
            .collect();
        Acl::compile(&policies, &Facts::default(), now())
    }

    /// What is decided otherwise than it was recorded.
    fn differences(&self) -> Vec<String> {
        let acl = self.acl();
        let mut found = Vec::new();
        for (lines, expected) in [(&self.allowed, true), (&self.denied, false)] {
            for line in lines.iter().filter(|line| is_allowed(&acl, line) != expected) {
                found.push(format!("{line}: {:?}", decide(&acl, line)));
            }
        }
        for (path, names) in &self.capabilities {
            let ours = acl.capabilities(path).join(" ");
            if ours != *names {
                found.push(format!("capabilities of {path}: {ours}, recorded {names}"));
            }
        }
        if self
            .refused
            .as_ref()
            .is_some_and(|text| Policy::parse("p", text).is_ok())
        {
            found.push("it is taken".to_owned());
        }
        found
    }
}

#[test]
fn everything_is_decided_as_it_was_recorded() {
    let scenarios: BTreeMap<String, Vec<Case>> =
        serde_json::from_str(include_str!("../data/recorded.json")).unwrap();
    assert!(scenarios.len() > 30, "the recordings are there");
    let mut differences = Vec::new();
    for (scenario, cases) in &scenarios {
        for case in cases {
            let found = case.differences().into_iter();
            differences.extend(found.map(|found| format!("{scenario}, {}: {found}", case.label)));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
