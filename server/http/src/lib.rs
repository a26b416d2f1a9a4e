//! Bytes to requests and replies to bytes. The only crate that names axum.
