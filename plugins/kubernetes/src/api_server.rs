//! Asking the API server.

use logical::secret::{Plaintext, SecretText};
use logical::{Error, Outbound, OutboundCall};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error as Fault;

/// Well below the minute after which Vault's clients give up.
const TIMEOUT: Duration = Duration::from_secs(15);

/// An API server, and whose token asks it.
#[derive(Clone)]
pub(crate) struct ApiServer {
    pub(crate) outbound: Arc<dyn Outbound>,
    pub(crate) host: String,
    pub(crate) trust_pem: Option<String>,
    pub(crate) reviewer: Option<SecretText>,
}

/// What everything in the cluster says about itself.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Metadata {
    pub(crate) uid: String,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) annotations: BTreeMap<String, String>,
}

/// Why the API server's word was not had. Names no token.
#[derive(Debug, Fault)]
pub(crate) enum AskError {
    /// There was no answer. The dialer's error says how far the call came, and prints its own causes.
    #[error("ask the API server: {0}")]
    Unreachable(Error),
    /// The answer is a refusal: the one that asked has not the right, perhaps.
    #[error("the API server answered {0}")]
    Status(u16),
    /// The answer is none of the API's.
    #[error("the API server answered what is not of its API")]
    Shape,
}

impl ApiServer {
    /// Sends something to be made; the answer is what was made.
    pub(crate) async fn create<T: DeserializeOwned>(
        &self,
        path: &str,
        bearer: &SecretText,
        body: Plaintext,
    ) -> Result<T, AskError> {
        self.ask("POST", path, bearer, Some(("application/json", body)))
            .await
    }

    /// What the API server knows about a namespace.
    pub(crate) async fn namespace(&self, reviewer: &SecretText, name: &str) -> Result<Metadata, AskError> {
        self.metadata(reviewer, &format!("/api/v1/namespaces/{}", part(name)))
            .await
    }

    /// What the API server knows about a service account.
    pub(crate) async fn service_account(
        &self,
        reviewer: &SecretText,
        namespace: &str,
        name: &str,
    ) -> Result<Metadata, AskError> {
        let path = format!(
            "/api/v1/namespaces/{}/serviceaccounts/{}",
            part(namespace),
            part(name)
        );
        self.metadata(reviewer, &path).await
    }

    async fn metadata(&self, reviewer: &SecretText, path: &str) -> Result<Metadata, AskError> {
        #[derive(Deserialize)]
        struct Object {
            metadata: Metadata,
        }
        let object: Object = self.ask("GET", path, reviewer, None).await?;
        Ok(object.metadata)
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        method: &'static str,
        path: &str,
        bearer: &SecretText,
        body: Option<(&'static str, Plaintext)>,
    ) -> Result<T, AskError> {
        let call = OutboundCall {
            method,
            url: format!("{}{path}", self.host.trim_end_matches('/')),
            bearer: Some(bearer.clone()),
            body,
            trust_pem: self.trust_pem.clone(),
            timeout: TIMEOUT,
        };
        let answer = self.outbound.call(call).await.map_err(AskError::Unreachable)?;
        if !(200..300).contains(&answer.status) {
            return Err(AskError::Status(answer.status));
        }
        serde_json::from_slice(answer.body.expose()).map_err(|_| AskError::Shape)
    }
}

/// One part of a path, whatever it holds.
fn part(name: &str) -> impl std::fmt::Display {
    utf8_percent_encode(name, NON_ALPHANUMERIC)
}
