//! The one writer of answers.

use axum::body::Body as Bytes;
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use axum::http::{Method, StatusCode};
use axum::response::Response as Answer;
use logical::{Body, Fields, Response};
use serde::Serialize;

use crate::buffer::Buffer;
use crate::envelope::{Envelope, Errors, Members};
use crate::refusal::Refusal;

/// Exactly this, without a charset: clients compare it.
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Most answers fit.
const CAPACITY: usize = 1024;

/// Writes what the corridor answered. The secrets in it are wiped on the way.
pub(crate) fn written(response: &Response) -> Answer {
    let mut answer = match &response.body {
        Body::Empty => json_less(response.status),
        Body::Data(_) => json(response.status, &Envelope(response)),
        Body::Errors { errors, data } => {
            let data = data.as_ref().map(Members);
            json(response.status, &Errors { errors, data })
        }
        Body::Raw { media, bytes } => {
            let mut buffer = Buffer::with_capacity(bytes.len());
            buffer.extend(bytes);
            let mut answer = with_status(response.status, Bytes::from(buffer.into_bytes()));
            answer
                .headers_mut()
                .insert(CONTENT_TYPE, HeaderValue::from_static(media));
            answer
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
    let reads = matches!(*method, Method::GET | Method::HEAD);
    let text = if *method == Method::GET {
        format!("<a href=\"{}\">Temporary Redirect</a>.\n\n", escaped(location))
    } else {
        String::new()
    };
    let mut answer = with_status(307, Bytes::from(text));
    if reads {
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        answer.headers_mut().insert(CONTENT_TYPE, html);
    }
    if let Ok(location) = HeaderValue::try_from(location) {
        answer.headers_mut().insert(LOCATION, location);
    }
    answer
}

/// A status and nothing else.
pub(crate) fn with_status(status: u16, body: Bytes) -> Answer {
    let mut answer = Answer::new(body);
    *answer.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    answer
}

/// Vault announces JSON with a 204 as well.
fn json_less(status: u16) -> Answer {
    let mut answer = with_status(status, Bytes::empty());
    answer.headers_mut().insert(CONTENT_TYPE, JSON);
    answer
}

fn json(status: u16, members: &impl Serialize) -> Answer {
    let mut buffer = Buffer::with_capacity(CAPACITY);
    if let Err(error) = serde_json::to_writer(&mut buffer, members) {
        tracing::error!(error = %error, "an answer cannot be written");
        return json_less(500);
    }
    buffer.extend(b"\n");
    let mut answer = with_status(status, Bytes::from(buffer.into_bytes()));
    answer.headers_mut().insert(CONTENT_TYPE, JSON);
    answer
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
