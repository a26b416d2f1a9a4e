//! A client of Vault's HTTP API, for the command line and the agent: small, blocking, and strict about where a token goes.
//!
//! It may never print or log a token, send one over plain HTTP after having been asked for HTTPS,
//! or follow more than one redirect. What the answers mean is the caller's business;
//! this crate only knows the envelope that most of them come in ([`Secret`]).
//!
//! Start reading at [`Client::send`].

mod address;
mod answer;
mod client;
mod error;
mod redirect;
mod request;
mod retry;
mod secret;
mod tls;
mod token;
mod version;

pub use address::Address;
pub use answer::Answer;
pub use client::{Client, Settings};
pub use error::{ApiError, Error, TransportError};
pub use redirect::Redirects;
pub use request::{Credential, Method, Prepared, Request, Wrapping};
pub use retry::Retries;
pub use secret::{Auth, Secret, WrapInfo};
pub use tls::{ClientCertificate, Tls, TlsError};
pub use token::Token;
pub use version::{NAME, VAULT_NAME, VAULT_VERSION, VERSION};
