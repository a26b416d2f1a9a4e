//! A million decisions drawn at random: the compiled rules and the plain model agree on each.

use crate::ask::{now, policy};
use crate::model::{self, Granted, Rule};
use logical::{Fields, Operation};
use serde_json::{Map, Value};
use server_policy::{Acl, Decision, Facts, Policy, Question};
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

const SETS: usize = 2_500;
const DECISIONS_PER_SET: usize = 400;
const REQUESTS: usize = 5_000;

/// Numbers that look random and are always the same (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % bound as u64).unwrap()
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn some<T: Copy>(&mut self, from: &[T], most: usize) -> Vec<T> {
        let count = 1 + self.below(most);
        (0..count).map(|_| self.pick(from)).collect()
    }

    fn path(&mut self) -> String {
        let segments = self.some(&["a", "b", "ab"], 3);
        format!("kv/{}", segments.join("/"))
    }

    /// A path made wider here and there.
    fn rule_path(&mut self) -> String {
        let mut parts: Vec<String> = self.path().split('/').map(str::to_owned).collect();
        for part in &mut parts {
            if self.percent(30) {
                "+".clone_into(part);
            }
        }
        let last = parts.len() - 1;
        match self.below(100) {
            0..20 => parts.push("*".to_owned()),
            20..45 if parts[last] != "+" => {
                let keep = self.below(parts[last].len() + 1);
                parts[last].truncate(keep);
                parts[last].push('*');
            }
            45..55 => parts.push(String::new()),
            55..57 => return "*".to_owned(),
            _ => {}
        }
        parts.join("/")
    }

    fn rule(&mut self, policy: &str) -> Rule {
        let mut rule = Rule {
            policy: policy.to_owned(),
            path: self.rule_path(),
            capabilities: vec!["deny"],
            allowed: [].into(),
            denied: [].into(),
            required: Vec::new(),
            min_wrapping_seconds: 0,
        };
        if self.percent(15) {
            return rule;
        }
        rule.capabilities = self.some(
            &[
                "create", "read", "update", "delete", "list", "patch", "scan", "sudo",
            ],
            6,
        );
        if self.percent(3) {
            rule.capabilities.clear();
        }
        let names = self.some(&["x", "y", "z"], 2);
        match self.below(16) {
            0 => rule.required = names,
            1 => rule.allowed = names.into_iter().map(|name| (name, self.values())).collect(),
            2 => rule.denied = names.into_iter().map(|name| (name, self.values())).collect(),
            3 => rule.min_wrapping_seconds = self.pick(&[10, 60]),
            _ => {}
        }
        rule
    }

    fn values(&mut self) -> Vec<&'static str> {
        self.pick(&[&[] as &[_], &["1"], &["1", "2*"]]).to_vec()
    }

    fn request(&mut self) -> (Operation, String, Fields, Option<Duration>) {
        use Operation::{Create, Delete, List, Patch, Read, Scan, Update};
        let operation = self.pick(&[
            Read, Read, List, List, Create, Update, Update, Delete, Patch, Scan,
        ]);
        let slash = if operation.is_listing() || self.percent(5) {
            "/"
        } else {
            ""
        };
        let path = if self.percent(3) {
            "kv".to_owned()
        } else {
            self.path()
        };
        let mut members = Map::new();
        if operation.is_write() || self.percent(10) {
            for name in self.some(&["x", "y", "z"], 2) {
                members.insert(name.to_owned(), Value::from(self.pick(&["1", "2", "21", "3"])));
            }
        }
        let wrap = self
            .percent(30)
            .then(|| Duration::from_secs(self.pick(&[5, 30, 90])));
        (operation, path + slash, Fields::of(Value::Object(members)), wrap)
    }
}

fn text(rules: &[Rule]) -> String {
    let mut text = String::new();
    for rule in rules {
        let _ = writeln!(
            text,
            "path {:?} {{\n capabilities = {:?}",
            rule.path, rule.capabilities
        );
        for (key, lists) in [
            ("allowed_parameters", &rule.allowed),
            ("denied_parameters", &rule.denied),
        ] {
            if !lists.is_empty() {
                let lists: Vec<String> = lists
                    .iter()
                    .map(|(name, values)| format!("{name} = {values:?}"))
                    .collect();
                let _ = writeln!(text, " {key} = {{ {} }}", lists.join(", "));
            }
        }
        let (required, seconds) = (&rule.required, rule.min_wrapping_seconds);
        let _ = writeln!(
            text,
            " required_parameters = {required:?}\n min_wrapping_ttl = {seconds}\n}}"
        );
    }
    text
}

fn compiled(acl: &Acl, question: &Question<'_>) -> Granted {
    match acl.decide(question) {
        Decision::Allowed(allowed) => {
            let names = allowed.granting.iter().map(ToString::to_string).collect();
            Some((names, allowed.sudo))
        }
        Decision::Denied(_) => None,
    }
}

#[test]
fn a_million_decisions_are_those_of_the_plain_model() {
    let mut dice = Dice(20_260_901);
    let requests: Vec<_> = (0..REQUESTS).map(|_| dice.request()).collect();
    let mut granted = 0;
    for _ in 0..SETS {
        let mut rules = Vec::new();
        let mut policies: Vec<Arc<Policy>> = Vec::new();
        for name in ["p-0", "p-1", "p-2"].iter().take(1 + dice.below(3)) {
            let count = 2 + dice.below(4);
            let drawn: Vec<Rule> = (0..count).map(|_| dice.rule(name)).collect();
            policies.push(policy(name, &text(&drawn)));
            rules.extend(drawn);
        }
        let acl = Acl::compile(&policies, &Facts::default(), now());
        for _ in 0..DECISIONS_PER_SET {
            let (operation, path, data, wrap_ttl) = &requests[dice.below(REQUESTS)];
            let question = Question {
                path,
                operation: *operation,
                data,
                wrap_ttl: *wrap_ttl,
                now: now(),
            };
            let expected = model::decide(&rules, &question);
            granted += usize::from(expected.is_some());
            assert_eq!(
                compiled(&acl, &question),
                expected,
                "{operation} {path} {:?} {wrap_ttl:?} with\n{}",
                data.expose(),
                text(&rules)
            );
        }
    }
    assert!(
        granted > 100_000,
        "only {granted} decisions grant something: the draw says too little"
    );
}
