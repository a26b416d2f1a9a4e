//! Which service accounts may log in, and what their tokens may do.

use crate::account::Account;
use crate::selector::Selector;
use crate::{Kubernetes, glob};
use logical::field::{
    CommaList, KeyValues, OldTokenInput, PageInput, Part, Text, TokenInput, TokenParameters,
};
use logical::{Batch, Captures, Cx, Done, Error, Fields, Key, MountFacts, Reply, Result, Revision};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A role.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Role {
    bound_names: Vec<String>,
    /// `None` if nobody ever said; Vault shows null then.
    bound_namespaces: Option<Vec<String>>,
    namespace_selector: String,
    pub(crate) audience: String,
    pub(crate) alias_name_source: AliasNameSource,
    pub(crate) alias_metadata: BTreeMap<String, String>,
    pub(crate) token: TokenParameters,
}

/// What an account is called in the identity.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum AliasNameSource {
    /// By its uid: an account that is made anew is another one.
    #[default]
    #[serde(rename = "serviceaccount_uid")]
    Uid,
    /// By namespace and name.
    #[serde(rename = "serviceaccount_name")]
    Name,
}

/// What a role says of a namespace.
pub(crate) enum NamespaceVerdict {
    /// Its name is bound.
    Bound,
    /// Its labels decide.
    ByLabels(Selector),
    /// It is another one.
    Other,
}

#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct WriteRole {
    /// Name of the role.
    name: Text,
    /// Names of the service accounts that may log in; stars stand for anything.
    bound_service_account_names: Option<CommaList>,
    /// Namespaces of the service accounts that may log in; stars stand for anything.
    bound_service_account_namespaces: Option<CommaList>,
    /// Labels, as a Kubernetes selector in JSON or YAML, of further namespaces whose service accounts may log in.
    bound_service_account_namespace_selector: Option<Text>,
    /// Audience that tokens must be made for.
    audience: Option<Text>,
    /// Name of the alias: `serviceaccount_uid` or `serviceaccount_name`.
    alias_name_source: Option<Text>,
    /// More metadata of the alias.
    alias_metadata: Option<KeyValues>,
    #[serde(flatten)]
    token: Part<TokenInput>,
    #[serde(flatten)]
    old_token: Part<OldTokenInput>,
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct NameRole {
    /// Name of the role.
    name: Text,
}

impl Role {
    /// Whether accounts of this name may log in.
    pub(crate) fn takes_name(&self, account: &Account) -> bool {
        self.bound_names
            .iter()
            .any(|bound| glob::takes(bound, &account.name))
    }

    /// Whether accounts of this namespace may log in.
    pub(crate) fn judge_namespace(&self, account: &Account) -> NamespaceVerdict {
        let mut bound = self.bound_namespaces.iter().flatten();
        if bound.any(|bound| glob::takes(bound, &account.namespace)) {
            return NamespaceVerdict::Bound;
        }
        match Selector::parse(&self.namespace_selector) {
            Some(selector) => NamespaceVerdict::ByLabels(selector),
            None => NamespaceVerdict::Other,
        }
    }

    /// Takes over what a request says; what it does not name stays.
    fn update(&mut self, input: WriteRole) -> Result<()> {
        if let Some(names) = input.bound_service_account_names {
            self.bound_names = names.0;
        }
        if let Some(namespaces) = input.bound_service_account_namespaces {
            self.bound_namespaces = Some(namespaces.0);
        }
        if let Some(selector) = input.bound_service_account_namespace_selector {
            self.namespace_selector = selector.into_string();
        }
        if let Some(audience) = input.audience {
            self.audience = audience.into_string();
        }
        if let Some(source) = input.alias_name_source {
            self.alias_name_source = AliasNameSource::parse(source.as_str())?;
        }
        if let Some(metadata) = input.alias_metadata {
            self.alias_metadata = metadata.0;
        }
        self.token.update(input.token.0, input.old_token.0)?;
        self.check()
    }

    fn check(&self) -> Result<()> {
        let namespaces = self.bound_namespaces.as_deref().unwrap_or_default();
        let mixes = |names: &[String]| names.len() > 1 && names.iter().any(|name| name == "*");
        let refusal = if self.bound_names.is_empty() {
            r#""bound_service_account_names" can not be empty"#
        } else if namespaces.is_empty() && self.namespace_selector.is_empty() {
            r#""bound_service_account_namespaces" can not be empty if "bound_service_account_namespace_selector" is not set"#
        } else if mixes(&self.bound_names) || mixes(namespaces) {
            r#"can not mix "*" with values"#
        } else if !self.namespace_selector.is_empty() && Selector::parse(&self.namespace_selector).is_none() {
            r#"invalid "bound_service_account_namespace_selector" configured"#
        } else {
            return Ok(());
        };
        Err(Error::invalid(refusal))
    }

    /// Checks the times against the mount's, and says what the client should know of them.
    fn check_times(&self, mount: &MountFacts) -> Result<Option<&'static str>> {
        let (period, longest) = (self.token.period, mount.max_lease_ttl);
        if period > longest {
            let (period, longest) = (
                logical::field::format_duration(period),
                logical::field::format_duration(longest),
            );
            return Err(Error::invalid(format!(
                "token period of '{period:?}' is greater than the backend's maximum lease TTL of '{longest:?}'"
            )));
        }
        let warning = "max_ttl is greater than the system or backend mount's maximum TTL value; issued tokens' max TTL \
                       value will be truncated";
        Ok((self.token.max_ttl > longest).then_some(warning))
    }

    fn shown(&self) -> Fields {
        let mut shown = Fields::from(self.token.shown());
        shown.insert("bound_service_account_names", json!(self.bound_names));
        shown.insert("bound_service_account_namespaces", json!(self.bound_namespaces));
        shown.insert(
            "bound_service_account_namespace_selector",
            json!(self.namespace_selector),
        );
        shown.insert("alias_name_source", json!(self.alias_name_source));
        if !self.audience.is_empty() {
            shown.insert("audience", json!(self.audience));
        }
        if !self.alias_metadata.is_empty() {
            shown.insert("alias_metadata", json!(self.alias_metadata));
        }
        shown
    }
}

impl AliasNameSource {
    fn parse(text: &str) -> Result<Self> {
        match text {
            "" | "serviceaccount_uid" => Ok(Self::Uid),
            "serviceaccount_name" => Ok(Self::Name),
            _ => Err(Error::invalid(
                "invalid alias_name_source, must be one of: serviceaccount_uid, serviceaccount_name",
            )),
        }
    }
}

impl Kubernetes {
    pub(crate) async fn list_roles(self: Arc<Self>, cx: Cx, input: PageInput) -> Result<Done> {
        Ok(Done::keys(
            cx.storage.list(&Key::of("role"), &input.page()).await?,
        ))
    }

    pub(crate) async fn read_role(self: Arc<Self>, cx: Cx, input: NameRole) -> Result<Done> {
        let (role, _) = role(&cx, input.name.as_str())
            .await?
            .ok_or_else(Error::not_found)?;
        Ok(Done::reply(Reply::Data(role.shown())))
    }

    pub(crate) async fn write_role(self: Arc<Self>, cx: Cx, input: WriteRole) -> Result<Done> {
        let key = key(input.name.as_str());
        let (mut role, revision) = match role(&cx, input.name.as_str()).await? {
            Some((role, revision)) => (role, Some(revision)),
            None => (Role::default(), None),
        };
        role.update(input)?;
        let warning = role.check_times(&cx.mount)?;
        let mut batch = Batch::new();
        batch.expect(key.clone(), revision).put_json(key, &role)?;
        let done = Done::empty().commit(batch);
        Ok(warning.into_iter().fold(done, Done::warn))
    }

    pub(crate) async fn delete_role(self: Arc<Self>, _: Cx, input: NameRole) -> Result<Done> {
        let mut batch = Batch::new();
        batch.delete(key(input.name.as_str()));
        Ok(Done::empty().commit(batch))
    }

    pub(crate) async fn role_exists(self: Arc<Self>, cx: Cx, captures: Captures) -> Result<bool> {
        Ok(role(&cx, captures.get("name")).await?.is_some())
    }
}

/// A role and its revision, by its folded name.
pub(crate) async fn role(cx: &Cx, name: &str) -> Result<Option<(Role, Revision)>> {
    let found = cx.storage.get(&key(name)).await?;
    found
        .map(|record| Ok((record.json()?, record.revision)))
        .transpose()
}

fn key(name: &str) -> Key {
    Key::of("role").name(name)
}

#[cfg(test)]
mod tests;
