//! The login.

use crate::account::Account;
use crate::api_server::ApiServer;
use crate::config::{Config, config};
use crate::jwt::{Jwt, JwtError};
use crate::review::{Reviewed, review};
use crate::role::{AliasNameSource, NamespaceVerdict, Role, role};
use crate::{Kubernetes, annotations};
use logical::field::Text;
use logical::secret::SecretText;
use logical::{Alias, Cx, Done, Error, ErrorKind, Fields, Login, Origin, Reply, Result};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct LogIn {
    /// Name of the role to log in with.
    role: Text,
    /// Token of the service account that logs in.
    jwt: SecretText,
}

impl Kubernetes {
    /// Logs a service account in. The order of the checks is Vault's: which of several refusals is named can be seen.
    pub(crate) async fn login(self: Arc<Self>, cx: Cx, input: LogIn) -> Result<Done> {
        let LogIn { role: sent, jwt } = input;
        if sent.as_str().is_empty() {
            return Err(Error::invalid("missing role"));
        }
        if jwt.is_empty() {
            return Err(Error::invalid("missing jwt"));
        }
        let name = sent.as_str().to_lowercase();
        let found = role(&cx, &name).await?;
        let (role, _) =
            found.ok_or_else(|| Error::invalid(format!("invalid role name {:?}", sent.as_str())))?;
        if !role.token.admits(cx.request.remote.map(|remote| remote.address)) {
            return Err(Error::denied());
        }
        let config = config(&cx)
            .await?
            .ok_or_else(|| Error::invalid("could not load backend configuration"))?;
        let server = self.api_server(&config);
        let jwt = Jwt::parse(jwt)?;
        jwt.check(&config, &role.audience, cx.now)?;
        check_claims(&role, &jwt.claims.account, &server)?;
        let audiences = match role.audience.as_str() {
            "" => jwt.claims.audiences.clone(),
            audience => vec![audience.to_owned()],
        };
        let reviewed = review(&self.flights, server.clone(), &jwt, audiences).await?;
        check_reviewed(&role, &reviewed.account, &server).await?;
        let known = known(&config, &role, &server, &reviewed.account).await?;
        let metadata = metadata(&reviewed.account, &jwt.claims.secret_name);
        let login = Login {
            policies: role.token.policies.clone(),
            display_name: format!("{}-{}", reviewed.account.namespace, reviewed.account.name),
            alias: Some(alias(&role, &reviewed.account, known, &metadata)),
            metadata: with(metadata, "role", sent.as_str()),
            internal: Fields::of(json!({ "role": name })),
            terms: role.token.terms(),
            origin: Some(origin(&reviewed)),
            ..Login::default()
        };
        Ok(Done::reply(Reply::Login(Box::new(login))))
    }
}

/// What a role says against an account that nobody has vouched for yet. Labels are asked for after the review only, so
/// that a made-up token cannot make us ask.
fn check_claims(role: &Role, account: &Account, server: &ApiServer) -> Result<()> {
    if !role.takes_name(account) {
        return Err(refused("service account name not authorized"));
    }
    match role.judge_namespace(account) {
        NamespaceVerdict::Other => return Err(refused("namespace not authorized")),
        NamespaceVerdict::ByLabels(_) if server.reviewer.is_none() => {
            return Err(refused(
                "namespace not authorized err=namespace lookup failed: TokenReviewer JWT needs to be configured to use \
                 namespace selectors",
            ));
        }
        NamespaceVerdict::ByLabels(_) | NamespaceVerdict::Bound => {}
    }
    if account.is_whole() {
        Ok(())
    } else {
        Err(JwtError::NotAnAccount.into())
    }
}

/// Judges the account that the API server vouches for; this is what lets it in.
async fn check_reviewed(role: &Role, account: &Account, server: &ApiServer) -> Result<()> {
    if !role.takes_name(account) {
        return Err(refused("service account name not authorized"));
    }
    let admitted = match role.judge_namespace(account) {
        NamespaceVerdict::Bound => true,
        NamespaceVerdict::ByLabels(selector) => selector.chooses_namespace(server, &account.namespace).await,
        NamespaceVerdict::Other => false,
    };
    if admitted {
        Ok(())
    } else {
        Err(refused("namespace not authorized"))
    }
}

/// What the role and the cluster know about an alias besides.
async fn known(
    config: &Config,
    role: &Role,
    server: &ApiServer,
    account: &Account,
) -> Result<BTreeMap<String, String>> {
    let mut known = role.alias_metadata.clone();
    if config.shows_annotations {
        known.extend(annotations::of(server, account).await?);
    }
    Ok(known)
}

/// The method's own metadata wins: a policy may rest on it.
fn alias(
    role: &Role,
    account: &Account,
    mut known: BTreeMap<String, String>,
    metadata: &BTreeMap<String, String>,
) -> Alias {
    known.extend(metadata.clone());
    Alias {
        name: match role.alias_name_source {
            AliasNameSource::Uid => account.uid.clone(),
            AliasNameSource::Name => format!("{}/{}", account.namespace, account.name),
        },
        metadata: known,
    }
}

fn metadata(account: &Account, secret_name: &str) -> BTreeMap<String, String> {
    let members = [
        ("service_account_name", account.name.as_str()),
        ("service_account_namespace", &account.namespace),
        ("service_account_uid", &account.uid),
        ("service_account_secret_name", secret_name),
    ];
    members
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

fn with(mut metadata: BTreeMap<String, String>, name: &str, value: &str) -> BTreeMap<String, String> {
    metadata.insert(name.to_owned(), value.to_owned());
    metadata
}

/// Where the caller runs, by the API server's word. An API server before 1.32 does not know the node.
fn origin(reviewed: &Reviewed) -> Origin {
    let Account { namespace, name, uid } = &reviewed.account;
    let account = [
        ("namespace", namespace),
        ("service_account", name),
        ("service_account_uid", uid),
    ];
    let place = [
        ("pod", "pod-name"),
        ("pod_uid", "pod-uid"),
        ("node", "node-name"),
        ("credential_id", "credential-id"),
    ];
    let place = place
        .into_iter()
        .filter_map(|(name, theirs)| Some((name, reviewed.extra(theirs)?)));
    let account = account.into_iter().map(|(name, value)| (name, value.as_str()));
    Origin {
        method: "kubernetes".to_owned(),
        attributes: account
            .chain(place)
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        ..Origin::default()
    }
}

/// A refusal that names its reason, as Vault does.
fn refused(reason: &'static str) -> Error {
    Error::new(ErrorKind::Denied, reason)
}

#[cfg(test)]
mod tests;
