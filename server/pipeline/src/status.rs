//! From what happened to a status: two tables, and nothing else decides.

use logical::{Body, Error, ErrorKind, Response};

/// The answer to a request that failed.
pub(crate) fn refusal(request_id: &str, error: &Error) -> Response {
    let text = error.public();
    let errors = if text.is_empty() {
        Vec::new()
    } else {
        vec![text.to_owned()]
    };
    Response::new(
        request_id,
        status(error.kind()),
        Body::Errors { errors, data: None },
    )
}

/// What an entry says of a failure, in general words: the client's text is shown hashed beside it.
pub(crate) fn recorded_text(error: &Error) -> Option<String> {
    match error.kind() {
        ErrorKind::Invalid | ErrorKind::Conflict | ErrorKind::TooLarge | ErrorKind::WrongMedia => {
            Some(one_error("invalid request"))
        }
        // "Nothing there" is an answer and no failure.
        ErrorKind::NotFound if error.public().is_empty() => None,
        ErrorKind::Internal => Some("internal error".to_owned()),
        _ => Some(error.public().to_owned()),
    }
}

/// The caller's policies do not allow it. In Vault's words, which differ from those for a token that is none.
pub(crate) fn denied_by_policy() -> Error {
    Error::new(ErrorKind::Denied, one_error("permission denied"))
}

/// A plugin's refusals of paths and operations, in Vault's words.
pub(crate) fn in_vaults_words(error: Error) -> Error {
    match error.kind() {
        ErrorKind::Unsupported => Error::new(ErrorKind::Unsupported, one_error(error.public())),
        ErrorKind::NotFound if error.public() == "unsupported path" => {
            Error::new(ErrorKind::NotFound, one_error(error.public()))
        }
        _ => error,
    }
}

/// A list of one, as Go's multierror prints it. Clients match on parts of it only.
fn one_error(text: &str) -> String {
    format!("1 error occurred:\n\t* {text}\n\n")
}

/// No wildcard: whoever adds a kind decides here.
fn status(kind: ErrorKind) -> u16 {
    match kind {
        ErrorKind::Invalid | ErrorKind::Conflict => 400,
        ErrorKind::Denied => 403,
        ErrorKind::NotFound => 404,
        ErrorKind::Unsupported => 405,
        ErrorKind::TooLarge => 413,
        ErrorKind::WrongMedia => 415,
        ErrorKind::RateLimited => 429,
        ErrorKind::Standby => 473,
        ErrorKind::Internal => 500,
        ErrorKind::Sealed | ErrorKind::Unavailable => 503,
    }
}
