//! One call, from the URL to the answer.

use crate::addresses::may_be_dialled;
use crate::clients::Clients;
use crate::failure::Failure;
use crate::resolver::Resolver;
use async_trait::async_trait;
use logical::secret::Plaintext;
use logical::{Error, Outbound, OutboundAnswer, OutboundCall, Result};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Method, Response};
use std::net::IpAddr;
use url::{Host, Url};

/// Longest answer that is read, in bytes.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// The one dialer.
pub struct Dialer {
    clients: Clients,
}

impl Dialer {
    /// A dialer that asks the system for the addresses of names.
    pub fn new() -> Self {
        Self::resolving(Resolver::system())
    }

    fn resolving(resolver: Resolver) -> Self {
        Self {
            clients: Clients::new(resolver),
        }
    }

    async fn dial(&self, url: Url, call: OutboundCall) -> Result<OutboundAnswer, Failure> {
        let method = Method::from_bytes(call.method.as_bytes()).map_err(|_| Failure::Method)?;
        let client = self.clients.trusting(call.trust_pem)?;
        let mut request = client.request(method, url).header(ACCEPT, "application/json");
        if let Some(bearer) = &call.bearer {
            request = request.bearer_auth(bearer.expose());
        }
        if let Some((media, body)) = &call.body {
            request = request.header(CONTENT_TYPE, *media).body(body.expose().to_vec());
        }
        let answer = async {
            let response = request.send().await.map_err(Failure::of)?;
            Ok(OutboundAnswer {
                status: response.status().as_u16(),
                body: read(response).await?,
            })
        };
        tokio::time::timeout(call.timeout, answer)
            .await
            .unwrap_or(Err(Failure::Timeout(call.timeout)))
    }
}

impl Default for Dialer {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Outbound for Dialer {
    async fn call(&self, call: OutboundCall) -> Result<OutboundAnswer> {
        let (url, place) = parse(&call.url).map_err(|failure| refusal("the configured URL", failure))?;
        self.dial(url, call)
            .await
            .map_err(|failure| refusal(&place, failure))
    }
}

/// The URL, and what may be said of it: a path or a query may name what is secret.
///
/// An address in the URL never meets the resolver, so it is judged here.
fn parse(text: &str) -> Result<(Url, String), Failure> {
    let url = Url::parse(text).map_err(|_| Failure::Url)?;
    let address = match url.host().ok_or(Failure::Url)? {
        Host::Ipv4(address) => Some(IpAddr::V4(address)),
        Host::Ipv6(address) => Some(IpAddr::V6(address)),
        Host::Domain(_) => None,
    };
    let port = url.port_or_known_default().ok_or(Failure::Url)?;
    let place = format!("{}:{port}", url.host_str().unwrap_or_default());
    match (url.scheme(), address) {
        ("http" | "https", Some(address)) if !may_be_dialled(address) => Err(Failure::Forbidden(address)),
        ("http" | "https", _) => Ok((url, place)),
        _ => Err(Failure::Url),
    }
}

async fn read(mut response: Response) -> Result<Plaintext, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(Failure::of)? {
        if body.len() + chunk.len() > BODY_BYTES_MAX {
            return Err(Failure::TooLarge(BODY_BYTES_MAX));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Plaintext::new(body))
}

/// The text says it all; what the HTTP library adds is for the operator.
fn refusal(place: &str, failure: Failure) -> Error {
    let error = Error::unavailable(format!("call {place}: {failure}"));
    match failure {
        Failure::Request(cause) | Failure::Broken(cause) => error.caused_by(cause),
        _ => error,
    }
}

#[cfg(test)]
mod tests;
