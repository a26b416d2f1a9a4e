//! The door: every request comes in here, and every answer goes out.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, HeaderName, STRICT_TRANSPORT_SECURITY};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, Version};
use axum::response::Response;
use logical::{Fields, Operation, Remote};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use tokio::sync::Semaphore;

use crate::answer;
use crate::body::Limits;
use crate::bootstrap::{self, Asked, Open};
use crate::contract::{Bootstrap, Corridor};
use crate::cross_origin::Preflight;
use crate::form;
use crate::headers;
use crate::json::{self, Wanted};
use crate::media;
use crate::method;
use crate::query::Parameters;
use crate::refusal::Refusal;
use crate::settings::HttpSettings;
use crate::target::{self, Target};
use crate::wrap_ttl::wrap_ttl;

const STORE_NOTHING: HeaderValue = HeaderValue::from_static("no-store");
const TLS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");

/// Vault has its web interface there, and browsers have it in their bookmarks.
const INTERFACE: &str = "/ui/";

/// Makes the router of a listener. There is one route: what a path means is decided by `Target`, on its decoded form.
pub fn router(
    corridor: Arc<dyn Corridor>,
    bootstrap: Arc<dyn Bootstrap>,
    settings: HttpSettings,
) -> axum::Router {
    let limits = Limits {
        size: settings.body_max,
        time: settings.body_time,
        large: Arc::new(Semaphore::new(settings.large_bodies)),
    };
    let door = Door {
        corridor,
        bootstrap,
        settings,
        limits,
    };
    axum::Router::new().fallback(answer).with_state(Arc::new(door))
}

async fn answer(State(door): State<Arc<Door>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let answer = door.take(&parts, body).await;
    door.finish(&parts, answer.unwrap_or_else(|refusal| answer::refused(&refusal)))
}

struct Door {
    corridor: Arc<dyn Corridor>,
    bootstrap: Arc<dyn Bootstrap>,
    settings: HttpSettings,
    limits: Limits,
}

impl Door {
    /// The order of these lines decides what a request that is wrong twice is told; it is Vault's.
    async fn take(&self, parts: &Parts, body: Body) -> Result<Response, Refusal> {
        let path = parts.uri.path();
        if !has_host(parts) || !target::is_encoded_well(path) {
            // That is no HTTP at all, for Vault: its library answers without a body.
            return Ok(answer::with_status(400, Body::empty()));
        }
        let remote = self.remote(parts)?;
        let target = Target::of(path);
        if target == Target::Nowhere {
            return Err(Refusal::silent(404));
        }
        if let Some(preflight) = self.judge_origin(parts)? {
            return Ok(preflight);
        }
        let query = Parameters::of(parts.uri.query().unwrap_or_default());
        let asks_help = method::asks_help(&parts.method, &query);
        let Target::Api(below) = target else {
            if asks_help {
                return Err(Refusal::silent(404));
            }
            return Ok(answer::redirect(&parts.method, INTERFACE));
        };
        if let Some(tidy) = target::tidied(path).filter(|_| !asks_help) {
            let query = parts.uri.query().map(|query| format!("?{query}"));
            let location = tidy + &query.unwrap_or_default();
            return Ok(answer::redirect(&parts.method, &location));
        }
        self.ask(Incoming { parts, remote, query }, below, body).await
    }

    /// Answers a request to the API.
    async fn ask(&self, incoming: Incoming<'_>, below: &str, mut body: Body) -> Result<Response, Refusal> {
        let Incoming { parts, query, .. } = &incoming;
        let path = target::request_path(below);
        let open = path.as_ref().ok().and_then(|path| Open::of(path.as_str()));
        if let Some(open) = open.filter(|_| !method::asks_help(&parts.method, query)) {
            let asked = Asked {
                method: &parts.method,
                query,
                limits: &self.limits,
                keyholders: self.settings.keyholders,
            };
            body = match bootstrap::answer(open, asked, body, &*self.bootstrap).await? {
                Ok(answer) => return Ok(answer),
                Err(body) => body,
            };
        }
        let request = self.request(incoming, path, body).await?;
        Ok(answer::written(self.corridor.answer(request).await))
    }

    async fn request(
        &self,
        incoming: Incoming<'_>,
        path: Result<logical::RequestPath, Refusal>,
        body: Body,
    ) -> Result<logical::Request, Refusal> {
        let Incoming { parts, remote, query } = incoming;
        let operation = method::operation(&parts.method, &query)?;
        let content_type = headers::first(&parts.headers, CONTENT_TYPE.as_str());
        media::check(operation, &content_type)?;
        let media = media::media(&content_type);
        let data = if operation.is_write() {
            let received = self.limits.read(body).await?;
            if operation == Operation::Update && form::is_form(&media, received.as_ref()) {
                form::members(received.as_ref())?
            } else {
                json::members(received.as_ref(), Wanted::Members)?
            }
        } else {
            self.limits.skip(body).await?;
            parameters(&parts.method, operation, query)
        };
        let wrap = headers::first(&parts.headers, headers::WRAP_TTL);
        Ok(logical::Request {
            id: logical::random_uuid(&*self.settings.random),
            received: self.settings.clock.now(),
            operation,
            path: path?,
            token: headers::token(&parts.headers),
            data,
            namespace: headers::first(&parts.headers, headers::NAMESPACE).into_owned(),
            wrap_ttl: match operation {
                Operation::Help => None,
                _ => wrap_ttl(&wrap)?,
            },
            media,
            headers: headers::without_token(&parts.headers),
            remote,
        })
    }

    fn remote(&self, parts: &Parts) -> Result<Remote, Refusal> {
        // Only a test comes without a peer. An address that nobody has is bound to nothing.
        let nobody = Remote {
            address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            port: 0,
        };
        let peer = parts.extensions.get::<Remote>().copied().unwrap_or(nobody);
        match &self.settings.forwarded {
            Some(forwarded) => forwarded.remote(peer, &parts.headers),
            None => Ok(peer),
        }
    }

    fn judge_origin(&self, parts: &Parts) -> Result<Option<Response>, Refusal> {
        let Some(rules) = self.settings.cross_origin.load_full() else {
            return Ok(None);
        };
        let preflight = rules.judge(&parts.method, &parts.headers)?;
        Ok(preflight.map(|preflight| match preflight {
            Preflight::Refused => answer::with_status(405, Body::empty()),
            Preflight::Allowed => {
                let mut answer = answer::with_status(200, Body::empty());
                rules.admit(&parts.headers, answer.headers_mut());
                rules.describe(answer.headers_mut());
                answer
            }
        }))
    }

    /// Adds what every answer has.
    fn finish(&self, parts: &Parts, mut answer: Response) -> Response {
        let status = answer.status();
        let headers = answer.headers_mut();
        headers.insert(CACHE_CONTROL, STORE_NOTHING);
        headers.insert(STRICT_TRANSPORT_SECURITY, TLS_ONLY);
        let namespace = HeaderName::from_static(headers::NAMESPACE);
        if let Some(sent) = parts.headers.get(&namespace).filter(|sent| !sent.is_empty()) {
            headers.insert(namespace, sent.clone());
        }
        if parts.method != Method::OPTIONS
            && let Some(rules) = self.settings.cross_origin.load_full()
        {
            rules.admit(&parts.headers, headers);
        }
        self.settings.response_headers.apply(status, headers);
        answer
    }
}

/// A request whose path leads into the API.
struct Incoming<'a> {
    parts: &'a Parts,
    remote: Remote,
    query: Parameters,
}

/// HTTP/1.1 demands a host, whichever it is.
fn has_host(parts: &Parts) -> bool {
    parts.version != Version::HTTP_11 || parts.uri.authority().is_some() || parts.headers.contains_key(HOST)
}

/// The members of a request without a body, without those that this crate has used up.
fn parameters(method: &Method, operation: Operation, mut query: Parameters) -> Fields {
    if matches!(operation, Operation::Header | Operation::Help) {
        return Fields::new();
    }
    query.remove("help");
    // `list=false` is used by nobody, so the client is told of it.
    match operation {
        Operation::List if *method == Method::GET => query.remove("list"),
        Operation::Scan if *method == Method::GET => query.remove("scan"),
        _ => {}
    }
    query.into_fields()
}
