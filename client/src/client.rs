//! The client: settings in, requests out, answers back.

mod wire;

use std::time::Duration;

use ureq::Agent;

use crate::error::ApiError;
use crate::redirect::Redirects;
use crate::retry::Retries;
use crate::{Address, Answer, Credential, Error, Method, Prepared, Request, Tls, Token, redirect};

/// What a client is told once: where the server is, and what goes with every request.
pub struct Settings {
    /// The server's address.
    pub address: Address,
    /// The token.
    pub token: Option<Token>,
    /// The namespace, as it goes into the header.
    pub namespace: Option<String>,
    /// The time to live of wrapped answers; `None` asks for plain ones.
    pub wrap_ttl: Option<String>,
    /// Further headers.
    pub headers: Vec<(String, String)>,
    /// How long a request may take; nought is without a limit.
    pub timeout: Duration,
    /// What becomes of redirects.
    pub redirects: Redirects,
    /// How often it is repeated.
    pub retries: Retries,
    /// How TLS is spoken.
    pub tls: Tls,
}

impl Settings {
    /// Settings for an address, and nothing else: no token, sixty seconds, no repetition.
    pub fn new(address: Address) -> Self {
        Self {
            address,
            token: None,
            namespace: None,
            wrap_ttl: None,
            headers: Vec::new(),
            timeout: Duration::from_secs(60),
            redirects: Redirects::FollowOne,
            retries: Retries::none(),
            tls: Tls::default(),
        }
    }
}

/// Talks to one server.
pub struct Client {
    settings: Settings,
    agent: Agent,
}

impl Client {
    /// Makes a client; nothing is sent yet.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let agent = wire::agent(&settings)?;
        Ok(Self { settings, agent })
    }

    /// Returns the settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Returns the request as it would go out.
    pub fn prepare(&self, request: &Request) -> Prepared {
        let settings = &self.settings;
        let mut headers = settings.headers.clone();
        headers.push(("X-Vault-Request".to_owned(), "true".to_owned()));
        if request.method == Method::Patch {
            headers.push((
                "Content-Type".to_owned(),
                "application/merge-patch+json".to_owned(),
            ));
        }
        if let Some(namespace) = &settings.namespace {
            headers.push(("X-Vault-Namespace".to_owned(), namespace.clone()));
        }
        if let Some(ttl) = request.wrap_ttl(settings.wrap_ttl.as_deref()) {
            headers.push(("X-Vault-Wrap-Ttl".to_owned(), ttl));
        }
        headers.sort();
        Prepared {
            method: request.method,
            url: settings
                .address
                .url(&format!("v1/{}", request.path), &request.query),
            headers,
            token: match &request.credential {
                Credential::Client => settings.token.clone(),
                Credential::Token(token) => Some(token.clone()),
                Credential::Nobody => None,
            },
            body: request.body.clone(),
        }
    }

    /// Sends a request, follows one redirect, and repeats it as the settings say. A refusal is an error.
    pub fn send(&self, request: &Request) -> Result<Answer, Error> {
        let mut prepared = self.prepare(request);
        if prepared.token.as_ref().is_some_and(|token| !token.is_sendable()) {
            return Err(Error::UnsendableToken);
        }
        let mut answer = self.persist(&prepared)?;
        let target = match self.settings.redirects {
            Redirects::FollowOne => redirect::target(&prepared.url, &answer)?,
            Redirects::Keep => None,
        };
        if let Some(url) = target {
            prepared.url = url;
            answer = self.persist(&prepared)?;
        }
        if answer.is_success(&prepared.url) {
            return Ok(answer);
        }
        Err(Box::new(ApiError::new(&prepared, answer)).into())
    }

    /// Sends until there is an answer that will not pass, or the attempts are used up.
    fn persist(&self, request: &Prepared) -> Result<Answer, Error> {
        let retries = &self.settings.retries;
        for repetition in 0..retries.most {
            match wire::exchange(&self.agent, request) {
                Ok(answer) if Retries::is_passing(answer.status) => {}
                Ok(answer) => return Ok(answer),
                Err(error) if error.is_passing() => {}
                Err(error) => return Err(error.into()),
            }
            (retries.wait)(Retries::pause(repetition));
        }
        Ok(wire::exchange(&self.agent, request)?)
    }
}

#[cfg(test)]
mod tests;
