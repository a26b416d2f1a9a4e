//! The one writer of answers.

use axum::body::Body as Bytes;
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use axum::http::{Method, StatusCode};
use axum::response::Response as Answer;
use logical::{Body, Fields, Response};
use serde::Serialize;
use serde_json::Serializer;
use std::mem;

use crate::buffer::Buffer;
use crate::envelope::{Envelope, Errors, Members};
use crate::refusal::Refusal;
use crate::spelling::AsSent;

/// Exactly this, without a charset: clients compare it.
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Most answers fit.
const CAPACITY: usize = 1024;

/// Writes what the corridor answered. The secrets in it are wiped on the way.
pub(crate) fn written(mut response: Response) -> Answer {
    let status = response.status;
    let mut answer = match &mut response.body {
        Body::Empty => announced(status, Bytes::empty(), JSON),
        Body::Data(_) => json(status, &Envelope(&response)),
        Body::Errors { errors, data } => {
            let data = data.as_ref().map(Members);
            json(status, &Errors { errors, data })
        }
        Body::Raw { media, bytes } => {
            let bytes = Buffer::from(mem::take(bytes)).into_bytes();
            announced(status, Bytes::from(bytes), HeaderValue::from_static(media))
        }
    };
    for (name, value) in &response.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            answer.headers_mut().append(name, value);
        }
    }
    answer
}

/// Writes members alone, without an envelope.
pub(crate) fn bare(status: u16, members: &Fields) -> Answer {
    json(status, &Members(members))
}

/// Writes a refusal.
pub(crate) fn refused(refusal: &Refusal) -> Answer {
    let errors = &refusal.errors;
    json(refusal.status, &Errors { errors, data: None })
}

/// Sends the client to another path, for any method, with the words of Go's library where it has some.
pub(crate) fn redirect(method: &Method, location: &str) -> Answer {
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    let mut answer = match method.as_str() {
        "GET" => {
            let text = format!("<a href=\"{}\">Temporary Redirect</a>.\n\n", escaped(location));
            announced(307, Bytes::from(text), html)
        }
        "HEAD" => announced(307, Bytes::empty(), html),
        _ => with_status(307, Bytes::empty()),
    };
    if let Ok(location) = HeaderValue::try_from(location) {
        answer.headers_mut().insert(LOCATION, location);
    }
    answer
}

/// A status and a body, and nothing else.
pub(crate) fn with_status(status: u16, body: Bytes) -> Answer {
    let mut answer = Answer::new(body);
    *answer.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    answer
}

/// A status and a body whose media type is announced; Vault announces JSON with a 204 as well.
fn announced(status: u16, body: Bytes, media: HeaderValue) -> Answer {
    let mut answer = with_status(status, body);
    answer.headers_mut().insert(CONTENT_TYPE, media);
    answer
}

fn json(status: u16, members: &impl Serialize) -> Answer {
    let mut buffer = Buffer::with_capacity(CAPACITY);
    let mut serializer = Serializer::with_formatter(&mut buffer, AsSent);
    if let Err(error) = members.serialize(&mut serializer) {
        tracing::error!(error = %error, "an answer cannot be written");
        return announced(500, Bytes::empty(), JSON);
    }
    buffer.extend(b"\n");
    announced(status, Bytes::from(buffer.into_bytes()), JSON)
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&#34;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}
