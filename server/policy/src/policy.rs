//! A policy: a name and rules.

use crate::block::{self, refuse_unknown};
use crate::error::PolicyError;
use crate::rule::{Rule, Target};
use crate::template::Values;
use logical::Time;
use std::sync::Arc;

/// The keys of a policy's text.
const KEYS: &[&str] = &["name", "path"];

/// A policy that was read. Rules for the same path add up, in one policy as in several.
#[derive(Clone, Debug)]
pub struct Policy {
    name: Arc<str>,
    rules: Vec<Rule>,
    values: Values,
    expires: Option<Time>,
}

impl Policy {
    /// Reads a text, HCL or JSON, that is stored under a normalized name. A name in the text does not count.
    ///
    /// # Errors
    /// For whatever it does not understand: unlike Vault it takes no key twice and no limit below zero.
    pub fn parse(name: &str, text: &str) -> Result<Self, PolicyError> {
        let root = hcl::parse(text)?;
        refuse_unknown(&root, KEYS)?;
        if let Some(name) = root.attr("name")? {
            name.as_text()?;
        }
        let blocks = root.blocks("path")?;
        Ok(Self {
            name: name.into(),
            rules: blocks.into_iter().map(block::read).collect::<Result<_, _>>()?,
            values: Values::default(),
            expires: None,
        })
    }

    /// The same policy, with what its operator lets stand in the values of templates.
    #[must_use]
    pub fn with_values(mut self, values: Values) -> Self {
        self.values = values;
        self
    }

    /// The same policy, which stops to count at a moment.
    #[must_use]
    pub fn expiring(mut self, end: Time) -> Self {
        self.expires = Some(end);
        self
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether what it says depends on who asks, so that not every caller can share what is made of it.
    pub fn names_the_caller(&self) -> bool {
        self.rules
            .iter()
            .any(|rule| matches!(rule.target, Target::Filled(_)))
    }

    pub(crate) fn shared_name(&self) -> Arc<str> {
        Arc::clone(&self.name)
    }

    pub(crate) fn values(&self) -> Values {
        self.values
    }

    /// The rules that count at a moment.
    pub(crate) fn rules_at(&self, now: Time) -> impl Iterator<Item = &Rule> {
        let is_over = self.expires.is_some_and(|end| end <= now);
        self.rules
            .iter()
            .filter(move |rule| !is_over && rule.counts_at(now))
    }

    /// The next moment after which fewer rules count.
    pub(crate) fn next_end(&self, now: Time) -> Option<Time> {
        let ends = self.rules_at(now).filter_map(|rule| rule.expires);
        ends.chain(self.expires.filter(|end| *end > now)).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_refused(text: &str, message: &str) {
        let error = Policy::parse("p", text).expect_err(text);
        assert_eq!(
            error.to_string(),
            format!("failed to parse policy: {message}"),
            "{text}"
        );
        let public = logical::Error::from(error);
        assert_eq!(public.kind(), logical::ErrorKind::Invalid);
    }

    fn check_taken(text: &str) {
        if let Err(error) = Policy::parse("p", text) {
            panic!("{text}: {error}");
        }
    }

    #[test]
    fn a_refusal_says_where_and_what() {
        check_refused(
            "path \"a\" {\n  capabilities = [\"read\"]\n  foo = 1\n}",
            "line 3, column 3: path \"a\": invalid key \"foo\"; the keys are allowed_parameters, capabilities, comment, \
             denied_parameters, expiration, list_scan_response_keys_filter_path, max_wrapping_ttl, min_wrapping_ttl, \
             pagination_limit, policy, required_parameters",
        );
        check_refused(
            "foo = 1",
            "line 1, column 1: invalid key \"foo\"; the keys are name, path",
        );
        check_refused(
            "path \"a\" { capabilities = [\"read\", \"fly\"] }",
            "line 1, column 36: path \"a\": invalid capability \"fly\"",
        );
        check_refused(
            "path \"a\" { capabilities = \"read\" }",
            "line 1, column 27: path \"a\": expected a list, found a string",
        );
        check_refused(
            "path \"kv/+*\" {}",
            "line 1, column 6: path \"kv/+*\": invalid use of wildcards ('+*' is forbidden)",
        );
        check_refused(
            "path \"kv/{{a\" {}",
            "line 1, column 6: path \"kv/{{a\": unbalanced templating characters",
        );
    }

    #[test]
    fn what_vault_takes_silently_is_refused() {
        check_refused(
            "path \"a\" {\n capabilities = [\"read\"]\n capabilities = [\"list\"]\n}",
            "line 3, column 2: path \"a\": the key `capabilities` comes twice, first on line 2",
        );
        check_refused(
            "path \"a\" { allowed_parameters = { x = [], X = [] } }",
            "line 1, column 43: path \"a\": the parameter \"X\" comes twice; case does not count",
        );
        check_refused(
            "path \"a\" { pagination_limit = -1 }",
            "line 1, column 31: path \"a\": pagination_limit must not be negative",
        );
        check_refused(
            "path \"a\" { min_wrapping_ttl = \"-5s\" }",
            "line 1, column 31: path \"a\": min_wrapping_ttl must be a duration that is not negative, such as 90s or 1h30m",
        );
        for text in [
            "{\"path\": {}",
            "{\"path\": {}} {\"path\": {}}",
            "{\"path\": {}, \"name\": \"a\", \"name\": \"b\"}",
        ] {
            assert!(Policy::parse("p", text).is_err(), "{text}");
        }
    }

    #[test]
    fn moments_and_times_have_several_spellings() {
        for expiration in [
            "\"2099-01-01T00:00:00Z\"",
            "\"2099-01-01T00:00:00+02:00\"",
            "4102444800",
            "\"\"",
        ] {
            check_taken(&format!("path \"a\" {{ expiration = {expiration} }}"));
        }
        check_taken("path \"a\" { min_wrapping_ttl = 60 max_wrapping_ttl = \"60\" }");
        check_taken("path \"a\" { min_wrapping_ttl = \"1s\" max_wrapping_ttl = 0 }");
        check_taken("path \"a\" { pagination_limit = \"3\" }");
        check_refused(
            "path \"a\" { expiration = \"soon\" }",
            "line 1, column 25: path \"a\": invalid expiration time: expected a moment such as 2030-01-31T12:00:00Z",
        );
    }

    #[test]
    fn a_policy_knows_whether_it_names_the_caller() {
        let names = |text: &str| Policy::parse("p", text).unwrap().names_the_caller();
        assert!(names("path \"kv/{{identity.entity.id}}\" {}"));
        assert!(!names("path \"kv/a\" {}"));
    }

    #[test]
    fn a_policy_ends_when_its_first_rule_or_itself_does() {
        let text = "path \"a\" { expiration = 20 }\npath \"b\" { expiration = 30 }\npath \"c\" {}";
        let policy = Policy::parse("p", text).unwrap();
        let at = |seconds: i64| Time::from_second(seconds).unwrap();
        assert_eq!(
            (policy.rules_at(at(19)).count(), policy.next_end(at(19))),
            (3, Some(at(20)))
        );
        assert_eq!(
            (policy.rules_at(at(20)).count(), policy.next_end(at(20))),
            (2, Some(at(30)))
        );
        let policy = policy.expiring(at(25));
        assert_eq!(policy.next_end(at(20)), Some(at(25)));
        assert_eq!(
            (policy.rules_at(at(25)).count(), policy.next_end(at(25))),
            (0, None)
        );
    }
}
