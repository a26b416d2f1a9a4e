//! The environment, read once. Nothing else in this crate asks the process for a variable.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// The variables. `BAO_X`, even an empty one, beats `VAULT_X`: users of OpenBao and of Vault keep theirs.
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// Reads the variables of this process. Those that are not UTF-8 are left out.
    pub fn of_the_process() -> Self {
        let variables = std::env::vars_os();
        Self(
            variables
                .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
                .collect(),
        )
    }

    /// Returns the name, with its prefix, of the variable that is set: `BAO_TOKEN` or `VAULT_TOKEN`.
    pub(crate) fn name(&self, name: &str) -> String {
        let first = format!("BAO_{name}");
        if self.0.contains_key(&first) {
            first
        } else {
            format!("VAULT_{name}")
        }
    }

    /// Returns a variable by its name without the prefix. One that is empty is not set.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.plain(&self.name(name))
    }

    /// Returns a variable by its whole name.
    pub(crate) fn plain(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// Returns the user's home folder.
    pub(crate) fn home(&self) -> Option<PathBuf> {
        self.plain("HOME").map(PathBuf::from)
    }
}

impl FromIterator<(String, String)> for Environment {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(variables: I) -> Self {
        Self(variables.into_iter().collect())
    }
}

#[cfg(test)]
impl<const N: usize> From<[(&str, &str); N]> for Environment {
    fn from(variables: [(&str, &str); N]) -> Self {
        variables
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into_iter()
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_an_empty_variable_of_openbao_beats_the_one_of_vault() {
        let env = Environment::from([("BAO_TOKEN", ""), ("VAULT_TOKEN", "a"), ("VAULT_ADDR", "b")]);
        assert_eq!(
            (env.get("TOKEN"), env.get("ADDR"), env.get("FORMAT")),
            (None, Some("b"), None)
        );
        assert_eq!(
            (env.name("TOKEN"), env.name("ADDR")),
            ("BAO_TOKEN".to_owned(), "VAULT_ADDR".to_owned())
        );
    }
}
