//! One client for each set of trusted certificates, so that connections are used again.

use crate::resolver::Resolver;
use crate::trust::{TrustError, client_config};
use reqwest::Client;
use reqwest::redirect::Policy;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Clusters with certificates of their own that are talked to in turns; one more makes the oldest connect anew.
const CLIENTS_MAX: usize = 32;

/// Shorter than the 90 seconds after which API servers give connections up.
const IDLE: Duration = Duration::from_secs(60);

/// The clients in use, the latest used first.
pub(crate) struct Clients {
    resolver: Resolver,
    used: Mutex<VecDeque<(Option<String>, Client)>>,
}

impl Clients {
    pub(crate) fn new(resolver: Resolver) -> Self {
        Self {
            resolver,
            used: Mutex::default(),
        }
    }

    /// The client that believes these certificates, or the system's where there are none.
    pub(crate) fn trusting(&self, trust_pem: Option<String>) -> Result<Client, ClientError> {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = used.iter().position(|(trusted, _)| *trusted == trust_pem)
            && let Some((trusted, client)) = used.remove(place)
        {
            used.push_front((trusted, client.clone()));
            return Ok(client);
        }
        let client = self.build(trust_pem.as_deref())?;
        used.push_front((trust_pem, client.clone()));
        used.truncate(CLIENTS_MAX);
        Ok(client)
    }

    fn build(&self, trust_pem: Option<&str>) -> Result<Client, ClientError> {
        let client = Client::builder()
            .tls_backend_preconfigured(client_config(trust_pem)?)
            .dns_resolver(self.resolver.clone())
            // A proxy would resolve the name itself, and dial what it likes.
            .no_proxy()
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .pool_idle_timeout(IDLE)
            .user_agent("strongroom")
            .build()?;
        Ok(client)
    }
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientError {
    /// There is nobody to believe.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The HTTP client cannot be set up.
    #[error("the HTTP client cannot be set up")]
    Build(#[from] reqwest::Error),
}
