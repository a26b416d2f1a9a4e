//! How far a call came that had no answer.

use crate::clients::ClientError;
use crate::resolver::ResolveError;
use std::error::Error as StdError;
use std::io;
use std::net::IpAddr;
use std::time::Duration;
use thiserror::Error;

/// How far a call came. Names no bearer, no body and no path: the host is added by the dialer.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    /// The URL is none that can be dialled.
    #[error("the URL needs http:// or https:// and a host")]
    Url,
    /// The method is none.
    #[error("the method is no HTTP method")]
    Method,
    /// The URL names an address that is never dialled.
    #[error("{0} is a link-local or metadata address, which is never dialled")]
    Forbidden(IpAddr),
    /// The bearer or a media type cannot be sent, or the client cannot be set up.
    #[error("the request cannot be written as HTTP")]
    Request(#[source] reqwest::Error),
    /// The address may not be dialled.
    #[error("resolve: {0}")]
    Resolve(String),
    /// Nobody answered at the address.
    #[error("connect: {0}")]
    Connect(String),
    /// The server is not whom it should be, or speaks no TLS.
    #[error("TLS: {0}")]
    Tls(String),
    /// The connection broke before the answer was complete.
    #[error("the connection ended before the answer was complete")]
    Broken(#[source] reqwest::Error),
    /// The time was over.
    #[error("no answer within {}s", .0.as_secs_f64())]
    Timeout(Duration),
    /// The answer does not end.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
}

impl Failure {
    /// Finds out how far a call came.
    pub(crate) fn of(error: reqwest::Error) -> Self {
        // What the library would print holds the whole URL.
        let error = error.without_url();
        if error.is_builder() {
            return Self::Request(error);
        }
        if !error.is_connect() {
            return Self::Broken(error);
        }
        for cause in causes(&error) {
            if let Some(error) = cause.downcast_ref::<ResolveError>() {
                return Self::Resolve(error.to_string());
            }
            if let Some(error) = cause.downcast_ref::<io::Error>() {
                return Self::of_io(error);
            }
        }
        Self::Connect("the connection cannot be made".to_owned())
    }

    /// What TLS says comes wrapped, perhaps more than once, into errors of the connection.
    fn of_io(error: &io::Error) -> Self {
        let Some(inner) = error.get_ref() else {
            return Self::Connect(error.to_string());
        };
        match (
            inner.downcast_ref::<io::Error>(),
            inner.downcast_ref::<rustls::Error>(),
        ) {
            (Some(error), _) => Self::of_io(error),
            (None, Some(error)) => Self::tls(error),
            (None, None) => Self::Connect(error.to_string()),
        }
    }

    fn tls(error: &rustls::Error) -> Self {
        Self::Tls(match error {
            rustls::Error::InvalidCertificate(reason) => format!("certificate not trusted: {reason}"),
            other => other.to_string(),
        })
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Trust(error) => Self::Tls(error.to_string()),
            ClientError::Build(error) => Self::Request(error),
        }
    }
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    std::iter::successors(error.source(), |&cause| cause.source())
}
