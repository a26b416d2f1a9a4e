//! From a policy's text to its rules.

use hcl::{Kind, Object};
use std::ops::RangeInclusive;

use crate::PasswordPolicyError;

/// Lengths of passwords that are made.
pub(crate) const LENGTHS: RangeInclusive<usize> = 4..=100;

/// How long a password is, and of which characters.
#[derive(Debug)]
pub struct PasswordPolicy {
    pub(crate) length: usize,
    pub(crate) rules: Vec<CharsetRule>,
    /// Every character that a rule names, once.
    pub(crate) all: Vec<char>,
}

/// Characters, of which a password has some.
#[derive(Debug)]
pub(crate) struct CharsetRule {
    /// The characters, each once, sorted.
    pub(crate) characters: Vec<char>,
    /// How many of them a password has at least.
    pub(crate) at_least: usize,
}

impl PasswordPolicy {
    /// Reads a policy: `length = 20`, and rules such as `rule "charset" { charset = "abc" min-chars = 1 }`.
    ///
    /// # Errors
    /// If it cannot be read, or no password could follow it.
    pub fn parse(text: &str) -> Result<Self, PasswordPolicyError> {
        let root = hcl::parse(text)?;
        let length = whole_number(&root, "length")?.unwrap_or(0);
        let mut rules = Vec::new();
        for block in root.blocks("rule")? {
            match block.label.text.as_str() {
                "charset" => rules.push(CharsetRule::parse(block.body)?),
                other => return Err(PasswordPolicyError::UnknownRule(other.to_owned())),
            }
        }
        Self::of(length, rules)
    }

    fn of(length: usize, rules: Vec<CharsetRule>) -> Result<Self, PasswordPolicyError> {
        let needed = rules
            .iter()
            .fold(0_usize, |sum, rule| sum.saturating_add(rule.at_least));
        if length == 0 {
            return Err(PasswordPolicyError::NoLength);
        }
        if rules.is_empty() {
            return Err(PasswordPolicyError::NoCharset);
        }
        if needed > length {
            return Err(PasswordPolicyError::Impossible { needed, length });
        }
        if !LENGTHS.contains(&length) {
            return Err(PasswordPolicyError::Length);
        }
        let all = sorted(rules.iter().flat_map(|rule| rule.characters.iter().copied()));
        Ok(Self { length, rules, all })
    }
}

impl Default for PasswordPolicy {
    /// Vault's built-in rules: twenty characters, of which one at least is a small letter, one a capital, one a digit
    /// and one a dash. 119 bits before that rule, hardly fewer after it.
    fn default() -> Self {
        let one_of = |characters: Vec<char>| CharsetRule {
            characters,
            at_least: 1,
        };
        let rules = vec![
            one_of(('a'..='z').collect()),
            one_of(('A'..='Z').collect()),
            one_of(('0'..='9').collect()),
            one_of(vec!['-']),
        ];
        let all = sorted(rules.iter().flat_map(|rule| rule.characters.iter().copied()));
        Self {
            length: 20,
            rules,
            all,
        }
    }
}

impl CharsetRule {
    fn parse(body: &Object) -> Result<Self, PasswordPolicyError> {
        let text = match body.attr("charset")? {
            Some(text) => text.as_str()?,
            None => "",
        };
        if text.is_empty() {
            return Err(PasswordPolicyError::NoCharset);
        }
        if text.chars().any(char::is_control) {
            return Err(PasswordPolicyError::Unprintable);
        }
        Ok(Self {
            characters: sorted(text.chars()),
            at_least: whole_number(body, "min-chars")?.unwrap_or(0),
        })
    }
}

/// A number that is written as one: the reference takes no text for it.
fn whole_number(body: &Object, name: &'static str) -> Result<Option<usize>, PasswordPolicyError> {
    let Some(value) = body.attr(name)? else {
        return Ok(None);
    };
    match &value.kind {
        Kind::Number(number) => number.as_int().and_then(|number| usize::try_from(number).ok()),
        _ => None,
    }
    .map(Some)
    .ok_or(PasswordPolicyError::Number(name))
}

fn sorted(characters: impl Iterator<Item = char>) -> Vec<char> {
    let mut characters: Vec<char> = characters.collect();
    characters.sort_unstable();
    characters.dedup();
    characters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, refused: Option<&str>) {
        let refusal = PasswordPolicy::parse(text).err().map(|error| error.to_string());
        assert_eq!(refusal.as_deref(), refused, "{text}");
    }

    #[test]
    fn a_policy_that_can_be_followed_is_taken() {
        check(r#"length = 4 rule "charset" { charset = "a" }"#, None);
        check(
            r#"length = 100 rule "charset" { charset = "äöü" min-chars = 100 }"#,
            None,
        );
        check(
            r#"{"length": 8, "rule": [{"charset": {"charset": "abc"}}, {"charset": {"charset": "12", "min-chars": 2}}]}"#,
            None,
        );
    }

    #[test]
    fn a_policy_that_cannot_be_followed_is_refused() {
        let charset = r#"rule "charset" { charset = "abc" }"#;
        check("  ", Some("length must be > 0"));
        check(charset, Some("length must be > 0"));
        check("length = 8", Some("no charset specified"));
        check(
            r#"length = 8 rule "charset" { charset = "" }"#,
            Some("no charset specified"),
        );
        let lengths = Some("passwords must be between 4 and 100 characters");
        check(&format!("length = 3 {charset}"), lengths);
        check(&format!("length = 101 {charset}"), lengths);
        let whole = Some("length must be a whole number, and not negative");
        check(&format!("length = -1 {charset}"), whole);
        check(&format!("length = \"20\" {charset}"), whole);
        check(
            r#"length = 8 rule "words" { charset = "abc" }"#,
            Some("unrecognized rule type words"),
        );
        check(
            r#"length = 8 rule "charset" { charset = "a\tb" }"#,
            Some("non-printable character in charset"),
        );
        check(
            r#"length = 8 rule "charset" { charset = "ab" min-chars = 5 } rule "charset" { charset = "12" min-chars = 5 }"#,
            Some("specified rules require at least 10 characters but 8 is specified"),
        );
    }
}
