//! Policies once more, as plainly as can be: every rule is looked at for every request.

use logical::Operation;
use server_policy::Question;
use std::collections::BTreeMap;
use std::time::Duration;

/// One rule of one policy.
pub(crate) struct Rule {
    pub(crate) policy: String,
    pub(crate) path: String,
    pub(crate) capabilities: Vec<&'static str>,
    pub(crate) allowed: BTreeMap<&'static str, Vec<&'static str>>,
    pub(crate) denied: BTreeMap<&'static str, Vec<&'static str>>,
    pub(crate) required: Vec<&'static str>,
    pub(crate) min_wrapping_seconds: u64,
}

/// What is granted: by whom, and whether with `sudo`.
pub(crate) type Granted = Option<(Vec<String>, bool)>;

/// Decides about a request.
pub(crate) fn decide(rules: &[Rule], question: &Question<'_>) -> Granted {
    let path = best(rules, question.path, question.operation.is_listing())?;
    let count: Vec<&Rule> = rules.iter().filter(|rule| rule.path == path).collect();
    let has = |rule: &Rule, name: &str| rule.capabilities.contains(&name);
    if count.iter().any(|rule| has(rule, "deny")) {
        return None;
    }
    let needed = question.operation.as_str();
    let mut granting = Vec::new();
    for rule in count.iter().filter(|rule| has(rule, needed)) {
        if !granting.contains(&rule.policy) {
            granting.push(rule.policy.clone());
        }
    }
    let fits = wrapping_fits(&count, question.wrap_ttl) && parameters_fit(&count, question);
    let sudo = count.iter().any(|rule| has(rule, "sudo"));
    (fits && !granting.is_empty()).then_some((granting, sudo))
}

/// The path of the rule that counts.
fn best<'a>(rules: &'a [Rule], path: &str, is_listing: bool) -> Option<&'a str> {
    let bare = path.strip_suffix('/').filter(|_| is_listing);
    let exact = |wanted: &str| {
        rules
            .iter()
            .map(|rule| rule.path.as_str())
            .find(|path| is_exact(path) && *path == wanted)
    };
    let wild = |wanted: &str| {
        let wilds = rules
            .iter()
            .map(|rule| rule.path.as_str())
            .filter(|path| !is_exact(path) && takes(path, wanted));
        wilds.max_by_key(|path| weight(path))
    };
    exact(path)
        .or_else(|| bare.and_then(exact))
        .or_else(|| wild(path))
        .or_else(|| bare.and_then(wild))
}

fn is_exact(path: &str) -> bool {
    !path.ends_with('*') && !path.split('/').any(|segment| segment == "+")
}

/// Matches by trying what each wildcard may stand for.
fn takes(rule: &str, path: &str) -> bool {
    if rule == "*" {
        return true;
    }
    if let Some(rule) = rule.strip_prefix("+/") {
        return path.split_once('/').is_some_and(|(_, path)| takes(rule, path));
    }
    if rule == "+" {
        return !path.contains('/');
    }
    let Some((segment, rest)) = rule.split_once('/') else {
        return match rule.strip_suffix('*') {
            Some(beginning) => path.starts_with(beginning),
            None => path == rule,
        };
    };
    path.strip_prefix(segment)
        .and_then(|path| path.strip_prefix('/'))
        .is_some_and(|path| takes(rest, path))
}

/// The heavier one counts: a later first wildcard, no star, fewer pluses, longer, later in the alphabet.
fn weight(rule: &str) -> (usize, bool, i64, usize, &str) {
    let star = rule.ends_with('*');
    let pluses = rule.split('/').filter(|segment| *segment == "+").count();
    let first = rule.find(['+', '*']).unwrap_or(rule.len());
    let pluses = i64::try_from(pluses).unwrap();
    (first, !star, -pluses, rule.len(), rule)
}

fn wrapping_fits(rules: &[&Rule], ttl: Option<Duration>) -> bool {
    let limits = rules
        .iter()
        .map(|rule| rule.min_wrapping_seconds)
        .filter(|seconds| *seconds > 0);
    limits
        .min()
        .is_none_or(|min| ttl.is_some_and(|ttl| ttl.as_secs() >= min))
}

fn parameters_fit(rules: &[&Rule], question: &Question<'_>) -> bool {
    let judged = [
        Operation::Create,
        Operation::Read,
        Operation::Update,
        Operation::Patch,
    ];
    if !judged.contains(&question.operation) {
        return true;
    }
    let members = question.data.expose();
    let allowing = rules.iter().any(|rule| !rule.allowed.is_empty());
    rules
        .iter()
        .flat_map(|rule| &rule.required)
        .all(|name| members.contains_key(*name))
        && members.iter().all(|(name, value)| {
            let value = value.as_str().unwrap();
            let denied = listed(rules, |rule| rule.denied.get(name.as_str()));
            let allowed = listed(rules, |rule| rule.allowed.get(name.as_str()));
            !denied.is_some_and(|values| is_among(value, &values))
                && (!allowing || allowed.is_some_and(|values| is_among(value, &values)))
        })
}

/// The lists of all rules in one; `None` where no rule has any.
fn listed<'a>(
    rules: &[&'a Rule],
    list: impl Fn(&'a Rule) -> Option<&'a Vec<&'static str>>,
) -> Option<Vec<&'static str>> {
    let lists: Vec<_> = rules.iter().filter_map(|rule| list(rule)).collect();
    if lists.is_empty() {
        return None;
    }
    let any = lists.iter().any(|list| list.is_empty());
    Some(if any {
        Vec::new()
    } else {
        lists.into_iter().flatten().copied().collect()
    })
}

fn is_among(value: &str, values: &[&str]) -> bool {
    let matches = |listed: &&str| match listed.strip_suffix('*') {
        Some(beginning) => value.starts_with(beginning),
        None => value == *listed,
    };
    values.is_empty() || values.iter().any(matches)
}
