//! Calling out over HTTP, for plugins: asked for here, done by the one dialer.

use crate::Result;
use crate::secret::{Plaintext, SecretText};
use async_trait::async_trait;
use std::time::Duration;

/// One call to somebody else's server.
pub struct OutboundCall {
    /// The method.
    pub method: &'static str,
    /// The whole URL.
    pub url: String,
    /// Sent as `Authorization: Bearer`, if there is one.
    pub bearer: Option<SecretText>,
    /// The body and its media type.
    pub body: Option<(&'static str, Plaintext)>,
    /// Certificates that the server's must lead to, as PEM; the system's own where there are none.
    pub trust_pem: Option<String>,
    /// How long the whole call may take.
    pub timeout: Duration,
}

/// What the other server answered. The body may hold secrets.
pub struct OutboundAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The body, at most a megabyte of it.
    pub body: Plaintext,
}

/// The one dialer: limits, no redirects, pooled connections.
#[async_trait]
pub trait Outbound: Send + Sync {
    /// Makes one call. Never repeats it by itself.
    ///
    /// # Errors
    /// `Unavailable` if no answer was had: the text says which address was tried and how far it came.
    async fn call(&self, call: OutboundCall) -> Result<OutboundAnswer>;
}
