//! One HTTP exchange through ureq, and ureq's errors in the words of Vault's client.

use std::error::Error as _;
use std::io;

use ureq::Agent;
use ureq::http::{Request as HttpRequest, Response};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{Connector, TcpConnector};
use ureq::{Body, Error as HttpError};

use crate::error::TransportError;
use crate::{Answer, Error, Prepared, Settings};

/// Answers larger than this are refused; a list of a hundred thousand keys has a few megabytes.
const LARGEST_ANSWER: u64 = 256 << 20;

pub(super) fn agent(settings: &Settings) -> Result<Agent, Error> {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(settings.timeout).filter(|timeout| !timeout.is_zero()))
        .user_agent(concat!("strongroom/", env!("CARGO_PKG_VERSION")))
        .accept("")
        .proxy(None)
        .build();
    let connector = ().chain(TcpConnector::default()).chain(settings.tls.connector()?);
    Ok(Agent::with_parts(config, connector, DefaultResolver::default()))
}

pub(super) fn exchange(agent: &Agent, request: &Prepared) -> Result<Answer, TransportError> {
    let failed = |reason: String| TransportError {
        method: request.method.title(),
        url: request.url.clone(),
        reason,
        passing: false,
    };
    let scheme = request.url.split(':').next().unwrap_or_default();
    if !matches!(scheme, "http" | "https") {
        return Err(failed(format!("unsupported protocol scheme {scheme:?}")));
    }
    let mut builder = HttpRequest::builder()
        .method(request.method.as_str())
        .uri(&request.url);
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    if let Some(token) = &request.token {
        builder = builder.header("X-Vault-Token", token.expose());
    }
    let answered = match &request.body {
        Some(body) => builder
            .body(body.as_str())
            .map_err(HttpError::from)
            .and_then(|request| agent.run(request)),
        None => builder
            .body(())
            .map_err(HttpError::from)
            .and_then(|request| agent.run(request)),
    };
    answered.and_then(read).map_err(|error| TransportError {
        passing: is_passing(&error),
        ..failed(reason(&error, &request.url))
    })
}

fn read(mut response: Response<Body>) -> Result<Answer, HttpError> {
    let location = response
        .headers()
        .get("location")
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let bytes = response
        .body_mut()
        .with_config()
        .limit(LARGEST_ANSWER)
        .read_to_vec()?;
    Ok(Answer::new(
        response.status().as_u16(),
        location,
        String::from_utf8_lossy(&bytes).into_owned(),
    ))
}

/// Whether the next attempt might get through. A certificate that is not trusted stays so.
fn is_passing(error: &HttpError) -> bool {
    match error {
        HttpError::Io(error) => tls_error(error).is_none(),
        HttpError::ConnectionFailed | HttpError::Timeout(_) => true,
        _ => false,
    }
}

fn reason(error: &HttpError, url: &str) -> String {
    let dialled = || address(url);
    match error {
        HttpError::Io(error) => match (tls_error(error), error.kind()) {
            (Some(rustls::Error::InvalidMessage(_)), _) => {
                "http: server gave HTTP response to HTTPS client".to_owned()
            }
            (Some(error), _) => format!("tls: {error}"),
            (None, io::ErrorKind::ConnectionRefused) => {
                format!("dial tcp {}: connect: connection refused", dialled())
            }
            (None, io::ErrorKind::UnexpectedEof) => "EOF".to_owned(),
            (None, _) => error.to_string(),
        },
        HttpError::HostNotFound => format!("dial tcp: lookup {}: no such host", dialled()),
        HttpError::ConnectionFailed => format!("dial tcp {}: connection failed", dialled()),
        HttpError::Timeout(_) => "context deadline exceeded".to_owned(),
        HttpError::Rustls(error) => format!("tls: {error}"),
        other => other.to_string(),
    }
}

/// What rustls had to say, wrapped into an error of reading or writing.
fn tls_error(error: &io::Error) -> Option<&rustls::Error> {
    error
        .get_ref()?
        .downcast_ref()
        .or_else(|| error.source()?.downcast_ref())
}

/// Host and port of a URL.
fn address(url: &str) -> String {
    let Ok(url) = url::Url::parse(url) else {
        return String::new();
    };
    format!(
        "{}:{}",
        url.host_str().unwrap_or_default(),
        url.port_or_known_default().unwrap_or_default()
    )
}
