//! How a login is named.

use crate::error::DatabaseError;
use crate::sql::check_name;
use crate::template::{self, Scope};
use logical::{Random, Time};

/// Vault's name: whom for, which role, twenty characters by chance, when.
const DEFAULT: &str = r#"{{ printf "v-%s-%s-%s-%s" (.DisplayName | truncate 8) (.RoleName | truncate 8) (random 20) (unix_time) | truncate 63 }}"#;

/// A `username_template` that works.
pub(crate) struct Template(template::Template);

impl Template {
    /// Reads a template, and tries it; an empty one is the default.
    pub(crate) fn parse(text: &str) -> Result<Self, DatabaseError> {
        let text = if text.is_empty() { DEFAULT } else { text };
        let refuse = |step: &str, error| DatabaseError::Invalid(format!("{step} username template: {error}"));
        let parsed = template::Template::parse(text).map_err(|e| refuse("unable to initialize", e))?;
        let trial = Scope {
            display_name: "dispname",
            role_name: "rolename",
            now: Time::UNIX_EPOCH,
            random: &Zeros,
        };
        parsed.render(&trial).map_err(|e| refuse("invalid", e))?;
        Ok(Self(parsed))
    }

    /// The name of a new login.
    ///
    /// # Errors
    /// If the template fails here and did not when it was tried, or what it makes cannot be a name.
    pub(crate) fn name(&self, scope: &Scope<'_>) -> Result<String, DatabaseError> {
        let refuse = |error| DatabaseError::Invalid(format!("unable to generate username: {error}"));
        let made = self.0.render(scope).map_err(refuse)?;
        check_name(&made)?;
        Ok(made)
    }
}

/// Chance for a trial whose outcome nobody sees.
struct Zeros;

impl Random for Zeros {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(display_name: &str, role_name: &str, expected: &str) {
        let scope = Scope {
            display_name,
            role_name,
            now: Time::from_second(1_764_000_000).unwrap(),
            random: &Zeros,
        };
        let made = Template::parse("").unwrap().name(&scope).unwrap();
        assert_eq!(made, format!("{expected}-00000000000000000000-1764000000"));
    }

    #[test]
    fn a_login_is_named_as_in_vault() {
        check("token", "app", "v-token-app");
        check("token-a-b-c-d", "app", "v-token-a--app");
        check("token-web-app", "With-Dash-And-More", "v-token-we-With-Das");
        check("kubernetes-prod-api", "exactly8", "v-kubernet-exactly8");
    }

    #[test]
    fn a_name_that_no_role_can_have_is_refused_before_anything_runs() {
        let odd = Template::parse("{{.DisplayName}}").unwrap();
        let scope = Scope {
            display_name: "a\nb",
            role_name: "role",
            now: Time::UNIX_EPOCH,
            random: &Zeros,
        };
        assert!(
            odd.name(&scope)
                .unwrap_err()
                .to_string()
                .contains("control characters")
        );
    }
}
