//! The room: every password policy, as its row says.

use logical::secret::SecretText;
use logical::{Error, Key, Page, Random, Result, Storage};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

use crate::PasswordPolicy;

/// The number of the root namespace, the only one for now.
const ROOT_NAMESPACE: u64 = 0;
/// The number of the kind of policies that say how passwords look; policies that say who may do what are 0.
const PASSWORD: u64 = 1;

/// A password policy as its row says it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PasswordPolicyRecord {
    /// The text, as it was written.
    pub text: String,
}

/// Every password policy.
pub struct Passwords {
    storage: Arc<dyn Storage>,
}

impl Passwords {
    /// A room over the root view.
    pub fn new(storage: Arc<dyn Storage>) -> Self {
        Self { storage }
    }

    /// The record of a policy.
    pub async fn get(&self, name: &str) -> Result<Option<PasswordPolicyRecord>> {
        let row = self.storage.get(&Self::key(name)).await?;
        row.map(|row| row.json()).transpose()
    }

    /// The names of all policies, sorted.
    pub async fn names(&self) -> Result<Vec<String>> {
        self.storage.list(&Self::rows(), &Page::all()).await
    }

    /// Makes a password by the named policy; by the built-in rules where there is no name.
    ///
    /// # Errors
    /// `Invalid` if there is no such policy.
    pub async fn generate(&self, policy: Option<&str>, random: &dyn Random) -> Result<SecretText> {
        let Some(name) = policy else {
            return Ok(PasswordPolicy::default().generate(random));
        };
        let record = self.get(name).await?.ok_or_else(|| {
            Error::invalid(format!("no password policy found: there is none named {name:?}"))
        })?;
        Ok(record.policy()?.generate(random))
    }

    /// The key of a policy's row.
    pub fn key(name: &str) -> Key {
        Self::rows().name(name)
    }

    fn rows() -> Key {
        Key::of("policy").number(ROOT_NAMESPACE).number(PASSWORD)
    }
}

impl PasswordPolicyRecord {
    /// The policy that the text says.
    ///
    /// # Errors
    /// If the text cannot be read, which was checked when it was written.
    pub fn policy(&self) -> Result<PasswordPolicy> {
        PasswordPolicy::parse(&self.text).map_err(Error::internal)
    }
}
